import type { JsonObject } from "../../types/json.ts";
import type { Sql } from "../db.ts";

/** Hint that a session has new work; payload is the session's id. */
export const INBOX_HINT = "steward_inbox";

/** Kinds of work a session's worker takes up. */
export type InboxKind = "message" | "decide" | "undo" | "resolve" | "scheduled" | "climb";

/**
 * Accepts work for a session once: the second arrival of one `dedupe` key changes nothing and returns false.
 */
export async function addInbox(
  sql: Sql,
  work: { session: string; kind: InboxKind; dedupe: string; data: JsonObject },
): Promise<boolean> {
  const rows = await sql.query(
    `with added as (
       insert into inbox (session_id, kind, dedupe, data) values ($1, $2, $3, $4)
       on conflict (dedupe) do nothing
       returning id
     )
     select id, pg_notify('${INBOX_HINT}', $1) from added`,
    [work.session, work.kind, work.dedupe, JSON.stringify(work.data)],
  );
  return rows.length === 1;
}
