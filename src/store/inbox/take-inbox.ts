import type { JsonObject } from "../../types/json.ts";
import type { Sql, Statement } from "../db.ts";
import type { InboxKind } from "./add-inbox.ts";

export type InboxRow = {
  readonly id: number;
  readonly kind: InboxKind;
  readonly dedupe: string;
  readonly data: JsonObject;
  readonly attempts: number;
};

/** What finds the oldest work of a session, for `Db.batch`; one row or none. */
export const nextStatement = (session: string): Statement => ({
  text: `select id, kind, dedupe, data, attempts from inbox
    where session_id = $1 and state = 'new' order by id limit 1`,
  params: [session],
});

/** The oldest work of a session that is not done, or null. Only the session's holder may ask. */
export async function nextInbox(sql: Sql, session: string): Promise<InboxRow | null> {
  const { text, params } = nextStatement(session);
  const [row] = await sql.query<InboxRow>(text, params);
  return row ?? null;
}

/** Takes work that is done out of the inbox, in the transaction that writes what came of it. */
export async function finishInbox(sql: Sql, session: string, id: number): Promise<void> {
  await sql.query("delete from inbox where session_id = $1 and id = $2", [session, id]);
}

/** Lays aside work that stops its workers, for an operator to see. */
export async function parkInbox(sql: Sql, session: string, id: number): Promise<void> {
  await sql.query("update inbox set state = 'parked' where session_id = $1 and id = $2", [session, id]);
}

/** Counts a try before it is made, so that work which kills its worker is parked in the end. */
export async function countAttempt(sql: Sql, session: string, id: number): Promise<void> {
  await sql.query("update inbox set attempts = attempts + 1 where session_id = $1 and id = $2", [
    session,
    id,
  ]);
}
