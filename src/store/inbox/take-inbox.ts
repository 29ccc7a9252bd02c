import type { JsonObject } from "../../types/json.ts";
import type { Sql } from "../db.ts";
import type { InboxKind } from "./add-inbox.ts";

export type InboxRow = {
  readonly id: number;
  readonly kind: InboxKind;
  readonly dedupe: string;
  readonly data: JsonObject;
  readonly attempts: number;
  readonly at: Date;
};

/** The oldest work of a session that nobody took up yet, or null. Only the session's holder may ask. */
export async function nextInbox(sql: Sql, session: string): Promise<InboxRow | null> {
  const [row] = await sql.query<InboxRow>(
    `select id, kind, dedupe, data, attempts, at from inbox
     where session_id = $1 and state = 'new' order by id limit 1`,
    [session],
  );
  return row ?? null;
}

/** Marks work as taken up; in the transaction that writes what came of it. */
export async function finishInbox(sql: Sql, id: number, state: "done" | "parked" = "done"): Promise<void> {
  await sql.query("update inbox set state = $2 where id = $1", [id, state]);
}

/** Counts a try before it is made, so that work which kills its worker is parked in the end. */
export async function countAttempt(sql: Sql, id: number): Promise<void> {
  await sql.query("update inbox set attempts = attempts + 1 where id = $1", [id]);
}
