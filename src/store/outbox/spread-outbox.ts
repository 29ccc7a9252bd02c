import type { ThreadRef } from "../../types/thread.ts";
import type { Db, Sql } from "../db.ts";
import type { OutboxRow } from "./outbox.ts";

/** Another place that an item goes to. */
export type Target = { readonly viewer: string; readonly thread: ThreadRef };

/**
 * Puts an item on its way to every place that was worked out for it, in exchange for the row that asked for that, so
 * that both happen or neither. False when another sender did it.
 */
export async function spreadOutbox(db: Db, row: OutboxRow, targets: readonly Target[]): Promise<boolean> {
  return await db.tx(async (sql) => {
    const mine = await sql.query("delete from outbox where id = $1 returning id", [row.id]);
    if (mine.length === 0) return false;
    if (targets.length > 0) {
      const rows = targets.map(({ viewer, thread }) => ({ viewer, ...thread }));
      await sql.query(
        `insert into outbox (session_id, seq, viewer, channel, conversation, thread)
         select $1, $2, t ->> 'viewer', t ->> 'channel', t ->> 'conversation', t ->> 'thread'
         from jsonb_array_elements($3::jsonb) with ordinality as item (t, n) order by n`,
        [row.session, row.seq, JSON.stringify(rows)],
      );
    }
    return true;
  });
}

/** Whether the same card changed again since and waits to be spread: then one spreading shows both. */
export async function isOvertaken(sql: Sql, row: OutboxRow): Promise<boolean> {
  const { channel, conversation, thread } = row.thread;
  const rows = await sql.query(
    `select 1 as one from outbox
     where channel = $1 and conversation = $2 and thread = $3 and state = 'new' and id > $4 limit 1`,
    [channel, conversation, thread, row.id],
  );
  return rows.length > 0;
}

/** Places that did not take what came from this session: nothing new is begun there for it. */
export async function findDeadPlaces(sql: Sql, session: string): Promise<readonly ThreadRef[]> {
  return await sql.query<ThreadRef>(
    `select distinct channel, conversation, thread from outbox
     where session_id = $1 and state = 'dead' and thread = 'approvals' limit 500`,
    [session],
  );
}
