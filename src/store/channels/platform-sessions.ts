import type { ThreadRef } from "../../types/thread.ts";
import { ACTION_COLUMNS, type ActionRow, toAction } from "../actions/action-row.ts";
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
  const rows = await sql.query<ActionRow & { at: Date }>(
    `select ${ACTION_COLUMNS}, created_at as at from actions
     where principal = $1 and effect <> 'read' order by id desc limit $2 * 5`,
    [principal, limit],
  );
  const turns = new Map<string, { lines: string[]; statuses: string[]; at: Date }>();
  for (const row of rows) {
    const { turn, tool, preview, status } = toAction(row);
    const known = turns.get(turn) ?? { lines: [], statuses: [], at: row.at };
    known.lines.unshift(preview?.line ?? tool);
    known.statuses.unshift(status);
    known.at = row.at;
    turns.set(turn, known);
  }
  return [...turns].slice(0, limit).map(([turn, request]) => ({ turn, ...request }));
}
