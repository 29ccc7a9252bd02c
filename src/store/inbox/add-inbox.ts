import { createHash } from "node:crypto";
import type { JsonObject } from "../../types/json.ts";
import type { Sql, Statement } from "../db.ts";

/** Hint that a session has new work; payload is the session's id. */
export const INBOX_HINT = "steward_inbox";

/** Kinds of work a session's worker takes up. */
export type InboxKind = "message" | "decide" | "undo" | "resolve" | "scheduled" | "climb";

/** Of the SHA-256 of a dedupe key: enough that no two keys meet by chance (128 bits). */
const KEY_BYTES = 16;

const keyOf = (dedupe: string): Uint8Array =>
  createHash("sha256").update(dedupe).digest().subarray(0, KEY_BYTES);

/** Whether work with this dedupe key ever arrived. */
export async function isAccepted(sql: Sql, dedupe: string): Promise<boolean> {
  return (await sql.query("select 1 from accepted where key = $1", [keyOf(dedupe)])).length === 1;
}

export type NewWork = { session: string; kind: InboxKind; dedupe: string; data: JsonObject };

const ADD = `with fresh as (
    insert into accepted (key) values ($5) on conflict (key) do nothing returning key
  ), added as (
    insert into inbox (session_id, kind, dedupe, data) select $1, $2, $3, $4::jsonb from fresh returning id
  )
  select id`;

const paramsOf = ({ session, kind, dedupe, data }: NewWork): readonly unknown[] => [
  session,
  kind,
  dedupe,
  JSON.stringify(data),
  keyOf(dedupe),
];

/**
 * What accepts work, for `Db.batch`; one row when it is new. Without a hint, for whoever claims the session in the same
 * transaction: either they are its worker now, or whoever is looks into the inbox before letting go. A hint makes all
 * commits of the server wait for one another.
 */
export function addStatement(work: NewWork): Statement {
  return { text: `${ADD} from added`, params: paramsOf(work) };
}

const ADD_AND_HINT = `${ADD}, pg_notify('${INBOX_HINT}', $1) from added`;

/**
 * Accepts work for a session once: the second arrival of one `dedupe` key changes nothing and returns false. Its
 * worker, or any, is told.
 */
export async function addInbox(sql: Sql, work: NewWork): Promise<boolean> {
  return (await sql.query(ADD_AND_HINT, paramsOf(work))).length === 1;
}
