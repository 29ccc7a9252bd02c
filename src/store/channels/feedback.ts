import { timeOfId } from "../../types/ids.ts";
import type { Sql } from "../db.ts";
import { type LogRow, unpackEvents } from "../events/event-json.ts";

/** A reply is written soon after its id is made. */
const BEFORE_MS = 60_000;
const AFTER_MS = 3_600_000;
/** Most commits of a person in that time that are looked at. */
const MAX_ROWS = 2_000;

/**
 * Whether a message of Steward was said to this person: a copy was posted for them, or their own conversations hold it
 * around the time that its id tells.
 */
export async function wasSaidTo(sql: Sql, message: string, principal: string): Promise<boolean> {
  const posted = await sql.query(
    "select 1 as one from channel_posts where item = $1 and viewer = $2 limit 1",
    [message, principal],
  );
  if (posted.length > 0) return true;
  const made = timeOfId(message);
  if (made === null) return false;
  const rows = await sql.query<LogRow>(
    `select seq, count, at, body from event_log
     where session_no in (select no from sessions where principal = $1 and updated_at >= $2)
       and at between $2 and $3
     limit ${MAX_ROWS}`,
    [principal, new Date(made - BEFORE_MS), new Date(made + AFTER_MS)],
  );
  return unpackEvents(rows).some((event) => event.type === "reply.posted" && event.data.message === message);
}

/** Keeps what a person thinks of a message, the last word counting; null takes it back. */
export async function saveFeedback(
  sql: Sql,
  given: {
    readonly message: string;
    readonly principal: string;
    readonly verdict: "up" | "down" | null;
    readonly comment: string | null;
  },
): Promise<void> {
  const { message, principal, verdict, comment } = given;
  if (verdict === null) {
    await sql.query("delete from feedback where message = $1 and principal = $2", [message, principal]);
    return;
  }
  await sql.query(
    `insert into feedback (message, principal, verdict, comment) values ($1, $2, $3, $4)
     on conflict (message, principal) do update
       set verdict = excluded.verdict, comment = excluded.comment, at = now()`,
    [message, principal, verdict, comment],
  );
}
