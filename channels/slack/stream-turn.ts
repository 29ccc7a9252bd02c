import { z } from "zod";
import type { Delta } from "../../src/types/channel.ts";
import { clean, cutPlace } from "./blocks/plain.ts";
import { streamKey } from "./note-keys.ts";
import { showWorking } from "./show-status.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { codeOf } from "./slack-failure.ts";
import { isDirectId, type SlackPlace } from "./thread-ref.ts";

/** Slack ends a stream after five minutes; a new message goes on before that. */
const LIFE_MS = 270_000;
/** Words are gathered for so long: appending is tier 4, 100 calls a minute in a workspace. */
const GATHER_MS = 900;
/** A message holds 12,000 characters of markdown; the rest goes into the next. */
const MESSAGE_CHARS = 11_000;
/** Without new words for so long a stream is ended, so that nobody looks at a message that seems to be written. */
const SILENT_MS = 90_000;
const MAX_TURNS = 500;

const stamp = z.object({ ts: z.string() });
const noteSchema = z.object({ channel: z.string(), ts: z.array(z.string()) });

type Turn = {
  readonly id: string;
  readonly place: SlackPlace;
  /** Words not sent yet. */
  pending: string;
  /** Messages of this stream, in order; the last one may still be open. */
  readonly ts: string[];
  open: { readonly ts: string; readonly since: number; chars: number } | null;
  isOff: boolean;
  timer: NodeJS.Timeout | null;
  silence: NodeJS.Timeout | null;
  sending: Promise<void>;
};

export type Streams = {
  /** Shows words while they are written, in direct messages only: who may read an answer is known at its end. */
  add(delta: Delta): void;
  /** Ends the stream of a turn: timestamps of the messages whose place the whole answer takes. */
  finish(
    turn: string,
    team: string,
  ): Promise<{ readonly channel: string; readonly ts: readonly string[] } | null>;
  stop(): Promise<void>;
};

/** Native token streams (chat.startStream, appendStream, stopStream); where they fail, the whole answer is enough. */
export function createStreams(context: SlackContext): Streams {
  const turns = new Map<string, Turn>();

  const end = async (turn: Turn) => {
    const { open, place } = turn;
    turn.open = null;
    if (open === null) return;
    const call = context.call(place.team, "chat.stopStream", { channel: place.channel, ts: open.ts });
    await orNull(call).catch(() => null);
  };

  const send = async (turn: Turn): Promise<void> => {
    const { place } = turn;
    while (turn.pending !== "" && !turn.isOff) {
      const now = context.host.now().getTime();
      if (turn.open && (now - turn.open.since > LIFE_MS || turn.open.chars >= MESSAGE_CHARS)) await end(turn);
      const room = MESSAGE_CHARS - (turn.open?.chars ?? 0);
      const words = startOf(turn.pending, room);
      if (words === "") {
        await end(turn);
        continue;
      }
      const draft = asDraft(words);
      if (draft === "") {
        turn.pending = turn.pending.slice(words.length);
        continue;
      }
      const at = { channel: place.channel, markdown_text: draft };
      if (turn.open === null) {
        const started = await context.call(
          place.team,
          "chat.startStream",
          { ...at, thread_ts: place.root },
          { conversation: place.channel, maxWaitMs: 3_000 },
        );
        const { ts } = stamp.parse(started);
        turn.ts.push(ts);
        turn.open = { ts, since: now, chars: draft.length };
        const note = { channel: place.channel, ts: [...turn.ts], at: now };
        await context.host.notes.write(streamKey(turn.id), note);
      } else {
        try {
          await context.call(
            place.team,
            "chat.appendStream",
            { ...at, ts: turn.open.ts },
            { maxWaitMs: 5_000 },
          );
          turn.open.chars += draft.length;
        } catch (error) {
          if (codeOf(error) !== "message_not_in_streaming_state") throw error;
          turn.open = null;
          continue;
        }
      }
      turn.pending = turn.pending.slice(words.length);
    }
  };

  const flush = (turn: Turn) => {
    turn.timer = null;
    turn.sending = turn.sending
      .then(() => send(turn))
      .catch(() => {
        turn.isOff = true;
      });
  };

  const begin = (delta: Delta, place: SlackPlace): Turn => {
    const turn: Turn = {
      ...{ id: delta.turn, place, pending: "", ts: [], open: null, isOff: false },
      ...{ timer: null, silence: null, sending: Promise.resolve() },
    };
    if (turns.size >= MAX_TURNS) turns.delete(turns.keys().next().value ?? "");
    turns.set(delta.turn, turn);
    return turn;
  };

  return {
    add(delta) {
      const place = context.sessions.find(delta.session);
      if (place === null) return;
      if (delta.step !== null) showWorking(context, place, delta.step);
      if (!isDirectId(place.channel) || delta.text === "") return;
      const turn = turns.get(delta.turn) ?? begin(delta, place);
      if (turn.isOff) return;
      turn.pending += delta.text;
      turn.timer ??= setTimeout(() => flush(turn), GATHER_MS);
      if (turn.silence) clearTimeout(turn.silence);
      turn.silence = setTimeout(() => {
        turn.sending = turn.sending.then(() => end(turn));
      }, SILENT_MS);
      turn.silence.unref();
    },
    async finish(id, team) {
      const turn = turns.get(id);
      turns.delete(id);
      if (turn) {
        if (turn.timer) clearTimeout(turn.timer);
        if (turn.silence) clearTimeout(turn.silence);
        turn.pending = "";
        await turn.sending;
        await end(turn);
      }
      const read = noteSchema.safeParse(await context.host.notes.read(streamKey(id)));
      if (!read.success) return null;
      if (!turn) {
        // Begun by a process that is gone, or by another replica: it may still be open.
        for (const ts of read.data.ts.slice(-1)) {
          await orNull(context.call(team, "chat.stopStream", { channel: read.data.channel, ts }));
        }
      }
      return read.data;
    },
    async stop() {
      const all = [...turns.values()];
      turns.clear();
      for (const turn of all) {
        if (turn.timer) clearTimeout(turn.timer);
        if (turn.silence) clearTimeout(turn.silence);
        turn.isOff = true;
      }
      await Promise.allSettled(all.map((turn) => turn.sending.then(() => end(turn))));
    },
  };
}

/** As many words as fit into `room` as a draft, cut between characters; empty when not even one does. */
function startOf(words: string, room: number): string {
  const start = words.slice(0, cutPlace(words, room));
  // A draft is at most twice as long as its words.
  return asDraft(start).length <= room ? start : words.slice(0, cutPlace(words, Math.floor(room / 2)));
}

/**
 * The words of a draft, which the whole answer replaces: no mention, no link under other words, no picture can come
 * of them, wherever the pieces are cut; nothing in them steers the display.
 */
export function asDraft(words: string): string {
  return clean(words).replaceAll("<", "‹").replaceAll("]", "]\u200b");
}
