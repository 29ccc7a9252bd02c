import type { ThreadRef } from "../../types/thread.ts";
import type { ThreadItem } from "../../types/thread-item.ts";
import type { Sql } from "../db.ts";

export type OutboxRow = {
  readonly id: string;
  readonly thread: ThreadRef;
  readonly item: ThreadItem;
  readonly attempts: number;
};

/** Puts something to be said into the outbox, in the transaction that made it true. */
export async function addOutbox(
  sql: Sql,
  row: { id: string; thread: ThreadRef; item: ThreadItem },
): Promise<void> {
  await sql.query(
    "insert into outbox (id, channel, conversation, thread, item) values ($1, $2, $3, $4, $5)",
    [row.id, row.thread.channel, row.thread.conversation, row.thread.thread, JSON.stringify(row.item)],
  );
}

/**
 * Takes due rows for sending, the oldest of each thread only, so that a thread keeps its order. A taken row is due
 * again after `retryMs` if its sender dies. SKIP LOCKED: several senders share the work.
 */
export async function takeOutbox(
  sql: Sql,
  channels: readonly string[],
  retryMs: number,
  limit = 20,
): Promise<readonly OutboxRow[]> {
  const rows = await sql.query<{
    id: string;
    channel: ThreadRef["channel"];
    conversation: string;
    thread: string;
    item: ThreadItem;
    attempts: number;
  }>(
    `with due as (
       select o.id from outbox o
       where o.state = 'new' and o.next_at <= now() and o.channel = any($1)
         and not exists (
           select 1 from outbox e
           where (e.channel, e.conversation, e.thread) = (o.channel, o.conversation, o.thread)
             and e.state = 'new' and e.id < o.id)
       order by o.id limit $3
       for update skip locked
     )
     update outbox set attempts = attempts + 1, next_at = now() + $2 * interval '1 millisecond'
     from due where outbox.id = due.id
     returning outbox.id, channel, conversation, thread, item, attempts`,
    [channels, retryMs, limit],
  );
  return rows.map(({ channel, conversation, thread, ...row }) => ({
    ...row,
    thread: { channel, conversation, thread },
  }));
}

/** It arrived. */
export async function dropOutbox(sql: Sql, id: string): Promise<void> {
  await sql.query("delete from outbox where id = $1", [id]);
}

/** It did not arrive: try again at `nextAt`, or lay it aside for an operator when that is null. */
export async function failOutbox(sql: Sql, id: string, error: string, nextAt: Date | null): Promise<void> {
  await sql.query(
    `update outbox set error = $2, next_at = coalesce($3, next_at), state = case when $3::timestamptz is null then 'dead' else 'new' end
     where id = $1`,
    [id, error.slice(0, 500), nextAt],
  );
}
