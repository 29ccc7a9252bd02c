import { StewardError } from "../../src/types/steward-error.ts";
import { helpMessage } from "./blocks/notices.ts";
import type { Heard, MessageNews } from "./heard-message.ts";
import { identifyOrTell } from "./identify-or-tell.ts";
import { helpKey } from "./note-keys.ts";
import { createPace } from "./pace.ts";
import { mentionedUsers, mentions, toPlainText } from "./plain-text.ts";
import { showWorking } from "./show-status.ts";
import type { SlackContext } from "./slack-context.ts";
import { stopTurn } from "./stop-turn.ts";
import { keepWithFiles } from "./take-files.ts";
import { type Ear, problemOf, sentence, tell } from "./tell.ts";
import { messageId, type SlackPlace, toThreadRef } from "./thread-ref.ts";

/** More than any person types; a loop of bots is far above it. */
const PER_PERSON_A_MINUTE = 30;
const PER_THREAD_A_MINUTE = 60;
const HELP = /^\/?(?:help|hilfe|\?)[.!?]?$/i;
const STOP = /^(?:stop|cancel that)[.!]?$/i;

export type TakeMessage = (news: MessageNews) => Promise<void>;

/** Resolves when what was said is kept, or is nothing to keep; throws when Slack should send it again. */
export function createTakeMessage(context: SlackContext): TakeMessage {
  const perPerson = createPace(PER_PERSON_A_MINUTE, 60_000);
  const perThread = createPace(PER_THREAD_A_MINUTE, 60_000);

  const isTooFast = (heard: Heard, ear: Ear): boolean => {
    const now = context.host.now().getTime();
    const person = perPerson.take(`${heard.team}/${heard.user}`, now);
    const thread = perThread.take(`${heard.team}/${heard.channel}/${heard.root}`, now);
    if (person.isAllowed && thread.isAllowed) return false;
    if (person.isFirstRefusal || (person.isAllowed && thread.isFirstRefusal)) {
      const words = sentence(
        "That was a little fast. I did not read your last message; send it again in a minute.",
      );
      context.later("say that it was too fast", () => tell(context, ear, words));
    }
    return true;
  };

  return async (news) => {
    if (news.kind === "nothing") return;
    if (news.kind === "deleted") return await takeBack(context, news);
    const { heard } = news;
    const workspace = await context.installations.workspace(heard.team);
    if (workspace === null || heard.user === workspace.botUser) return;
    const self = workspace.botUser;
    if (!heard.isDirect && !mentions(heard.text, self)) return;
    const isNewHere = news.kind === "changed" && !heard.isDirect && !mentions(news.before ?? "", self);
    if (news.kind === "changed" && !isNewHere && news.before === heard.text) return;
    const ear = earOf(heard);
    if (isTooFast(heard, ear)) return;
    const text = await plainTextOf(context, heard.team, heard.text, self);
    const principal = await identifyOrTell(context, ear, {
      isAsked: HELP.test(text),
      ...(news.kind === "said" && heard.isDirect ? { said: text } : {}),
    });
    if (principal === null) return;
    if (news.kind === "changed" && !isNewHere) return await amend(context, heard, principal.id, text);
    await take(context, heard, principal.id, text);
  };
}

const earOf = ({ team, channel, user, root }: Heard): Ear => ({ team, channel, user, root });

/** The place of the session that this message belongs to. */
export function placeOf(heard: Pick<Heard, "team" | "channel" | "root" | "user" | "isDirect">): SlackPlace {
  const { team, channel, root, user } = heard;
  return { team, channel, root, user: heard.isDirect ? null : user };
}

async function take(context: SlackContext, heard: Heard, as: string, text: string): Promise<void> {
  const { host } = context;
  const id = messageId(heard.team, heard.channel, heard.ts);
  const place = placeOf(heard);
  if (heard.files.length > 0) return await keepWithFiles(context, heard, text);
  if (text === "" || HELP.test(text)) {
    if (!(await host.notes.writeOnce(helpKey(id), { at: host.now().getTime() }))) return;
    const message = helpMessage({
      suggestions: await host.suggestions(as),
      linkTo: host.linkTo,
      command: "/steward",
    });
    context.later("show help", () => tell(context, earOf(heard), message));
    return;
  }
  if (STOP.test(text)) return await stopTurn(context, earOf(heard), as, toThreadRef(place));
  try {
    const thread = toThreadRef(place);
    const { session } = await host.receive({
      dedupe: id,
      message: id,
      thread,
      session: null,
      principal: as,
      text,
      files: [],
    });
    context.sessions.note(session, place);
    showWorking(context, place);
  } catch (error) {
    if (!(error instanceof StewardError) || error.status >= 500) throw error;
    context.later("say what is wrong with a message", () => tell(context, earOf(heard), problemOf(error)));
  }
}

async function amend(context: SlackContext, heard: Heard, as: string, text: string): Promise<void> {
  const became = await context.host.amend(as, messageId(heard.team, heard.channel, heard.ts), text);
  if (became !== "late") return;
  const words =
    "I had begun before you changed this message, so I go by what it said first. Send it anew if you need.";
  context.later("say that a change came late", () => tell(context, earOf(heard), sentence(words)));
}

async function takeBack(
  context: SlackContext,
  news: Extract<MessageNews, { readonly kind: "deleted" }>,
): Promise<void> {
  const { team, channel, ts, user } = news;
  const workspace = await context.installations.workspace(team);
  if (workspace === null || user === null || user === workspace.botUser) return;
  const who = await context.people.identify(team, user);
  if (who.kind !== "known") return;
  await context.host.notes.remove(`inbox:${messageId(team, channel, ts)}`);
  await context.host.withdraw(who.principal.id, messageId(team, channel, ts));
}

/**
 * What the person wrote, which counts as their own words. A mention stands for the address that Slack has confirmed,
 * never for a name: everybody chooses their own, and with it would put words into the mouth of whoever mentions them.
 */
export async function plainTextOf(
  context: SlackContext,
  team: string,
  text: string,
  self: string,
): Promise<string> {
  const names = new Map<string, string>();
  for (const id of mentionedUsers(text, self)) {
    const user = await context.people.user(team, id);
    if (user?.email) names.set(id, user.email);
  }
  return toPlainText(text, { person: (id) => names.get(id) ?? null, channel: () => null, self });
}
