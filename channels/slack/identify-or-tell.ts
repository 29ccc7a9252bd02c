import type { Principal } from "../../src/types/principal.ts";
import { ACTION_IDS } from "./blocks/action-ids.ts";
import type { SlackMessage } from "./blocks/slack-message.ts";
import { toldKey } from "./note-keys.ts";
import type { SlackContext } from "./slack-context.ts";
import { type Ear, sentence, tell } from "./tell.ts";

/**
 * Who this is here. Whoever is nobody of the directory gets a calm answer, for themselves and at most once a day,
 * unless they asked outright (`isAsked`), and null comes back.
 */
export async function identifyOrTell(
  context: SlackContext,
  ear: Ear,
  options: { readonly isAsked?: boolean } = {},
): Promise<Principal | null> {
  const { host } = context;
  const who = await context.people.identify(ear.team, ear.user);
  if (who.kind === "known") return who.principal;
  const user = await context.people.user(ear.team, ear.user);
  if (user === null || user.isBot || user.isGone) return null;
  const told = toldKey(ear.team, ear.user, host.now());
  const isFirst = await host.notes.writeOnce(told, { kind: who.kind, at: host.now().getTime() });
  if (!isFirst && !options.isAsked) return null;
  const message = withLink(sentence(who.message), who.kind === "unmapped" ? who.linkUrl : null);
  context.later("tell somebody who is not in the directory", () => tell(context, ear, message));
  return null;
}

function withLink(message: SlackMessage, url: string | null): SlackMessage {
  if (url === null || !/^https?:\/\//.test(url)) return message;
  const text = { type: "plain_text" as const, text: "Sign in to link your account" };
  const button = { type: "button" as const, action_id: ACTION_IDS.openLink, text, url };
  return { ...message, blocks: [...message.blocks, { type: "actions", elements: [button] }] };
}
