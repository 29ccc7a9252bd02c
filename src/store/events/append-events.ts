import type { NewSessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { toStored } from "./event-json.ts";

/** Who writes: the session and the epoch under which it was claimed. */
export type Fence = { readonly session: string; readonly epoch: number };

/** Thrown when another worker has taken the session: this one must stop without a trace. */
export class FencedError extends Error {
  constructor(fence: Fence) {
    super(`session ${fence.session} is no longer held under epoch ${fence.epoch}`);
    this.name = "FencedError";
  }
}

/** Hint channel for everybody who shows sessions; payload `session:head`. */
export const SESSION_HINT = "steward_session";

/** What an append tells: the sequence number of the last event, and whether the session was given back with it. */
export type Appended = { readonly head: number; readonly isReleased: boolean };

/** Appends events in order and returns the sequence number of the last. Throws FencedError when fenced off. */
export async function appendEvents(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
): Promise<number> {
  return (await append(sql, fence, events, "")).head;
}

/** The last append of some work: gives the session back in the same statement, unless new work waits in its inbox. */
export async function appendAndRelease(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
): Promise<Appended> {
  return await append(sql, fence, events, RELEASE);
}

const RELEASE = `, (owner, lease_until) = (
  select sessions.owner, sessions.lease_until
  where exists (select 1 from inbox where session_id = $1 and state = 'new')
)`;

async function append(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
  release: string,
): Promise<Appended> {
  const [row] = await sql.query<Appended>(
    `with log as (
       update sessions set head = head + $3, updated_at = now()${release}
       where id = $1 and epoch = $2
       returning head, owner is null as "isReleased"
     ), added as (
       insert into events (session_id, seq, turn_id, type, data)
       select $1, log.head - $3 + item.ordinality, item.value ->> 'turn', item.value ->> 'type', item.value -> 'data'
       from log, jsonb_array_elements($4::jsonb) with ordinality as item (value, ordinality)
     )
     select head, "isReleased", pg_notify('${SESSION_HINT}', $1 || ':' || head) from log`,
    [fence.session, fence.epoch, events.length, JSON.stringify(events.map(toStored))],
  );
  if (!row) throw new FencedError(fence);
  return { head: row.head, isReleased: row.isReleased };
}
