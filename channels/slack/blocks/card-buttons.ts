import type { CardItem } from "../../../src/types/card.ts";
import { ACTION_IDS } from "./action-ids.ts";
import { button, confirmation, plainText } from "./block-parts.ts";
import type { ItemView } from "./card-item.ts";
import { isForViewer, isOver } from "./card-words.ts";
import { cut, oneLine } from "./plain.ts";
import { safeUrl } from "./safe-url.ts";
import type { ActionsBlock, Button } from "./slack-message.ts";

/** What a viewer can do about an action now; null when nothing. */
export function itemButtons(item: CardItem, view: ItemView, isWhole: boolean): ActionsBlock | null {
  const elements = isForViewer(item, view.options.now)
    ? decisionButtons(item, view, isWhole)
    : isOver(item.status)
      ? afterButtons(item, view)
      : [];
  return elements.length === 0 ? null : { type: "actions", elements };
}

function decisionButtons(item: CardItem, view: ItemView, isWhole: boolean): Button[] {
  const { card, options } = view;
  if (item.approval === null) return [];
  const { action, approval, digest = null } = item;
  const about = { card: card.id, action, approval, digest };
  const page = isWhole ? null : conversationLink(view);
  return [
    button(ACTION_IDS.approve, "Approve", options.idFor({ kind: "approve", ...about }), {
      style: "primary",
      spoken: `Approve: ${item.line}`,
      ...(item.risk === "high" || !isWhole ? { confirm: confirmOf(item, isWhole) } : {}),
    }),
    ...(item.editable.length === 0
      ? []
      : [
          button(ACTION_IDS.edit, "Edit", options.idFor({ kind: "edit", ...about }), {
            spoken: `Change before approving: ${item.line}`,
          }),
        ]),
    button(ACTION_IDS.refuse, "Refuse", options.idFor({ kind: "refuse", ...about }), {
      style: "danger",
      spoken: `Refuse: ${item.line}`,
    }),
    whyButton(item, view),
    ...(page === null ? [] : [page]),
  ];
}

/** The second question names the amount; where not all was shown it says so. */
function confirmOf(item: CardItem, isWhole: boolean) {
  const amount = oneLine(item.amountText ?? "");
  const what = amount === "" ? cut(oneLine(item.line), 150) : cut(amount, 100);
  const rest = isWhole ? "" : " Not all of it was shown in Slack.";
  return confirmation(
    "Are you sure?",
    `Approve ${what}? ${cut(oneLine(item.undoText), 80)}${rest}`,
    "Yes, approve",
  );
}

function afterButtons(item: CardItem, view: ItemView): Button[] {
  const { card, viewer, options } = view;
  const about = { card: card.id, action: item.action };
  const buttons: Button[] = [];
  if (item.status === "succeeded" && item.undoUntil !== null && new Date(item.undoUntil) > options.now) {
    buttons.push(
      button(ACTION_IDS.undo, "Undo", options.idFor({ kind: "undo", ...about }), {
        spoken: `Undo: ${item.line}`,
      }),
    );
  }
  if (item.status === "unknown" && card.requester.id === viewer) {
    const resolve = (choice: "check" | "retry" | "give-up") =>
      options.idFor({ kind: "resolve", choice, ...about });
    buttons.push(
      button(ACTION_IDS.check, "Check", resolve("check"), { style: "primary" }),
      button(ACTION_IDS.retry, "Retry with the same key", resolve("retry")),
      button(ACTION_IDS.giveUp, "Give up", resolve("give-up"), { style: "danger" }),
    );
  }
  buttons.push(whyButton(item, view));
  return buttons;
}

const whyButton = (item: CardItem, { card, options }: ItemView): Button =>
  button(ACTION_IDS.why, "Why?", options.idFor({ kind: "why", card: card.id, action: item.action }), {
    spoken: `Why: ${item.line}`,
  });

/** A button to the conversation on the web; null when there is no address that people can reach. */
export function conversationLink({ card, options }: Pick<ItemView, "card" | "options">): Button | null {
  const address = options.linkTo({ session: card.session, turn: card.id });
  const url = address === null ? null : safeUrl(address);
  return url === null
    ? null
    : { type: "button", action_id: ACTION_IDS.openLink, text: plainText("Open on the web", 75), url };
}
