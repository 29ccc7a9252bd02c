import type { Sql } from "../db.ts";

/** A person's conversations, the latest first. */
export async function listSessions(
  sql: Sql,
  principal: string,
  limit = 50,
): Promise<readonly { id: string; title: string; updatedAt: string }[]> {
  const rows = await sql.query<{ id: string; title: string; updated_at: Date }>(
    "select id, title, updated_at from sessions where principal = $1 order by updated_at desc limit $2",
    [principal, limit],
  );
  return rows.map((row) => ({ id: row.id, title: row.title, updatedAt: row.updated_at.toISOString() }));
}
