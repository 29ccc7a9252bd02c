import { z } from "zod";
import type { Delta } from "../../src/types/channel.ts";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { foreignLine } from "./cards/foreign-text.ts";
import { readMarkdown } from "./cards/teams-markdown.ts";
import { streamKey } from "./note-keys.ts";
import type { ConversationRef, OutActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";

/** Teams takes one update a second of a stream. */
const EVERY_MS = 1_100;
/** Teams ends a stream after two minutes; the answer then comes as a message of its own. */
const LONGEST_MS = 110_000;
/** More is shown when the answer is complete: it is then split. */
const MAX_STREAMED = 8_000;
const MAX_SESSIONS = 2_000;
const MAX_CITATIONS = 20;

const openNote = z.object({
  turn: z.string(),
  id: z.string(),
  startedAt: z.number(),
  /** Its end was sent once, and perhaps taken, though nobody heard so. */
  isEnding: z.boolean().optional(),
});

type OpenStream = {
  readonly turn: string;
  readonly id: string;
  readonly startedAt: number;
  readonly isEnding?: boolean | undefined;
};

type Stream = {
  readonly turn: string;
  text: string;
  step: string | null;
  shownText: string;
  shownStep: string | null;
  id: string | null;
  sequence: number;
  readonly startedAt: number;
  lastAt: number;
  isDead: boolean;
  timer: NodeJS.Timeout | null;
  sending: Promise<void>;
};

/** Words as they are written, in personal chats: the only place where Teams shows them. */
export type Streams = {
  /** The session speaks at this place; only then are its words shown there. */
  begin(session: string, at: { readonly ref: ConversationRef; readonly thread: ThreadRef }): void;
  add(delta: Delta): void;
  /** Ends the stream of a turn with its message; null when there is none to end, and it is to be sent as usual. */
  finish(
    at: { readonly ref: ConversationRef; readonly thread: ThreadRef },
    turn: string | null,
    message: OutActivity,
  ): Promise<string | null>;
  /** The turn is over without a message: what is still open is closed with these words, or with what it showed. */
  close(
    at: { readonly ref: ConversationRef; readonly thread: ThreadRef },
    turn: string,
    words: string,
  ): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  readonly now: () => Date;
  /** Which stream is open where: another process, or this one after a crash, can then end it. */
  readonly notes: Pick<ChannelHost["notes"], "read" | "write" | "remove">;
  /** The person pressed Stop in Teams. */
  readonly onStopped: (thread: ThreadRef) => void;
};

export function createStreams(
  transport: Pick<ActivityTransport, "send" | "update">,
  { now, notes, onStopped }: Options,
): Streams {
  const places = new Map<string, { readonly ref: ConversationRef; readonly thread: ThreadRef }>();
  const streams = new Map<string, Stream>();
  const sessionOf = new Map<string, string>();

  const send = async (session: string, stream: Stream): Promise<void> => {
    const place = places.get(session);
    if (!place || stream.isDead) return;
    const text = stable(stream.text);
    // Teams takes only what begins as what it has.
    const isText = text.length > stream.shownText.length && text.startsWith(stream.shownText);
    const isStep = stream.shownText === "" && stream.step !== null && stream.step !== stream.shownStep;
    if (!isText && !isStep) return;
    stream.sequence++;
    stream.lastAt = now().getTime();
    const activity = streamed(
      isText ? text : foreignLine(stream.step ?? "", 200),
      isText ? "streaming" : "informative",
      stream.id,
      stream.sequence,
    );
    if (isText) stream.shownText = text;
    else stream.shownStep = stream.step;
    try {
      const { id } = await transport.send(place.ref, activity);
      if (stream.id !== null) return;
      stream.id = id;
      const { turn, startedAt } = stream;
      await notes.write(streamKey(place.thread.thread), { turn, id, startedAt, at: startedAt });
    } catch (error) {
      stream.isDead = true;
      const isForbidden = error instanceof TeamsSendError && error.teamsStatus === 403 && stream.id !== null;
      if (!isForbidden || now().getTime() - stream.startedAt > LONGEST_MS) return;
      // Refused because it is over elsewhere, or because the person pressed Stop: then its note is still there.
      const open = openNote.safeParse(await notes.read(streamKey(place.thread.thread)).catch(() => null));
      if (open.success && open.data.id === stream.id) onStopped(place.thread);
    }
  };

  const schedule = (session: string, stream: Stream): void => {
    if (stream.timer !== null || stream.isDead) return;
    if (now().getTime() - stream.startedAt > LONGEST_MS) {
      stream.isDead = true;
      return;
    }
    const wait = Math.max(0, stream.lastAt + EVERY_MS - now().getTime());
    stream.timer = setTimeout(() => {
      stream.timer = null;
      stream.sending = stream.sending.then(() => send(session, stream));
    }, wait);
    stream.timer.unref();
  };

  const end = async (session: string): Promise<Stream | undefined> => {
    const stream = streams.get(session);
    streams.delete(session);
    if (stream?.timer) clearTimeout(stream.timer);
    await stream?.sending;
    return stream;
  };

  /** The open stream of a turn, of this process or of another. */
  const openAt = async (thread: ThreadRef, turn: string) => {
    const session = sessionOf.get(thread.thread);
    if (session !== undefined && streams.get(session)?.turn === turn) {
      const stream = await end(session);
      if (stream && !stream.isDead && stream.id !== null)
        return { ...stream, id: stream.id, isEnding: false };
    }
    const note = openNote.safeParse(await notes.read(streamKey(thread.thread)));
    return note.success && note.data.turn === turn ? { ...note.data, shownText: "" } : null;
  };

  /**
   * A last part whose answer was lost may stand there already: Teams then refuses another one. So that an end was begun
   * is noted before it is sent, and after that a refused end becomes a change of what stands there, not a second answer.
   */
  const finish = async (
    { ref, thread }: { readonly ref: ConversationRef; readonly thread: ThreadRef },
    stream: OpenStream,
    message: OutActivity,
  ): Promise<string | null> => {
    const key = streamKey(thread.thread);
    const { turn, id, startedAt, isEnding = false } = stream;
    const isLate = now().getTime() - startedAt > LONGEST_MS;
    let shown: string | null = null;
    try {
      if (!isLate) {
        await notes.write(key, { turn, id, startedAt, isEnding: true, at: now().getTime() });
        const info = { type: "streaminfo", streamId: id, streamType: "final" };
        const last = { ...message, entities: [...(message.entities ?? []), info] };
        shown = (await transport.send(ref, last, { isOnce: true })).id || id;
      } else if (isEnding) shown = await changed(ref, id, message);
    } catch (error) {
      // Too late, stopped, or other words than before: it goes as a message of its own.
      if (!isRefused(error)) throw error;
      if (isEnding) shown = await changed(ref, id, message);
    }
    await notes.remove(key);
    return shown;
  };

  const changed = async (ref: ConversationRef, id: string, message: OutActivity): Promise<string | null> => {
    try {
      await transport.update(ref, id, message);
      return id;
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  };

  return {
    begin(session, at) {
      places.delete(session);
      places.set(session, at);
      sessionOf.set(at.thread.thread, session);
      const oldest = places.size > MAX_SESSIONS ? places.keys().next().value : undefined;
      if (oldest === undefined) return;
      const gone = places.get(oldest);
      places.delete(oldest);
      if (gone && sessionOf.get(gone.thread.thread) === oldest) sessionOf.delete(gone.thread.thread);
    },

    add(delta) {
      if (!places.has(delta.session)) return;
      let stream = streams.get(delta.session);
      if (stream === undefined || stream.turn !== delta.turn) {
        if (stream?.timer) clearTimeout(stream.timer);
        stream = {
          turn: delta.turn,
          text: "",
          step: null,
          shownText: "",
          shownStep: null,
          id: null,
          sequence: 0,
          startedAt: now().getTime(),
          lastAt: 0,
          isDead: false,
          timer: null,
          sending: Promise.resolve(),
        };
        streams.set(delta.session, stream);
      }
      if (stream.text.length < MAX_STREAMED) stream.text += delta.text;
      stream.step = delta.step ?? stream.step;
      schedule(delta.session, stream);
    },

    async finish(at, turn, message) {
      const stream = turn === null ? null : await openAt(at.thread, turn);
      return stream === null ? null : await finish(at, stream, message);
    },

    async close(at, turn, words) {
      const stream = await openAt(at.thread, turn);
      if (stream === null) return;
      const text = stream.shownText === "" ? words : stream.shownText;
      await finish(at, stream, { type: "message", text, textFormat: "markdown" }).catch(() => null);
    },

    async stop() {
      await Promise.all([...streams.keys()].map(end));
    },
  };
}

const isRefused = (error: unknown): boolean =>
  error instanceof TeamsSendError &&
  (error.isPermanent || error.teamsStatus === 400 || error.teamsStatus === 403);

function streamed(
  text: string,
  streamType: "informative" | "streaming",
  streamId: string | null,
  streamSequence: number,
): OutActivity {
  const info = { type: "streaminfo", streamType, streamSequence, ...(streamId === null ? {} : { streamId }) };
  return { type: "typing", text, textFormat: "markdown", entities: [info] };
}

/**
 * The part of a half-written answer that its rest cannot change any more, because Teams takes longer texts only:
 * whole lines, and of the last one what stands before any mark; nothing from a table on.
 */
export function stable(whole: string): string {
  // From a bar on it may become a table, and with it the words before it on its line.
  const bar = whole.indexOf("|");
  const text = bar === -1 ? whole : whole.slice(0, bar);
  const border = text.lastIndexOf("\n") + 1;
  const last = text.slice(border);
  const mark = last.search(/[\\`*_~[\]<>&!#{]|https?:?|^\s*[-+=\d]/);
  const before = mark === -1 ? last : last.slice(0, mark);
  const words = before.slice(0, before.lastIndexOf(" ") + 1);
  const lines = [];
  let isCode = false;
  for (const line of readMarkdown(text.slice(0, border) + words, MAX_CITATIONS)) {
    if (line.kind === "table") break;
    if ((line.kind === "code") !== isCode) {
      lines.push("```");
      isCode = !isCode;
    }
    lines.push(line.text);
  }
  return lines.join("\n").trim();
}
