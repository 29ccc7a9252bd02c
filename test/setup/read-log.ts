import type { Sql } from "../../src/store/db.ts";
import { type LogRow, unpackEvents } from "../../src/store/events/event-json.ts";
import type { SessionEvent } from "../../src/types/session-event.ts";

/** The whole log of a session, found by its id or its thread. */
export async function readLog(sql: Sql, session: string): Promise<readonly SessionEvent[]> {
  const rows = await sql.query<LogRow>(
    `select seq, count, at, body from event_log
     where session_no in (select no from sessions where $1 in (id, thread)) order by seq`,
    [session],
  );
  return unpackEvents(rows);
}

/** Id of the turn that began last in a session; null before the first. */
export async function readNewestTurn(sql: Sql, session: string): Promise<string | null> {
  const begin = (await readLog(sql, session)).findLast((event) => event.type === "turn.started");
  return begin?.type === "turn.started" ? begin.data.turn : null;
}

/** What Steward said in a session, in order. */
export async function readReplies(sql: Sql, session: string): Promise<readonly { readonly text: string }[]> {
  return (await readLog(sql, session)).flatMap((event) =>
    event.type === "reply.posted" ? [{ text: event.data.text }] : [],
  );
}
