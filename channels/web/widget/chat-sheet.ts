import { css } from "steward:chat.css";

let sheet: CSSStyleSheet | undefined;
let text = css;

/** The chat's style sheet, made once for all chats of a page. */
export function chatSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  return sheet;
}

/** Adds the rules of a part that came later, for all chats of the page. */
export function addRules(more: string): void {
  text += more;
  sheet?.replaceSync(text);
}
