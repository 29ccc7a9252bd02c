import type { Card, CardItem } from "../../../src/types/card.ts";
import { costOfBlocks } from "./block-cost.ts";
import { note } from "./block-parts.ts";
import type { CardOptions } from "./card-blocks.ts";
import { itemButtons } from "./card-buttons.ts";
import { factsOf, ROOMS, type Room } from "./card-facts.ts";
import { approverLines, isForViewer, isOver, isPast, nameFor, statusWords } from "./card-words.ts";
import { packPieces } from "./pack-pieces.ts";
import { clean, cut, oneLine } from "./plain.ts";
import { readMarkdown } from "./read-markdown.ts";
import { date, leaves, richText, section, value, words } from "./rich-text.ts";
import type { Leaf, SlackBlock } from "./slack-message.ts";

export type ItemView = {
  readonly card: Card;
  readonly viewer: string;
  readonly options: CardOptions;
  /** Whether the line already stands above as the message's header, whole. */
  readonly hasHeader: boolean;
};

/** Blocks of one action, and whether all that would be approved is on them. */
export type ItemBlocks = { readonly blocks: SlackBlock[]; readonly isWhole: boolean };

/** As much of an action as `cost` has room for; null when not even the least fits. */
export function itemBlocks(item: CardItem, view: ItemView, cost: number): ItemBlocks | null {
  for (const room of ROOMS) {
    const made = inRoom(item, view, room);
    if (costOfBlocks(made.blocks) <= cost) return made;
  }
  return null;
}

function inRoom(item: CardItem, view: ItemView, room: Room): ItemBlocks {
  const { card, viewer, options } = view;
  const { now } = options;
  const isWaiting = item.status === "awaiting";
  const facts = isWaiting || item.status === "forbidden" ? factsOf(item, room) : { lines: [], isCut: false };
  const line = clean(item.line).replace(/\s+/g, " ").trim();
  const lineIsCut = line.length > room.valueText && !view.hasHeader;
  const isWhole = !facts.isCut && !lineIsCut;
  const said: (readonly Leaf[])[] = [
    ...(view.hasHeader ? [] : [leaves(value(cut(line, room.valueText) || "An action", { bold: true }))]),
    ...headLines(item, view, room),
    ...facts.lines,
    ...reasonLines(item, room),
    ...(isWaiting ? [] : voteLines(item, view, room)),
  ];
  const blocks: SlackBlock[] = [richText([section(joinLines(said))])];
  if (!isWaiting) blocks.push(...outcomeBlocks(item, room));
  const notes: string[] = [];
  if (isWaiting && !isPast(item, now) && item.undoText !== "") notes.push(cut(oneLine(item.undoText), 300));
  if (isForViewer(item, now) && !isWhole)
    notes.push("Not all of it fits here. Read the whole before you approve.");
  if (
    isWaiting &&
    !isPast(item, now) &&
    !item.mayDecide &&
    item.mayNotBecause &&
    card.requester.id !== viewer
  ) {
    notes.push(cut(oneLine(item.mayNotBecause), 500));
  }
  if (notes.length > 0) blocks.push(note(...notes));
  const buttons = itemButtons(item, view, isWhole);
  if (buttons) blocks.push(buttons);
  return { blocks, isWhole };
}

/** State, who asked, amount, risk, who decides and until when. */
function headLines(item: CardItem, { card, viewer, options }: ItemView, room: Room): readonly Leaf[][] {
  const { now, reader } = options;
  const isWaiting = item.status === "awaiting";
  const small = Math.max(100, Math.min(room.valueText, 300));
  const row = (label: string, ...rest: readonly (Leaf | null)[]) =>
    leaves(words(`${label}: `, { bold: true }), ...rest);
  const lines = [leaves(words(statusWords(item, now), { bold: isForViewer(item, now) || !isWaiting }))];
  lines.push(
    row(isOver(item.status) ? "Asked by" : "Who asks", value(cut(nameFor(card.requester, viewer), 120))),
  );
  // An amount that is the very value that changes stands there, with where it was before.
  const isChange = isWaiting && item.changes.some(({ after }) => after === item.amountText);
  if (item.amountText && !isChange) lines.push(row("Amount", value(cut(oneLine(item.amountText), 120))));
  if (!isWaiting) return lines;
  if (item.risk === "high") lines.push(row("Risk", words("high")));
  for (const approvers of approverLines(item, viewer).slice(0, 5)) {
    lines.push(row("Approvals", value(cut(approvers, small))));
  }
  if (item.expiresAt !== null)
    lines.push(row(isPast(item, now) ? "Ended" : "Until", date(new Date(item.expiresAt), reader)));
  return lines;
}

/** Why it asks or is not allowed. A reason that already stands beside its value is not said twice. */
function reasonLines(item: CardItem, room: Room): readonly Leaf[][] {
  if (item.status !== "awaiting" && item.status !== "forbidden") return [];
  const reasons = item.reasons.filter((reason) => !item.arguments.some(({ origin }) => origin === reason));
  const said = oneLine(reasons.join(" "));
  const lines: Leaf[][] = [];
  if (said !== "") {
    const label = item.status === "forbidden" ? "Why not: " : "Why it asks: ";
    lines.push(
      leaves(words(label, { bold: true }), value(cut(said, Math.max(150, Math.min(room.valueText, 1_000))))),
    );
  }
  if (item.status === "forbidden" && item.rules.length > 0) {
    lines.push(leaves(words(cut(`Rule ${oneLine(item.rules.join(", "))}`, 200), { italic: true })));
  }
  return lines;
}

function voteLines(item: CardItem, { viewer, options }: ItemView, room: Room): readonly Leaf[][] {
  const lines = item.decidedBy.slice(-5).map((vote) => {
    const verb = vote.verdict === "approve" ? "Approved by" : "Refused by";
    const reason = oneLine(vote.reason ?? "");
    return leaves(
      words(`${verb} ${cut(nameFor(vote, viewer), 120)}, `),
      date(new Date(vote.at), options.reader),
      reason === "" ? null : words(": "),
      reason === ""
        ? null
        : value(cut(reason, Math.max(100, Math.min(room.valueText, 500))), { italic: true }),
    );
  });
  if (item.undoUntil !== null && item.status === "succeeded" && new Date(item.undoUntil) > options.now) {
    lines.push(leaves(words("Can be undone until "), date(new Date(item.undoUntil), options.reader)));
  }
  return lines;
}

/** What happened, once it is over. Written by tools: read as markdown, shown as rich text. */
function outcomeBlocks(item: CardItem, room: Room): readonly SlackBlock[] {
  const outcome = clean(item.outcome ?? "").trim();
  if (outcome === "") return [];
  const [first] = packPieces(readMarkdown(cut(outcome, Math.min(room.valueText, 3_000))));
  if (!first || first.plain.trim() === "") return [];
  // A message may hold one table only, and a card can have several outcomes.
  const isPlain = first.blocks.every(({ type }) => type === "rich_text");
  return isPlain ? first.blocks : [richText([section(leaves(value(cut(first.plain, room.valueText))))])];
}

function joinLines(lines: readonly (readonly Leaf[])[]): Leaf[] {
  return lines
    .filter((line) => line.length > 0)
    .flatMap((line, i) => leaves(i === 0 ? null : words("\n"), ...line));
}
