import type { Db } from "../store/db.ts";
import { dropOutbox, failOutbox, takeOutbox } from "../store/outbox/outbox.ts";
import type { Channel } from "../types/channel.ts";

/** Tries before a message is laid aside for an operator: about six hours with the backoff below. */
const MAX_ATTEMPTS = 12;
/** A taken row whose sender died is due again after this. */
const RETRY_MS = 60_000;
const MAX_BACKOFF_MS = 3_600_000;

/**
 * Sends what the outbox holds, in order within a thread. Channels that replay from the log by sequence (the web)
 * have no rows here. Stops when told; a send that is under way is finished first.
 */
export function startOutboxSender(
  db: Db,
  channels: readonly Channel[],
  options: { readonly pollMs: number; readonly onError: (error: unknown) => void },
): { wake(): void; stop(): Promise<void> } {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  let running: Promise<void> | null = null;
  let isStopped = false;
  const drain = async () => {
    while (!isStopped) {
      const rows = await takeOutbox(db, [...byName.keys()], RETRY_MS);
      if (rows.length === 0) return;
      for (const row of rows) {
        try {
          await byName.get(row.thread.channel)?.post({ id: row.id, thread: row.thread, item: row.item });
          await dropOutbox(db, row.id);
        } catch (error) {
          const backoffMs = Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** row.attempts) * (0.75 + Math.random() / 2);
          const next = row.attempts >= MAX_ATTEMPTS ? null : new Date(Date.now() + backoffMs);
          await failOutbox(db, row.id, error instanceof Error ? error.message : String(error), next);
        }
      }
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
