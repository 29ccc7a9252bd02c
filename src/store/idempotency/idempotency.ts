import type { Json } from "../../types/json.ts";
import type { Sql } from "../db.ts";

export type KeyState =
  /** The key is new: the caller does the work and then keeps or drops it. */
  | { readonly state: "mine" }
  | { readonly state: "running" }
  | { readonly state: "other-request" }
  | { readonly state: "answered"; readonly status: number; readonly body: Json };

/**
 * Takes a key for a request, once. A request that has been running for `staleMs` was lost with its process,
 * and the key may be taken again.
 */
export async function takeKey(
  sql: Sql,
  key: { readonly principal: string; readonly key: string; readonly requestHash: string },
  staleMs: number,
): Promise<KeyState> {
  const taken = await sql.query(
    `insert into idempotency as i (principal, key, request_hash) values ($1, $2, $3)
     on conflict (principal, key) do update set at = now()
       where i.request_hash = excluded.request_hash and i.status is null
         and i.at < now() - $4 * interval '1 millisecond'
     returning key`,
    [key.principal, key.key, key.requestHash, staleMs],
  );
  if (taken.length > 0) return { state: "mine" };
  const [row] = await sql.query<{ request_hash: string; status: number | null; body: Json }>(
    "select request_hash, status, body from idempotency where principal = $1 and key = $2",
    [key.principal, key.key],
  );
  // Dropped between the two statements: to be asked again.
  if (!row) return { state: "running" };
  if (row.request_hash !== key.requestHash) return { state: "other-request" };
  return row.status === null
    ? { state: "running" }
    : { state: "answered", status: row.status, body: row.body };
}

/** Keeps the answer that every repeat of the request gets from now on. */
export async function keepAnswer(
  sql: Sql,
  key: { readonly principal: string; readonly key: string },
  answer: { readonly status: number; readonly body: Json },
): Promise<void> {
  await sql.query("update idempotency set status = $3, body = $4 where principal = $1 and key = $2", [
    key.principal,
    key.key,
    answer.status,
    JSON.stringify(answer.body),
  ]);
}

/** Gives a key back after a failure of the server's own, so that the repeat may do the work. */
export async function dropKey(
  sql: Sql,
  key: { readonly principal: string; readonly key: string },
): Promise<void> {
  await sql.query("delete from idempotency where principal = $1 and key = $2 and status is null", [
    key.principal,
    key.key,
  ]);
}

/** Forgets answers older than `hours`; returns how many. */
export async function forgetAnswers(sql: Sql, hours: number): Promise<number> {
  const rows = await sql.query(
    "delete from idempotency where at < now() - $1 * interval '1 hour' returning key",
    [hours],
  );
  return rows.length;
}
