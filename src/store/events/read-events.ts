import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { type LogRow, unpackEvents } from "./event-json.ts";

const COLUMNS = "seq, count, at, body";

/** Events after a sequence number, in order, at most `limit`. */
export async function readEventsAfter(
  sql: Sql,
  session: string,
  after: number,
  limit = 1_000,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<LogRow>(
    `select ${COLUMNS} from event_log where session_id = $1 and seq > $2 order by seq limit $3`,
    [session, after, limit],
  );
  return unpackEvents(rows)
    .filter((event) => event.seq > after)
    .slice(0, limit);
}

/** The last `limit` events before a sequence number, in order. */
export async function readEventsBefore(
  sql: Sql,
  session: string,
  before: number,
  limit: number,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<LogRow>(
    // A row is found by the last event in it: the one that holds `before` itself may hold earlier ones too.
    `select ${COLUMNS} from event_log where session_id = $1
       and seq <= coalesce(
         (select seq from event_log where session_id = $1 and seq >= $2 order by seq limit 1), $2)
     order by seq desc limit $3`,
    [session, before, limit + 1],
  );
  return unpackEvents(rows.toReversed())
    .filter((event) => event.seq < before)
    .slice(-limit);
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
  const rows = await sql.query<LogRow>(
    `select ${COLUMNS} from event_log
     where session_id = $1 and seq > (select head from sessions where id = $1) - $2::bigint
     order by seq`,
    [session, limit],
  );
  return unpackEvents(rows).slice(-limit);
}

/** How much of the log after a turn's begin is searched for its events at a time. */
const PAGE_ROWS = 200;

/**
 * All events of one turn, in order, however long ago it was: from its begin to its last end; a turn that waited for a
 * person may go on much later.
 */
export async function readTurnEvents(
  sql: Sql,
  session: string,
  turn: string,
): Promise<readonly SessionEvent[]> {
  const found: SessionEvent[] = [];
  for (let from: number | null = null; ; ) {
    const rows: readonly LogRow[] = await sql.query<LogRow>(
      `select ${COLUMNS} from event_log
       where session_id = $1 and seq >= coalesce($3, (select seq from event_log where turn_id = $2))
       order by seq limit ${PAGE_ROWS}`,
      [session, turn, from],
    );
    found.push(...unpackEvents(rows).filter((event) => "turn" in event.data && event.data.turn === turn));
    const last = rows.at(-1);
    if (rows.length < PAGE_ROWS || !last) return found;
    from = last.seq + 1;
  }
}
