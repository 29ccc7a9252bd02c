import { costOf, costOfBlocks, LIMITS } from "./block-cost.ts";
import type { Piece } from "./read-markdown.ts";
import { plainOf, richText, section, words } from "./rich-text.ts";
import type { Leaf, RichTextList, RichTextPart, SlackBlock } from "./slack-message.ts";
import { splitPiece } from "./split-piece.ts";
import { tableBlocks } from "./table-blocks.ts";

/** Blocks of one message and what they say in plain words. */
export type Packed = { readonly blocks: SlackBlock[]; readonly plain: string };

/** Kept free for what stands under an answer: sources, a note, the feedback buttons. */
const MAX_BLOCKS = LIMITS.messageBlocks - 10;
const COST_OF_PIECE = 170;
/** Slack numbers lists itself from an offset; what counts further is written out. */
const MAX_OFFSET = 9_999;

type Part = Exclude<Piece, { kind: "table" | "rule" }>;
/** Slack takes where an ordered list goes on; its own types do not tell. */
type OffsetList = RichTextList & { offset?: number };

/** Pieces in as few messages as hold them; a piece is only split when no message could hold it whole. */
export function packPieces(pieces: readonly Piece[]): readonly Packed[] {
  const messages: Packed[] = [];
  let blocks: SlackBlock[] = [];
  let parts: Part[] = [];
  let plain: string[] = [];
  let cost = 0;
  let hasTable = false;

  const closeText = () => {
    if (parts.length > 0) blocks.push(richText(toRichText(parts)));
    parts = [];
  };
  const closeMessage = () => {
    closeText();
    if (blocks.length > 0) messages.push({ blocks, plain: plain.join("\n") });
    blocks = [];
    plain = [];
    cost = 0;
    hasTable = false;
  };
  const addPart = (part: Part) => {
    let rest: Part | null = part;
    while (rest !== null) {
      const more = costOfPart(rest);
      if (blocks.length >= MAX_BLOCKS && parts.length === 0) closeMessage();
      if (cost + more <= LIMITS.messageCost) {
        parts.push(rest);
        plain.push(plainOfPart(rest));
        cost += more;
        return;
      }
      if (cost > 0) {
        closeMessage();
        continue;
      }
      const halves = splitPiece(rest, LIMITS.messageCost - COST_OF_PIECE - 100);
      if (!isEmpty(halves.head as Part)) {
        parts.push(halves.head as Part);
        plain.push(plainOfPart(halves.head as Part));
      }
      closeMessage();
      rest = isEmpty(halves.rest as Part) ? null : (halves.rest as Part);
    }
  };
  const addBlock = (block: SlackBlock, said: string) => {
    const more = costOfBlocks([block]);
    const isSecondTable = block.type === "table" && hasTable;
    if (isSecondTable || cost + more > LIMITS.messageCost || blocks.length + 2 > MAX_BLOCKS) closeMessage();
    closeText();
    blocks.push(block);
    plain.push(said);
    cost += more;
    hasTable ||= block.type === "table";
  };

  for (const piece of pieces) {
    if (piece.kind === "rule") {
      if (cost > 0) addBlock({ type: "divider" }, "");
    } else if (piece.kind === "table") {
      for (const each of tableBlocks(piece)) {
        if ("type" in each) addBlock(each, plainOfTable(each));
        else addPart(each as Part);
      }
    } else addPart(piece);
  }
  closeMessage();
  return messages;
}

const costOfPart = (part: Part): number =>
  COST_OF_PIECE + (part.kind === "code" ? costOf(part.text) : costOf(part.leaves));

const isEmpty = (part: Part): boolean => (part.kind === "code" ? part.text === "" : part.leaves.length === 0);

function plainOfPart(part: Part): string {
  if (part.kind === "code") return part.text;
  const said = plainOf(part.leaves);
  if (part.kind !== "item") return said;
  return part.number === null ? `- ${said}` : `${part.number}. ${said}`;
}

function plainOfTable(table: Extract<SlackBlock, { type: "table" }>): string {
  const cell = (each: (typeof table.rows)[number][number]): string =>
    each.type === "rich_text"
      ? each.elements.map((part) => plainOf(part.elements as Leaf[])).join("")
      : each.text.trim();
  return table.rows.map((row) => row.map(cell).join(" | ")).join("\n");
}

function toRichText(parts: readonly Part[]): RichTextPart[] {
  const out: RichTextPart[] = [];
  let before: Part["kind"] | null = null;
  for (const part of parts) {
    if (part.kind === "code") {
      out.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: part.text || " " }] });
    } else if (part.kind === "quote") {
      out.push({ type: "rich_text_quote", elements: [...part.leaves] });
    } else if (part.kind === "item") addItem(out, part, before === "item");
    else {
      // Sections stand close together: a blank line sets a paragraph off, but not from its heading.
      const gap = before === null || before === "heading" ? null : words("\n");
      out.push(section(gap ? [gap, ...part.leaves] : part.leaves));
    }
    before = part.kind;
  }
  return out;
}

function addItem(out: RichTextPart[], item: Extract<Part, { kind: "item" }>, goesOn: boolean): void {
  const isFar = item.number !== null && item.number > MAX_OFFSET;
  const style = item.number === null || isFar ? "bullet" : "ordered";
  const mark = isFar ? words(`${item.number}. `) : null;
  const inside = item.leaves.length > 0 ? item.leaves : [{ type: "text", text: " " } as const];
  const entry = { type: "rich_text_section" as const, elements: mark ? [mark, ...inside] : [...inside] };
  const last = out.at(-1);
  if (
    goesOn &&
    last?.type === "rich_text_list" &&
    last.style === style &&
    (last.indent ?? 0) === item.indent
  ) {
    last.elements.push(entry);
    return;
  }
  const list: OffsetList = { type: "rich_text_list", style, indent: item.indent, elements: [entry] };
  if (style === "ordered" && item.number !== null && item.number > 1) list.offset = item.number - 1;
  out.push(list);
}
