import type { NewSessionEvent } from "../../types/session-event.ts";
import type { Sql, Statement } from "../db.ts";
import { packEvents } from "./event-json.ts";

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
  return (await append(sql, fence, events, false)).head;
}

/** The last append of some work: gives the session back in the same statement, unless new work waits in its inbox. */
export async function appendAndRelease(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
): Promise<Appended> {
  return await append(sql, fence, events, true);
}

async function append(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
  isLast: boolean,
): Promise<Appended> {
  const { text, params } = appendStatement(fence, events, isLast);
  try {
    return readAppended(await sql.query(text, params));
  } catch (error) {
    throw asFenced(error, fence);
  }
}

const RELEASE = `, (owner, lease_until) = (
  select sessions.owner, sessions.lease_until
  where exists (select 1 from inbox where session_id = $1 and state = 'new')
)`;

/** Divides by nothing when the fence fell, so that a transaction sent in one go is undone as well. */
const appendText = (release: string): string => `with log as (
    update sessions set head = head + $3, updated_at = now()${release}
    where id = $1 and epoch = $2
    returning no, head, owner is null as "isReleased"
  ), added as (
    insert into event_log (session_no, seq, count, body) select no, head, $3, $4 from log
  )
  select 1 / count(*) as "isOurs", max(head) as head, bool_and("isReleased") as "isReleased",
    pg_notify('${SESSION_HINT}', $1 || ':' || max(head)) from log`;
const APPEND = appendText("");
const APPEND_AND_RELEASE = appendText(RELEASE);

/** What appends events, for `Db.batch`: one row for all of them. Read its answer with `readAppended`, a failure with `asFenced`. */
export function appendStatement(
  fence: Fence,
  events: readonly NewSessionEvent[],
  isLast: boolean,
): Statement {
  const params = [fence.session, fence.epoch, events.length, packEvents(events)];
  return { text: isLast ? APPEND_AND_RELEASE : APPEND, params };
}

export function readAppended(rows: readonly object[]): Appended {
  const [row] = rows as readonly Appended[];
  if (!row) throw new Error("an append was not answered");
  return { head: row.head, isReleased: row.isReleased };
}

/** SQLSTATE of a division by zero, which nothing else here can raise. */
const DIVISION_BY_ZERO = "22012";

export function asFenced(error: unknown, fence: Fence): unknown {
  return (error as { code?: unknown } | null)?.code === DIVISION_BY_ZERO ? new FencedError(fence) : error;
}
