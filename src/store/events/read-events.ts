import { placeOfTurn } from "../../types/ids.ts";
import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { type LogRow, unpackEvents } from "./event-json.ts";

const COLUMNS = "seq, count, at, body";
/** Of the log of the session that the first parameter names. */
const OF_SESSION = "session_no = (select no from sessions where id = $1)";

/** Events after a sequence number, in order, at most `limit`. */
export async function readEventsAfter(
  sql: Sql,
  session: string,
  after: number,
  limit = 1_000,
): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<LogRow>(
    `select ${COLUMNS} from event_log where ${OF_SESSION} and seq > $2 order by seq limit $3`,
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
    `select ${COLUMNS} from event_log where ${OF_SESSION}
       and seq <= coalesce(
         (select seq from event_log where ${OF_SESSION} and seq >= $2 order by seq limit 1), $2)
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
     where ${OF_SESSION} and seq > (select head from sessions where id = $1) - $2::bigint
     order by seq`,
    [session, limit],
  );
  return unpackEvents(rows).slice(-limit);
}

/** How much of the log is searched for a turn's events at a time. */
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
  const begin = await findTurnBegin(sql, session, turn);
  if (!begin) return [];
  const found: SessionEvent[] = [];
  for (let from = begin.seq; ; ) {
    const rows: readonly LogRow[] = await readRows(sql, session, from);
    found.push(...unpackEvents(rows).filter((event) => "turn" in event.data && event.data.turn === turn));
    const last = rows.at(-1);
    if (rows.length < PAGE_ROWS || !last) return found;
    from = last.seq + 1;
  }
}

/** Rows of a session's log from the one that holds a sequence number on. */
async function readRows(
  sql: Sql,
  session: string,
  from: number,
  limit = PAGE_ROWS,
): Promise<readonly LogRow[]> {
  return await sql.query<LogRow>(
    `select ${COLUMNS} from event_log where ${OF_SESSION} and seq >= $2 order by seq limit $3`,
    [session, from, limit],
  );
}

type TurnBegin = Extract<SessionEvent, { type: "turn.started" }>;

/** Where a turn begins in its session's log; null when it does not. */
export async function findTurnBegin(sql: Sql, session: string, turn: string): Promise<TurnBegin | null> {
  const beginIn = (rows: readonly LogRow[]): TurnBegin | null => {
    const begin = unpackEvents(rows).find(({ type, data }) => type === "turn.started" && data.turn === turn);
    return begin?.type === "turn.started" ? begin : null;
  };
  const place = placeOfTurn(turn);
  const begin = place === null ? null : beginIn(await readRows(sql, session, place, 1));
  if (begin) return begin;
  // An id that does not say where: from before ids did. The log is looked through from its begin.
  for (let from = 1; ; ) {
    const rows = await readRows(sql, session, from);
    const found = beginIn(rows);
    const last = rows.at(-1);
    if (found || rows.length < PAGE_ROWS || !last) return found;
    from = last.seq + 1;
  }
}
