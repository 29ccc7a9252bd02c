import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { SendQueue } from "./send-queue.ts";

/** For how long calls may go out on one mark: as often, at most, it is written. */
const AHEAD_MS = 15_000;
const KEY = "sending";
const note = z.object({ until: z.number() });

/** Keeps in mind, through the death of a process, until when calls went to Slack. */
export type SendingMark = {
  /** Tells the queue, once, of what went out before this process began. */
  learn(): Promise<void>;
  /** To be waited for before a call goes out; almost always at once. */
  renew(): Promise<void>;
};

/**
 * A queue that begins knows nothing of the calls of the process before it, and Slack counts them on. So the time until
 * which calls may go out is written down ahead of them, and whoever begins counts every limit as used up to then. When
 * the note cannot be read, that is now; when it cannot be written, Slack's own `Retry-After` has to do.
 */
export function createSendingMark(
  notes: Pick<ChannelHost["notes"], "read" | "write">,
  queue: Pick<SendQueue, "begin">,
  clock: () => number = Date.now,
): SendingMark {
  let learning: Promise<void> | null = null;
  let writing: Promise<void> | null = null;
  let until = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<void> => {
    const found = await notes.read(KEY).catch(() => ({ until: clock() }));
    const read = note.safeParse(found);
    if (read.success) queue.begin(Math.min(read.data.until, clock()));
  };
  const write = async (): Promise<void> => {
    const to = clock() + AHEAD_MS;
    await notes.write(KEY, { until: to }).catch(() => undefined);
    until = to;
  };

  return {
    learn() {
      learning ??= read();
      return learning;
    },
    async renew() {
      const now = clock();
      if (now < until - AHEAD_MS / 3) return;
      writing ??= write().finally(() => {
        writing = null;
      });
      if (now >= until) await writing;
    },
  };
}
