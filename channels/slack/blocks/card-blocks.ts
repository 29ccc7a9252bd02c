import type { Card } from "../../../src/types/card.ts";
import { ACTION_IDS } from "./action-ids.ts";
import { button, header, note } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import { fallback } from "./message-blocks.ts";
import type { LinkTo, Reader, SlackBlock, SlackMessage } from "./slack-message.ts";

export type CardOptions = {
  readonly idFor: IdFor;
  readonly reader: Reader;
  readonly linkTo: LinkTo;
  readonly now: Date;
};

/** The plan card of a turn as one viewer sees it. `viewer` is the id of a principal. */
export function cardBlocks(card: Card, viewer: string, options: CardOptions): SlackMessage {
  void viewer;
  const blocks: SlackBlock[] = [];
  for (const item of card.items.slice(0, 10)) {
    blocks.push(header(item.line), note(item.status));
    if (item.status === "awaiting" && item.mayDecide && item.approval !== null) {
      const about = {
        card: card.id,
        action: item.action,
        approval: item.approval,
        digest: item.digest ?? null,
      };
      blocks.push({
        type: "actions",
        elements: [
          button(ACTION_IDS.approve, "Approve", options.idFor({ kind: "approve", ...about }), {
            style: "primary",
          }),
          button(ACTION_IDS.edit, "Edit", options.idFor({ kind: "edit", ...about })),
          button(ACTION_IDS.refuse, "Refuse", options.idFor({ kind: "refuse", ...about }), {
            style: "danger",
          }),
        ],
      });
    }
  }
  return { text: fallback(card.items[0]?.line ?? ""), blocks };
}
