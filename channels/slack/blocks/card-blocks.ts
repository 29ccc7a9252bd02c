import type { Card, CardItem } from "../../../src/types/card.ts";
import { ACTION_IDS } from "./action-ids.ts";
import { costOfBlocks, LIMITS } from "./block-cost.ts";
import { button, confirmation, header, note } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import { conversationLink } from "./card-buttons.ts";
import { itemBlocks } from "./card-item.ts";
import { cardSentence, isForViewer, nameFor } from "./card-words.ts";
import { fallback } from "./message-blocks.ts";
import { cut, oneLine } from "./plain.ts";
import type { LinkTo, Reader, SlackBlock, SlackMessage } from "./slack-message.ts";

export type CardOptions = {
  readonly idFor: IdFor;
  readonly reader: Reader;
  readonly linkTo: LinkTo;
  readonly now: Date;
};

/** For the line about what did not fit, and the buttons for all. */
const RESERVE = 1_500;
const MAX_BLOCKS = LIMITS.messageBlocks - 4;

/**
 * The plan card of a turn as one viewer sees it: buttons for what the viewer may decide, else the state and whom to
 * ask; after the decision who, when and what happened. `viewer` is the id of a principal.
 */
export function cardBlocks(card: Card, viewer: string, options: CardOptions): SlackMessage {
  const { now, reader } = options;
  const text = fallback(cut(cardSentence(card, viewer, reader, now), 1_000));
  const mine = card.items.filter((item) => isForViewer(item, now));
  // What waits for the viewer comes first; what does not fit is then the least urgent.
  const items = [...mine, ...card.items.filter((item) => !mine.includes(item))];
  const [only] = items;
  const isOne = items.length === 1;
  const title = isOne ? (only?.line ?? "") : titleOf(card, viewer, mine.length);
  const blocks: SlackBlock[] = [header(title || "Nothing to decide")];
  const hasHeader = isOne && oneLine(title).length <= LIMITS.headerText && oneLine(title) !== "";
  const whole: CardItem[] = [];
  let shown = 0;
  for (const item of items) {
    const left = LIMITS.messageCost - RESERVE - costOfBlocks(blocks);
    // Of several, one long item must not push the others out.
    const most = isOne
      ? left
      : Math.min(left, Math.max(3_000, (LIMITS.messageCost - RESERVE) / items.length));
    const made = itemBlocks(item, { card, viewer, options, hasHeader }, most);
    const divider: SlackBlock[] = shown > 0 ? [{ type: "divider" }] : [];
    if (!made || blocks.length + divider.length + made.blocks.length > MAX_BLOCKS) break;
    blocks.push(...divider, ...made.blocks);
    if (made.isWhole && mine.includes(item)) whole.push(item);
    shown++;
  }
  blocks.push(...tail(card, items.slice(shown), whole, options));
  return { text, blocks };
}

function titleOf(card: Card, viewer: string, mine: number): string {
  const name = nameFor(card.requester, viewer);
  const all = `${card.items.length} actions for ${name}`;
  if (mine === 0) return all;
  return mine === card.items.length ? `${all}, all waiting for you` : `${all}, ${mine} waiting for you`;
}

function tail(
  card: Card,
  hidden: readonly CardItem[],
  whole: readonly CardItem[],
  options: CardOptions,
): readonly SlackBlock[] {
  const blocks: SlackBlock[] = [];
  const link = conversationLink({ card, options });
  if (hidden.length > 0) {
    const rest = hidden.length === 1 ? "and one more" : `and ${hidden.length} more`;
    const how = link
      ? "open the conversation on the web to see the rest."
      : "the rest follows here when these are decided.";
    blocks.push(note(`${rest}: ${how}`));
  }
  const elements = [
    ...(whole.length > 1 ? [approveAll(card, whole, options)] : []),
    ...(hidden.length > 0 && link ? [link] : []),
  ];
  if (elements.length > 0) blocks.push({ type: "divider" }, { type: "actions", elements });
  return blocks;
}

/** One click for all that is shown whole, each by the digest that was seen; what was not shown is not in it. */
function approveAll(card: Card, items: readonly CardItem[], options: CardOptions) {
  const approvals = items.flatMap(({ approval, digest = null }) =>
    approval === null ? [] : [{ approval, digest }],
  );
  const amounts = items.flatMap(({ amountText }) => oneLine(amountText ?? "") || []);
  const named = amounts.length > 0 ? ` Amounts: ${amounts.join(", ")}.` : "";
  const asks = confirmation(
    "Are you sure?",
    `Approve these ${items.length} actions?${cut(named, 240)}`,
    "Yes, approve all",
  );
  return button(
    ACTION_IDS.approveAll,
    `Approve all ${items.length}`,
    options.idFor({ kind: "approve-all", card: card.id, approvals }),
    { style: "primary", confirm: asks },
  );
}
