import type { Db } from "../store/db.ts";
import { dropOutbox, failOutbox, type OutboxRow, takeOutbox } from "../store/outbox/outbox.ts";
import type { Channel } from "../types/channel.ts";
import type { ThreadItem } from "../types/thread-item.ts";

/** Tries before a message is laid aside for an operator: about two hours with the backoff below. */
const MAX_ATTEMPTS = 12;
/** A taken row whose sender died is due again after this. */
const RETRY_MS = 60_000;
const MAX_BACKOFF_MS = 3_600_000;

export type OutboxSender = { wake(): void; stop(): Promise<void> };

/**
 * Sends what the outbox holds, in order within a thread, side by side between threads. Each item is made from the log
 * when it is sent. A platform that is down delays its own threads only; one that asks to wait (`retryAfterMs` on the
 * error) is waited for. Stops when told; a send that is under way is finished first.
 */
export function startOutboxSender(
  db: Db,
  channels: readonly Channel[],
  options: {
    readonly pollMs: number;
    /** The item at this place of the log as it is now; null when there is nothing to show any more. */
    readonly itemAt: (row: OutboxRow) => Promise<ThreadItem | null>;
    readonly onError: (error: unknown) => void;
  },
): OutboxSender {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  let running: Promise<void> | null = null;
  let isStopped = false;

  const send = async (row: OutboxRow): Promise<void> => {
    try {
      const { channel, ...place } = row.thread;
      const item = channel === "fan-out" ? null : await options.itemAt(row);
      if (item && channel !== "fan-out") {
        await byName.get(channel)?.post({ id: `out_${row.id}`, thread: { channel, ...place }, item });
      }
      await dropOutbox(db, row.id);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const isLast = row.attempts >= MAX_ATTEMPTS;
      await failOutbox(db, row.id, text, isLast ? null : new Date(Date.now() + waitMs(error, row.attempts)));
    }
  };
  const drain = async (): Promise<void> => {
    while (!isStopped) {
      const rows = await takeOutbox(db, [...byName.keys()], RETRY_MS);
      if (rows.length === 0) return;
      await Promise.all(rows.map(send));
    }
  };
  const wake = () => {
    running ??= drain()
      .catch(options.onError)
      .finally(() => {
        running = null;
      });
  };
  const polling = setInterval(wake, options.pollMs);
  wake();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      clearInterval(polling);
      await running;
    },
  };
}

/** Doubling from two seconds with a quarter of jitter, unless the platform named a time. */
function waitMs(error: unknown, attempts: number): number {
  const named = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs;
  if (typeof named === "number" && named >= 0) return named;
  return Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** attempts) * (0.75 + Math.random() / 2);
}
