import type { Identified } from "../../src/types/channel-host.ts";
import type { Principal } from "../../src/types/principal.ts";
import { cardAttachment } from "./cards/elements.ts";
import { plainMessage } from "./cards/message-activity.ts";
import { linkCard } from "./cards/notice-cards.ts";
import { literalLine } from "./cards/teams-markdown.ts";
import type { OutActivity } from "./transport/activity.ts";

export type Stranger = Exclude<Identified, { readonly kind: "known" }>;

/** Why Steward does not work for somebody, with the way to sign in where there is one: for their eyes alone. */
export function strangerMessage(who: Stranger): OutActivity {
  return {
    type: "message",
    attachments: [cardAttachment(linkCard(who.message, who.kind === "unmapped" ? who.linkUrl : null))],
    summary: "About your account",
  };
}

/** The account is tied to its person since just now. */
export function linkedMessage({ name, id }: Principal): OutActivity {
  const who = literalLine(`${name} (${id})`);
  return plainMessage(`Your account is linked: here you are ${who}. Ask me anything, or write “help”.`);
}
