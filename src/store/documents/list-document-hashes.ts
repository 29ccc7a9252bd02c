import type { Sql } from "../db.ts";

/** Source → hash of what was read in from it; of all documents, or of the given sources. */
export async function listDocumentHashes(
  sql: Sql,
  sources: readonly string[] | null = null,
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ source: string; hash: string }>(
    "select source, hash from documents where hash <> '' and ($1::text[] is null or source = any ($1))",
    [sources],
  );
  return new Map(rows.map((row) => [row.source, row.hash]));
}
