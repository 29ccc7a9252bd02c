import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { digestOf } from "../digest-of.ts";
import { cardAttachment } from "./cards/elements.ts";
import { plainMessage } from "./cards/message-activity.ts";
import { helpCard } from "./cards/notice-cards.ts";
import { literalLine } from "./cards/teams-markdown.ts";
import type { Conversations } from "./conversations.ts";
import { hasHiddenFile, readFiles } from "./inbound-files.ts";
import type { LoopGuard } from "./loop-guard.ts";
import { isAddressed, messageText } from "./message-text.ts";
import { seenKey, sentKey, toldKey } from "./note-keys.ts";
import type { People } from "./people.ts";
import { threadAt } from "./places.ts";
import type { Streams } from "./streams.ts";
import { linkedMessage, type Stranger, strangerMessage } from "./tell-stranger.ts";
import type { InActivity, OutActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import type { Working } from "./working.ts";

export type ReceiveDeps = {
  readonly host: ChannelHost;
  readonly transport: ActivityTransport;
  readonly conversations: Conversations;
  readonly people: People;
  readonly streams: Streams;
  readonly working: Working;
  readonly guard: LoopGuard;
};

export type Receive = {
  message(activity: InActivity): Promise<void>;
  edited(activity: InActivity): Promise<void>;
  deleted(activity: InActivity): Promise<void>;
  reacted(activity: InActivity): Promise<void>;
};

const GOOD = new Set(["like", "heart", "yes", "1f44d_thumbsup"]);
const BAD = new Set(["sad", "angry", "no", "1f44e_thumbsdown"]);

const LOOP_WORDS = {
  start: "I get the same words again and again, so I do not answer them for five minutes.",
  fast: "That was a little fast. I did not read your last message; send it again in a minute.",
} as const;

/** What a person wrote. Each resolves when it is kept, and throws when it is not, so that Teams sends again. */
export function createReceive(deps: ReceiveDeps): Receive {
  const { host, transport, people, streams, working, guard } = deps;
  const running = new Map<string, Promise<void>>();

  const reply = async ({ ref }: InActivity, activity: OutActivity): Promise<void> => {
    await transport.send(ref, activity).catch((error: unknown) => {
      host.log("warn", "teams: a short reply was not taken", { error: String(error) });
    });
  };

  const take = async (activity: InActivity, principal: Principal): Promise<void> => {
    const text = messageText(activity);
    const thread = threadOf(activity);
    const at = { ref: activity.ref, thread };
    const isPersonal = activity.conversation.kind === "personal";
    if (/^(?:help|\/help|\?)$/i.test(text)) {
      const suggestions = await host.suggestions(principal.id);
      return await reply(activity, {
        type: "message",
        attachments: [cardAttachment(helpCard(suggestions, isPersonal))],
        summary: "What I can do",
      });
    }
    if (/^(?:stop|\/stop)[.!]?$/i.test(text)) {
      const isStopped = await host.stop(principal.id, thread);
      const words = isStopped ? "Stopped. What was already done stays." : "Nothing is running here.";
      const inPlace = isStopped ? await working.take(at, plainMessage(words)) : null;
      if (inPlace === null) await reply(activity, plainMessage(words));
      if (isStopped) await working.settle(at, inPlace === null ? [] : [inPlace]);
      return;
    }
    const loop = guard.check(thread.thread, text);
    if (loop !== "no") {
      if (loop !== "on") await reply(activity, plainMessage(LOOP_WORDS[loop]));
      return;
    }

    const dedupe = dedupeOf(activity);
    const hasFiles = activity.attachments.some(({ contentType }) => !contentType.startsWith("text/"));
    // Files are fetched before the message can be kept: a second arrival must not store them twice.
    if (hasFiles && (await host.notes.read(seenKey(dedupe))) !== null) return;
    const { files, problems } = hasFiles
      ? await readFiles(host, transport, activity, principal.id)
      : { files: [], problems: [] };
    const said = [
      ...problems,
      ...(!isPersonal && hasHiddenFile(activity)
        ? ["Teams gives me files only in our personal chat: send it to me there."]
        : []),
    ];
    if (text !== "" || files.length > 0) {
      await working.expect(at);
      const message = {
        dedupe,
        message: dedupe,
        thread,
        session: null,
        principal: principal.id,
        text,
        files,
      };
      const kept = await host.receive(message).catch((error: unknown) => {
        // What can never be kept is told once; anything else is thrown, so that Teams sends it again.
        if (!(error instanceof StewardError) || error.status >= 500) throw error;
        return error;
      });
      if (kept instanceof StewardError) {
        await working.settle(at, []);
        await reply(activity, plainMessage(literalLine(`${kept.message} (${kept.code})`)));
        return;
      }
      const { session } = kept;
      if (isPersonal) streams.begin(session, at);
      working.begin(session, at);
    } else if (said.length === 0 && !isPersonal) {
      said.push("Ask me something, or write “help” behind my name.");
    }
    if (hasFiles) await host.notes.write(seenKey(dedupe), { at: host.now().toISOString() });
    if (said.length > 0) await reply(activity, plainMessage(said.map(literalLine).join("\n\n")));
  };

  const refuse = async (activity: InActivity, who: Stranger): Promise<void> => {
    const { conversation, from } = activity;
    const isPersonal = conversation.kind === "personal";
    const isNew = await host.notes.writeOnce(
      toldKey(
        who.kind,
        [conversation.tenant ?? "", from.aadObjectId ?? from.id, conversation.id],
        host.now(),
      ),
      { at: host.now().toISOString() },
    );
    // A way to sign in is worth repeating to whoever asks again; a refusal is not.
    if (!isNew && !(isPersonal && who.kind === "unmapped" && who.linkUrl !== null)) return;
    await reply(activity, isPersonal ? strangerMessage(who) : plainMessage(literalLine(who.message)));
  };

  /** Answers somebody who is nobody here yet, or who says the number that makes them somebody. */
  const meet = async (activity: InActivity): Promise<Principal | null> => {
    const said = await people.confirmLink(activity, messageText(activity));
    if (said !== null) {
      await reply(activity, said.kind === "known" ? linkedMessage(said.principal) : strangerMessage(said));
      return null;
    }
    const who = await people.identify(activity, { link: true });
    if (who.kind === "known") return who.principal;
    await refuse(activity, who);
    return null;
  };

  /** The person behind an activity, when Steward may work for them; else they are told. */
  const known = async (activity: InActivity, isQuiet = false): Promise<Principal | null> => {
    const who = await people.identify(activity);
    if (who.kind === "known") return who.principal;
    if (isQuiet) return null;
    // The link and its number are for one person: neither stands where others read.
    if (who.kind === "unmapped" && activity.conversation.kind === "personal") return await meet(activity);
    await refuse(activity, who);
    return null;
  };

  const once = async (activity: InActivity, work: () => Promise<void>): Promise<void> => {
    // Two arrivals at the same time wait for the same work; each is answered by how it ends.
    const key = `${activity.type} ${dedupeOf(activity)}`;
    const started = running.get(key);
    if (started) return await started;
    const mine = work().finally(() => running.delete(key));
    running.set(key, mine);
    await mine;
  };

  const receive: Receive = {
    async message(activity) {
      if (isByProgram(activity) || !isAddressed(activity)) return;
      await once(activity, async () => {
        const principal = await known(activity);
        if (principal !== null) await take(activity, principal);
      });
    },

    async edited(activity) {
      if (isByProgram(activity) || !isAddressed(activity)) return;
      const principal = await known(activity, true);
      if (principal === null) return;
      const text = messageText(activity);
      if (activity.eventType === "undeleteMessage") {
        return await reply(
          activity,
          plainMessage("You had taken this message back. Send it again if I should answer it."),
        );
      }
      if (text === "") return;
      const result = await host.amend(principal.id, dedupeOf(activity), text);
      // The mention may have come with the edit: then it is a new message.
      if (result === "unknown") await receive.message(activity);
      if (result === "late")
        await reply(
          activity,
          plainMessage("I had begun with your earlier words. Send the new ones as a message of their own."),
        );
    },

    async deleted(activity) {
      if (isByProgram(activity)) return;
      const principal = await known(activity, true);
      if (principal === null) return;
      const result = await host.withdraw(principal.id, dedupeOf(activity));
      if (result === "stopped" && activity.conversation.kind === "personal")
        await reply(activity, plainMessage("Stopped. What was already done stays."));
    },

    async reacted(activity) {
      if (isByProgram(activity) || activity.replyToId === null) return;
      const note = await host.notes.read(sentKey(activity.conversation.id, activity.replyToId));
      if (typeof note?.item !== "string") return;
      const principal = await known(activity, true);
      if (principal === null) return;
      const added = activity.reactionsAdded.map(({ type }) => type);
      const removed = activity.reactionsRemoved.map(({ type }) => type);
      const verdict = added.some((type) => GOOD.has(type))
        ? "up"
        : added.some((type) => BAD.has(type))
          ? "down"
          : null;
      const isTakenBack = removed.some((type) => GOOD.has(type) || BAD.has(type));
      if (verdict === null && !isTakenBack) return;
      await host.feedback(principal.id, note.item, verdict, null);
    },
  };
  return receive;
}

/** Its own messages and those of other programs. */
const isByProgram = ({ from, recipient }: InActivity): boolean =>
  from.id === recipient.id || from.id.startsWith("28:");

export function threadOf({ conversation, from }: InActivity) {
  return threadAt({
    tenant: conversation.tenant ?? "",
    conversation: conversation.id,
    person: conversation.kind === "personal" ? null : (from.aadObjectId ?? from.id),
  });
}

/** What the person did, not the event that tells of it: several events may tell of one message. */
function dedupeOf({ conversation, id, sentAt, text }: InActivity): string {
  return `teams:${digestOf(conversation.id, id === "" ? `${sentAt} ${text}` : id)}`;
}
