import type { Sql } from "../db.ts";

/** Gives one's own conversation another title; false when there is no such one. It does not become the latest by it. */
export async function renameSession(
  sql: Sql,
  id: string,
  principal: string,
  title: string,
): Promise<boolean> {
  const rows = await sql.query(
    "update sessions set title = $3 where id = $1 and principal = $2 returning id",
    [id, principal, title],
  );
  return rows.length === 1;
}
