import type { Sql } from "../db.ts";

/** How far back one of Steward's messages is looked for that no platform holds a copy of. */
const DAYS = 90;

/** Whether a message of Steward was said to this person. */
export async function wasSaidTo(sql: Sql, message: string, principal: string): Promise<boolean> {
  const posted = await sql.query(
    "select 1 as one from channel_posts where item = $1 and viewer = $2 limit 1",
    [message, principal],
  );
  if (posted.length > 0) return true;
  const said = await sql.query(
    `select 1 as one from sessions join events on session_id = sessions.id
     where principal = $2 and type = 'reply.posted' and data ->> 'message' = $1
       and events.at > now() - $3 * interval '1 day' limit 1`,
    [message, principal, DAYS],
  );
  return said.length > 0;
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
