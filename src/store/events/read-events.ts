import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";

type EventRow = { seq: number; type: SessionEvent["type"]; data: unknown; at: Date };

const toEvent = (row: EventRow) => row as SessionEvent;

/** Events after a sequence number, in order. */
export async function readEventsAfter(
  sql: Sql,
  session: string,
  after: number,
  limit = 1_000,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    "select seq, type, data, at from events where session_id = $1 and seq > $2 order by seq limit $3",
    [session, after, limit],
  );
  return rows.map(toEvent);
}

/** The last `limit` events before a sequence number, in order. */
export async function readEventsBefore(
  sql: Sql,
  session: string,
  before: number,
  limit: number,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    "select seq, type, data, at from events where session_id = $1 and seq < $2 order by seq desc limit $3",
    [session, before, limit],
  );
  return rows.map(toEvent).reverse();
}

/** The last `limit` events, in order: what a turn needs, however long the session is. */
export async function readLastEvents(
  sql: Sql,
  session: string,
  limit: number,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    "select seq, type, data, at from events where session_id = $1 order by seq desc limit $2",
    [session, limit],
  );
  return rows.map(toEvent).reverse();
}

/** All events of one turn, in order, however long ago it was. */
export async function readTurnEvents(
  sql: Sql,
  session: string,
  turn: string,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    "select seq, type, data, at from events where turn_id = $2 and session_id = $1 order by seq",
    [session, turn],
  );
  return rows.map(toEvent);
}
