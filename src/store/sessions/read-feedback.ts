import type { Sql } from "../db.ts";

/** What a person thinks of these messages, where they said so. */
export async function readFeedback(
  sql: Sql,
  principal: string,
  messages: readonly string[],
): Promise<ReadonlyMap<string, "up" | "down">> {
  if (messages.length === 0) return new Map();
  const rows = await sql.query<{ message: string; verdict: "up" | "down" }>(
    "select message, verdict from feedback where principal = $1 and message = any($2)",
    [principal, messages],
  );
  return new Map(rows.map((row) => [row.message, row.verdict]));
}
