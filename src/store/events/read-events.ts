import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { type EventRow, toEvent } from "./event-json.ts";

const COLUMNS = "seq, type, turn_id as turn, data, at";

/** Events after a sequence number, in order. */
export async function readEventsAfter(
  sql: Sql,
  session: string,
  after: number,
  limit = 1_000,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${COLUMNS} from events where session_id = $1 and seq > $2 order by seq limit $3`,
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
    `select ${COLUMNS} from events where session_id = $1 and seq < $2 order by seq desc limit $3`,
    [session, before, limit],
  );
  return rows.map(toEvent).reverse();
}

/**
 * The last `limit` events, in order: what a turn needs, however long the session is. The bound by the head keeps the
 * look short even where the server has no statistics yet and would rather sort the whole session.
 */
export async function readLastEvents(
  sql: Sql,
  session: string,
  limit: number,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${COLUMNS} from events
     where session_id = $1 and seq > (select head from sessions where id = $1) - $2::bigint
     order by seq`,
    [session, limit],
  );
  return rows.map(toEvent);
}

/** All events of one turn, in order, however long ago it was. */
export async function readTurnEvents(
  sql: Sql,
  session: string,
  turn: string,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${COLUMNS} from events
     where session_id = $1 and turn_id = $2
       and seq >= (select seq from events where turn_id = $2 and type = 'turn.started')
     order by seq`,
    [session, turn],
  );
  return rows.map(toEvent);
}
