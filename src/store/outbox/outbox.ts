import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

/** An item of a session's log on its way to a thread of a platform. */
export type OutboxRow = {
  readonly id: number;
  readonly session: string;
  readonly seq: number;
  /** For whose eyes it is made. */
  readonly viewer: string;
  readonly thread: OutboxPlace;
  readonly attempts: number;
};

/**
 * A thread of a platform; or, as channel `fan-out` with the session and the turn, a card that changed and whose copies
 * and approvers the sender has yet to work out.
 */
export type OutboxPlace = Omit<ThreadRef, "channel"> & { readonly channel: ThreadRef["channel"] | "fan-out" };

/** Puts something to be said into the outbox, in the transaction that made it true. */
export async function addOutbox(sql: Sql, row: Omit<OutboxRow, "id" | "attempts">): Promise<void> {
  const { channel, conversation, thread } = row.thread;
  await sql.query(
    "insert into outbox (session_id, seq, viewer, channel, conversation, thread) values ($1, $2, $3, $4, $5, $6)",
    [row.session, row.seq, row.viewer, channel, conversation, thread],
  );
}

type Taken = Omit<OutboxRow, "thread"> & {
  channel: OutboxPlace["channel"];
  conversation: string;
  place: string;
};

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
  const rows = await sql.query<Taken>(
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
     returning outbox.id, session_id as session, seq, viewer, channel, conversation, thread as place, attempts`,
    [channels, retryMs, limit],
  );
  return rows.map(({ channel, conversation, place, ...row }) => ({
    ...row,
    thread: { channel, conversation, thread: place },
  }));
}

/** It arrived. */
export async function dropOutbox(sql: Sql, id: number): Promise<void> {
  await sql.query("delete from outbox where id = $1", [id]);
}

/** It did not arrive: try again at `nextAt`, or lay it aside for an operator when that is null. */
export async function failOutbox(sql: Sql, id: number, error: string, nextAt: Date | null): Promise<void> {
  await sql.query(
    `update outbox set error = $2, next_at = coalesce($3, next_at),
       state = case when $3::timestamptz is null then 'dead' else 'new' end
     where id = $1`,
    [id, error.slice(0, 500), nextAt],
  );
}

/** It was not their turn yet: try again then, as if they had never been taken. */
export async function deferOutbox(
  sql: Sql,
  rows: readonly { readonly id: number; readonly nextAt: Date }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `update outbox set next_at = later.at, attempts = greatest(0, attempts - 1)
     from unnest($1::bigint[], $2::timestamptz[]) as later (id, at) where outbox.id = later.id`,
    [rows.map(({ id }) => id), rows.map(({ nextAt }) => nextAt)],
  );
}

/** What was laid aside, the oldest first. */
export async function listDeadOutbox(
  sql: Sql,
  limit = 100,
): Promise<readonly (OutboxRow & { readonly error: string; readonly at: Date })[]> {
  const rows = await sql.query<Taken & { error: string; at: Date }>(
    `select id, session_id as session, seq, viewer, channel, conversation, thread as place, attempts, error, at
     from outbox where state = 'dead' order by id limit $1`,
    [limit],
  );
  return rows.map(({ channel, conversation, place, ...row }) => ({
    ...row,
    thread: { channel, conversation, thread: place },
  }));
}

/** Sends laid-aside rows again from the start, all or one; returns how many. */
export async function reviveOutbox(sql: Sql, id: number | null): Promise<number> {
  const rows = await sql.query(
    `update outbox set state = 'new', attempts = 0, next_at = now(), error = null
     where state = 'dead' and ($1::bigint is null or id = $1) returning id`,
    [id],
  );
  return rows.length;
}
