import type { NewSessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";

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

/** Appends events in order and returns the sequence number of the last. Throws FencedError when fenced off. */
export async function appendEvents(
  sql: Sql,
  fence: Fence,
  events: readonly NewSessionEvent[],
): Promise<number> {
  const rows = await sql.query<{ head: number }>(
    `with log as (
       update sessions set head = head + $3, updated_at = now()
       where id = $1 and epoch = $2
       returning head
     ), added as (
       insert into events (session_id, seq, turn_id, type, data)
       select $1, log.head - $3 + item.ordinality, item.value ->> 'turn', item.value ->> 'type', item.value -> 'data'
       from log, jsonb_array_elements($4::jsonb) with ordinality as item (value, ordinality)
     )
     select head, pg_notify('${SESSION_HINT}', $1 || ':' || head) from log`,
    [
      fence.session,
      fence.epoch,
      events.length,
      JSON.stringify(
        events.map(({ type, data }) => ({ type, data, turn: "turn" in data ? data.turn : null })),
      ),
    ],
  );
  const [row] = rows;
  if (!row) throw new FencedError(fence);
  return row.head;
}
