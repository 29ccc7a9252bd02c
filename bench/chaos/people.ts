import type pg from "pg";
import { sayTo } from "../turns/stub-model.ts";
import type { Replicas } from "./replicas.ts";

export type SentMessage = {
  readonly thread: string;
  readonly dedupe: string;
  readonly text: string;
  readonly verb: "note" | "look" | "order" | "fax";
  isAcknowledged: boolean;
};

/** Of ten messages six write, one asks for approval, one cannot be repeated, two only look. */
const VERBS = ["note", "note", "order", "note", "look", "note", "fax", "note", "look", "note"] as const;
/** A person may have this many messages without an answer. */
const MAX_OPEN = 3;

const wait = async (ms: number) => await new Promise((go) => setTimeout(go, ms));

/**
 * Says everything of one thread in order. What was not acknowledged is said again with the same key, as a channel
 * does; `ended` tells how many turns of the thread are over.
 */
export async function talk(
  replicas: Replicas,
  thread: string,
  messages: readonly SentMessage[],
  ended: (thread: string) => number,
): Promise<void> {
  for (const [index, message] of messages.entries()) {
    while (ended(thread) < index - MAX_OPEN + 1) await wait(20);
    while (!message.isAcknowledged) {
      try {
        await replicas.ask({
          kind: "message",
          thread,
          dedupe: message.dedupe,
          text: sayTo(message.verb, message.text),
        });
        message.isAcknowledged = true;
      } catch {
        await wait(50 + Math.random() * 100);
      }
    }
  }
}

export function writeMessages(thread: string, count: number, offset: number): SentMessage[] {
  return Array.from({ length: count }, (_, i) => {
    const verb = VERBS[(i + offset) % VERBS.length] ?? "note";
    return {
      thread,
      dedupe: `${thread}:${i}`,
      text: `${verb} ${thread} line ${i}`,
      verb,
      isAcknowledged: false,
    };
  });
}

/** Says yes to whatever waits, twice at once from two replicas, until told to stop. */
export async function approveAll(replicas: Replicas, pool: pg.Pool, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const pending = await pool
      .query<{ id: string }>("select id from approvals where status = 'pending' limit 20")
      .catch(() => ({ rows: [] }));
    await Promise.allSettled(
      pending.rows.flatMap(({ id }) => [
        replicas.ask({ kind: "vote", approval: id }),
        replicas.ask({ kind: "vote", approval: id }),
      ]),
    );
    await wait(200);
  }
}
