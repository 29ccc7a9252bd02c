import type { Db } from "../store/db.ts";
import { deferOutbox, dropOutbox, failOutbox, type OutboxRow, takeOutbox } from "../store/outbox/outbox.ts";
import type { Channel, Outbound } from "../types/channel.ts";
import type { ThreadRef } from "../types/thread.ts";

/** Tries before a message is laid aside for an operator: about two hours with the backoff below. */
const MAX_ATTEMPTS = 12;
/** A taken row whose sender died is due again after this. */
const RETRY_MS = 60_000;
/** A post that takes longer counts as failed, before another sender may take its row. */
const POST_TIMEOUT_MS = 50_000;
const MAX_BACKOFF_MS = 3_600_000;
/** Sends side by side; a thread has one at a time. */
const MAX_SENDING = 20;
/** Wakes within this are one look. */
const GATHER_MS = 15;
/** Conversations whose turn comes within this are one look: each look costs the database as much as a post. */
const DEFERRED_MS = 100;
/** What somebody may decide while its card is on the way. */
const OPEN: ReadonlySet<string> = new Set(["awaiting", "running", "unknown"]);

export type OutboxSender = { wake(): void; stop(): Promise<void> };

/** What goes to a platform: the item for its viewer, and what is to be known of it. */
export type Prepared = Omit<Outbound, "id" | "thread">;

/**
 * Sends what the outbox holds, in order within a thread, side by side between threads. Each item is made from the log
 * when it is sent. A platform that is down delays its own threads only, and a conversation whose turn is later
 * (`dueInMs`) takes no place among the sends; one that asks to wait (`retryAfterMs` on the error) is waited for, without
 * counting it as a try when nothing was tried (`isTooSoon`); what can never arrive (`isPermanent`) is laid aside at
 * once. Stops when told; a send that is under way is finished first.
 */
export function startOutboxSender(
  db: Db,
  channels: readonly Channel[],
  options: {
    readonly pollMs: number;
    /** What to show for a row, as it is now; null when there is nothing to show any more. */
    readonly prepare: (row: OutboxRow) => Promise<Prepared | null>;
    /** Sends a changed card on to its other places; without it none are taken up. */
    readonly fanOut?: (row: OutboxRow) => Promise<void>;
    /** A place took no more of an item, for good. */
    readonly lost?: (thread: ThreadRef, item: string) => Promise<void>;
    readonly onError: (error: unknown) => void;
  },
): OutboxSender {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const names = [...byName.keys(), ...(options.fanOut ? ["fan-out"] : [])];
  const sending = new Set<Promise<void>>();
  let running: Promise<void> | null = null;
  let isAgain = false;
  let isStopped = false;
  let stir = (): void => {};
  let waking: NodeJS.Timeout | null = null;

  const sendOne = async (row: OutboxRow): Promise<void> => {
    const { channel, ...place } = row.thread;
    if (channel === "fan-out") {
      // It takes its own row away, with what it puts in its place.
      await options.fanOut?.(row);
      wake();
      return;
    }
    const thread: ThreadRef = { channel, ...place };
    const post = async (prepared: Prepared): Promise<void> => {
      const posted = byName.get(channel)?.post({ id: `out_${row.id}`, thread, ...prepared });
      await within(posted).catch(async (error: unknown) => {
        if (isPermanent(error)) await options.lost?.(thread, prepared.item.id).catch(options.onError);
        throw error;
      });
    };
    const prepared = await options.prepare(row);
    if (prepared) await post(prepared);
    if (prepared?.item.kind === "card" && prepared.item.card.items.some(({ status }) => OPEN.has(status))) {
      // A change meanwhile looked for copies before this one was known as one: it is looked for here, once, since every
      // later change finds it.
      const now = await options.prepare(row);
      if (now && JSON.stringify(now.item) !== JSON.stringify(prepared.item)) await post(now);
    }
    await dropOutbox(db, row.id);
  };
  const send = async (row: OutboxRow): Promise<void> => {
    try {
      await sendOne(row);
    } catch (error) {
      if (isTooSoon(error)) {
        await defer([{ id: row.id, ms: waitMs(error, row.attempts) }]).catch(options.onError);
        return;
      }
      const text = error instanceof Error ? error.message : String(error);
      const isLast = row.attempts >= MAX_ATTEMPTS || isPermanent(error);
      const nextAt = isLast ? null : new Date(Date.now() + waitMs(error, row.attempts));
      await failOutbox(db, row.id, text, nextAt).catch(options.onError);
    }
  };
  const dueInMs = ({ channel, ...place }: OutboxRow["thread"]): number =>
    channel === "fan-out" ? 0 : (byName.get(channel)?.dueInMs?.({ channel, ...place }) ?? 0);
  const defer = async (rows: readonly { readonly id: number; readonly ms: number }[]): Promise<void> => {
    const now = Date.now();
    await deferOutbox(
      db,
      rows.map(({ id, ms }) => ({ id, nextAt: new Date(now + ms) })),
    );
    const soonest = Math.min(...rows.map(({ ms }) => ms));
    if (soonest < options.pollMs) {
      waking ??= setTimeout(
        () => {
          waking = null;
          wake();
        },
        Math.max(soonest, DEFERRED_MS),
      );
    }
  };
  const drain = async (): Promise<void> => {
    await new Promise((go) => setTimeout(go, GATHER_MS));
    while (!isStopped) {
      isAgain = false;
      const rows = await takeOutbox(db, names, RETRY_MS, MAX_SENDING - sending.size);
      const later = rows.map(({ id, thread }) => ({ id, ms: dueInMs(thread) })).filter(({ ms }) => ms > 0);
      await defer(later);
      const isLater = new Set(later.map(({ id }) => id));
      for (const row of rows) {
        if (isLater.has(row.id)) continue;
        const one = send(row).finally(() => sending.delete(one));
        sending.add(one);
      }
      if (rows.length === 0 && sending.size === 0 && !isAgain) return;
      if (isAgain && sending.size < MAX_SENDING) {
        await new Promise((go) => setTimeout(go, GATHER_MS));
        continue;
      }
      // The next of a thread is due as soon as the one before it is through; a slow one holds up no other thread.
      const stirred = new Promise<void>((go) => {
        stir = go;
      });
      if (rows.length === 0 || sending.size >= MAX_SENDING) await Promise.race([...sending, stirred]);
    }
  };
  const wake = () => {
    isAgain = true;
    stir();
    if (isStopped) return;
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
      if (waking) clearTimeout(waking);
      stir();
      await running;
      await Promise.all(sending);
    },
  };
}

const isPermanent = (error: unknown): boolean =>
  (error as { isPermanent?: unknown } | null)?.isPermanent === true;

const isTooSoon = (error: unknown): boolean => (error as { isTooSoon?: unknown } | null)?.isTooSoon === true;

/** Waits for a post, but not for ever. */
async function within(posted: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The platform did not answer in time.")), POST_TIMEOUT_MS);
  });
  try {
    await Promise.race([posted, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Doubling from two seconds with a quarter of jitter, unless the platform named a time. */
function waitMs(error: unknown, attempts: number): number {
  const named = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs;
  if (typeof named === "number" && named >= 0) return named;
  return Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** attempts) * (0.75 + Math.random() / 2);
}
