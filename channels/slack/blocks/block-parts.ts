import { LIMITS } from "./block-cost.ts";
import type { IdFor } from "./button-intent.ts";
import { clean, cut, isolate, oneLine } from "./plain.ts";
import type { Button, Confirm, ContextBlock, PlainText, SlackBlock } from "./slack-message.ts";

/** Text that Slack shows as it stands: no markup, no mention, no `:emoji:`. Never empty, which Slack refuses. */
export function plainText(text: string, max: number): PlainText {
  const shown = clean(text);
  return { type: "plain_text", text: shown.trim() === "" ? "\u2013" : cut(shown, max), emoji: false };
}

export const header = (text: string): SlackBlock => ({
  type: "header",
  text: plainText(oneLine(text), LIMITS.headerText),
});

/** Small grey lines of plain text. */
export const note = (...lines: readonly string[]): ContextBlock => ({
  type: "context",
  elements: lines.slice(0, LIMITS.contextElements).map((line) => plainText(isolate(clean(line)), 1_500)),
});

export const paragraph = (text: string): SlackBlock => ({
  type: "section",
  text: plainText(text, LIMITS.sectionText),
});

type ButtonOptions = {
  readonly style?: "primary" | "danger";
  readonly confirm?: Confirm;
  /** What a screen reader says, when the words on the button need their surroundings. */
  readonly spoken?: string;
};

/** A button whose value is the opaque id of what it means. */
export function button(
  actionId: string,
  words: string,
  value: ReturnType<IdFor>,
  options: ButtonOptions = {},
): Button {
  return {
    type: "button",
    action_id: actionId,
    text: plainText(words, LIMITS.buttonText),
    value,
    ...(options.style ? { style: options.style } : {}),
    ...(options.confirm ? { confirm: options.confirm } : {}),
    ...(options.spoken ? { accessibility_label: cut(oneLine(options.spoken), LIMITS.buttonText) } : {}),
  };
}

/** A second question before something that matters. */
export const confirmation = (title: string, text: string, yes: string): Confirm => ({
  title: plainText(oneLine(title), 100),
  text: plainText(text, LIMITS.confirmText),
  confirm: plainText(yes, 30),
  deny: plainText("Back", 30),
});
