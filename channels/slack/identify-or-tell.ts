import type { Identified } from "../../src/types/channel-host.ts";
import type { Principal } from "../../src/types/principal.ts";
import { ACTION_IDS } from "./blocks/action-ids.ts";
import type { SlackMessage } from "./blocks/slack-message.ts";
import { toldKey } from "./note-keys.ts";
import type { SlackContext } from "./slack-context.ts";
import { type Ear, sentence, tell } from "./tell.ts";
import { isDirectId } from "./thread-ref.ts";

/**
 * Who this is here. Whoever is nobody of the directory gets a calm answer, for themselves and at most once a day,
 * unless they asked outright (`isAsked`), and null comes back. In their direct message what they `said` may be the
 * number that ties their account to them; that is answered always.
 */
export async function identifyOrTell(
  context: SlackContext,
  ear: Ear,
  options: { readonly isAsked?: boolean; readonly said?: string } = {},
): Promise<Principal | null> {
  const { host } = context;
  const who = await context.people.identify(ear.team, ear.user);
  if (who.kind === "known") return who.principal;
  const user = await context.people.user(ear.team, ear.user);
  if (user === null || user.isBot || user.isGone) return null;
  if (who.kind === "unmapped" && options.said !== undefined && isDirectId(ear.channel)) {
    const linked = await context.people.confirmLink(ear.team, ear.user, options.said);
    if (linked !== null) {
      const message = linked.kind === "known" ? sentence(welcome(linked.principal)) : answerTo(linked);
      context.later("answer the number of a link", () => tell(context, ear, message));
      return null;
    }
  }
  const told = toldKey(ear.team, ear.user, host.now());
  const isFirst = await host.notes.writeOnce(told, { kind: who.kind, at: host.now().getTime() });
  if (!isFirst && !options.isAsked) return null;
  const answer =
    who.kind === "unmapped" ? await context.people.identify(ear.team, ear.user, { link: true }) : who;
  // Known since a moment ago.
  if (answer.kind === "known") return answer.principal;
  const message = answerTo(answer);
  context.later("tell somebody who is not in the directory", () => tell(context, ear, message));
  return null;
}

const answerTo = (who: Exclude<Identified, { readonly kind: "known" }>): SlackMessage =>
  withLink(sentence(who.message), who.kind === "unmapped" ? who.linkUrl : null);

const welcome = ({ name, id }: Principal): string =>
  `Your account is linked: here you are ${literal(name)} (${literal(id)}). Ask me anything, or write “help”.`;

/** Nothing of a name is markdown. */
const literal = (text: string): string => text.replace(/[\\`*_{}[\]()#+!|<>~-]/g, "\\$&");

function withLink(message: SlackMessage, url: string | null): SlackMessage {
  if (url === null || !/^https?:\/\//.test(url)) return message;
  const text = { type: "plain_text" as const, text: "Sign in to link your account" };
  const button = { type: "button" as const, action_id: ACTION_IDS.openLink, text, url };
  return { ...message, blocks: [...message.blocks, { type: "actions", elements: [button] }] };
}
