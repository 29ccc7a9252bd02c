import { z } from "zod";
import type { Delta } from "../../src/types/channel.ts";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { plainMessage } from "./cards/message-activity.ts";
import { workingKey } from "./note-keys.ts";
import type { SendQueue } from "./send-queue.ts";
import type { ConversationRef, OutActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";

/** Most answers are there sooner; a line that is replaced at once would only flicker. */
const PATIENCE_MS = 5_000;
/** Teams shows that somebody types for a few seconds. */
const AGAIN_MS = 4_000;
const MAX_SESSIONS = 2_000;
const WORDS = "I am on it. The answer will stand here.";

const noteSchema = z.object({ since: z.number(), id: z.string().nullable() });
type At = { readonly ref: ConversationRef; readonly thread: ThreadRef };

/**
 * That Steward is working, as each place can show it: chats show that it types; channels do not, so there a line says
 * so when the answer takes long, and the answer takes its place. What it works on is said nowhere.
 */
export type Working = {
  /** Before a message is kept, so that its answer cannot come first. */
  expect(at: At): Promise<void>;
  /** The message is kept. */
  begin(session: string, at: At): void;
  /** Something is going on in a session. */
  stir(delta: Delta): void;
  /** Shows the answer in the place of the line that stands there; null when there is none, and it is to be sent. */
  take(at: At, answer: OutActivity): Promise<string | null>;
  /** The answer stands there, and it is written down where: in these messages. */
  settle(at: At, answer: readonly string[]): Promise<void>;
  stop(): void;
};

export function createWorking(
  host: Pick<ChannelHost, "notes" | "now" | "log">,
  transport: Pick<ActivityTransport, "send" | "update" | "remove">,
  queue: SendQueue,
): Working {
  const chats = new Map<string, ConversationRef>();
  const typedAt = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  const now = () => host.now().getTime();
  const isChannel = ({ ref }: At) => ref.conversation.conversationType === "channel";

  const read = async (thread: ThreadRef) => {
    const note = noteSchema.safeParse(await host.notes.read(workingKey(thread.thread)));
    return note.success ? note.data : null;
  };
  const keep = <T>(map: Map<string, T>, key: string, value: T): void => {
    map.delete(key);
    map.set(key, value);
    const oldest = map.size > MAX_SESSIONS ? map.keys().next().value : undefined;
    if (oldest !== undefined) map.delete(oldest);
  };
  /** Seldom enough that it holds up no answer: it counts against the same limits. */
  const type = (ref: ConversationRef): void => {
    if (now() - (typedAt.get(ref.conversation.id) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    keep(typedAt, ref.conversation.id, now());
    void transport.send(ref, { type: "typing" }, { isOnce: true }).catch(() => undefined);
  };

  const say = async ({ ref, thread }: At, since: number): Promise<void> => {
    // The answer may have come by another process; that one has taken the note away.
    if ((await read(thread))?.since !== since) return;
    const { id } = await transport.send(ref, plainMessage(WORDS));
    if ((await read(thread)) === null) return await transport.remove(ref, id);
    await host.notes.write(workingKey(thread.thread), { since, id, at: now() });
  };

  return {
    async expect(at) {
      if (!isChannel(at)) return;
      const before = await read(at.thread);
      if (before !== null && before.id !== null) return;
      await host.notes.write(workingKey(at.thread.thread), { since: now(), id: null, at: now() });
    },

    begin(session, at) {
      if (!isChannel(at)) {
        keep(chats, session, at.ref);
        type(at.ref);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        const work = async () => {
          const note = await read(at.thread);
          if (note?.id === null) await say(at, note.since);
        };
        queue.run(at.ref.conversation.id, work).catch((error: unknown) => {
          host.log("info", "teams: could not say that it takes longer", { error: String(error) });
        });
      }, PATIENCE_MS);
      timer.unref();
      timers.add(timer);
    },

    stir({ session }) {
      const chat = chats.get(session);
      if (chat !== undefined) type(chat);
    },

    async take(at, answer) {
      if (!isChannel(at)) return null;
      const note = await read(at.thread);
      if (note === null || note.id === null) return null;
      try {
        await transport.update(at.ref, note.id, answer);
        return note.id;
      } catch (error) {
        // Somebody deleted the line: the answer is a message of its own.
        if (error instanceof TeamsSendError && error.isPermanent) return null;
        throw error;
      }
    },

    async settle(at, answer) {
      if (!isChannel(at)) return;
      const note = await read(at.thread);
      if (note === null) return;
      await host.notes.remove(workingKey(at.thread.thread));
      // Said by another process in the moment in which the answer came.
      if (note.id !== null && !answer.includes(note.id)) await transport.remove(at.ref, note.id);
    },

    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
