import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

/** The session at a place of a platform: whose it is, and whether a worker has it now. */
export async function findThreadSession(
  sql: Sql,
  thread: ThreadRef,
): Promise<{ readonly id: string; readonly principal: string; readonly isHeld: boolean } | null> {
  const [row] = await sql.query<{ id: string; principal: string; isHeld: boolean }>(
    `select id, principal, coalesce(owner, '') <> '' and lease_until > now() as "isHeld" from sessions
     where channel = $1 and conversation = $2 and thread = $3`,
    [thread.channel, thread.conversation, thread.thread],
  );
  return row ?? null;
}

/**
 * Frees a place for another person: an account that became somebody else's begins anew there, and the old conversation
 * stays with whoever had it.
 */
export async function retireThread(sql: Sql, session: string): Promise<void> {
  await sql.query("update sessions set thread = thread || '#' || id where id = $1", [session]);
}

export type PersonRequest = {
  readonly turn: string;
  readonly lines: readonly string[];
  readonly statuses: readonly string[];
  readonly at: Date;
};

/** What a person asked to be done, a line for each turn, the latest first. */
export async function listRequests(
  sql: Sql,
  principal: string,
  limit = 20,
): Promise<readonly PersonRequest[]> {
  return await sql.query<PersonRequest>(
    `select turn_id as turn, array_agg(coalesce(preview ->> 'line', tool) order by id) as lines,
       array_agg(status order by id) as statuses, min(created_at) as at
     from (select id, turn_id, tool, preview, status, created_at from actions
           where principal = $1 and effect <> 'read' order by id desc limit $2 * 5) as latest
     group by turn_id order by max(id) desc limit $2`,
    [principal, limit],
  );
}
