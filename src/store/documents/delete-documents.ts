import type { Sql } from "../db.ts";

/** Deletes the documents of these sources with their passages; returns the sources that were there. */
export async function deleteDocuments(sql: Sql, sources: readonly string[]): Promise<readonly string[]> {
  const rows = await sql.query<{ source: string }>(
    "delete from documents where source = any ($1) returning source",
    [[...sources]],
  );
  return rows.map((row) => row.source);
}
