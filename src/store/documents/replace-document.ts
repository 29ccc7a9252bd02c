import { toSql } from "pgvector";
import { newId } from "../../types/ids.ts";
import type { Label } from "../../types/label.ts";
import type { Db, Sql } from "../db.ts";

export type NewPassage = {
  /** Ending of the passage's id; the same for the same words, so that citations outlive a new version. */
  readonly key: string;
  readonly headings: readonly string[];
  readonly body: string;
  readonly searchText: string;
  /** Null when there is none: the passage is found by its words only. */
  readonly vector: Float32Array | null;
};

export type NewDocument = {
  readonly source: string;
  readonly title: string;
  readonly mediaType: string;
  readonly hash: string;
  readonly label: Pick<Label, "sensitivity" | "readers" | "integrity">;
  readonly passages: readonly NewPassage[];
};

/** What is kept of the passages a document had before: vectors of unchanged ones need no encoding. */
export async function readPassageVectors(db: Db, source: string): Promise<ReadonlyMap<string, Float32Array>> {
  if (!db.extensions.has("vector")) return new Map();
  const rows = await db.query<{ search_text: string; embedding: string }>(
    `select p.search_text, p.embedding::text as embedding from passages p
     join documents d on d.id = p.document_id where d.source = $1 and p.embedding is not null`,
    [source],
  );
  return new Map(
    rows.map((row) => [row.search_text, Float32Array.from(JSON.parse(row.embedding) as number[])]),
  );
}

/**
 * Puts a document in the place of what was read from the same source before, in one transaction: a reader
 * sees the old one or the new one, never a mixture or a gap. Its id stays.
 */
export async function replaceDocument(db: Db, document: NewDocument): Promise<{ readonly id: string }> {
  return await db.tx(async (sql) => {
    const [row] = await sql.query<{ id: string }>(
      `insert into documents (id, title, source, media_type, hash, sensitivity, readers, integrity)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (source) do update set title = excluded.title, media_type = excluded.media_type,
         hash = excluded.hash, sensitivity = excluded.sensitivity, readers = excluded.readers,
         integrity = excluded.integrity, updated_at = now()
       returning id`,
      [
        newId("doc"),
        document.title,
        document.source,
        document.mediaType,
        document.hash,
        document.label.sensitivity,
        [...document.label.readers],
        document.label.integrity,
      ],
    );
    if (!row) throw new Error("an upsert returned no row");
    await sql.query("delete from passages where document_id = $1", [row.id]);
    for (let at = 0; at < document.passages.length; at += 100) {
      await insertPassages(sql, db, row.id, document, at, document.passages.slice(at, at + 100));
    }
    return row;
  });
}

async function insertPassages(
  sql: Sql,
  db: Db,
  id: string,
  document: NewDocument,
  first: number,
  passages: readonly NewPassage[],
): Promise<void> {
  const hasVectors = db.extensions.has("vector");
  const rows = passages.map((passage, i) => ({
    id: `${id}.${passage.key}`,
    ordinal: first + i,
    headings: passage.headings,
    body: passage.body,
    search_text: passage.searchText,
    embedding: passage.vector && hasVectors ? toSql([...passage.vector]) : null,
  }));
  await sql.query(
    `insert into passages (id, document_id, ordinal, headings, body, search_text, readers${hasVectors ? ", embedding" : ""})
     select r.id, $1, r.ordinal, r.headings, r.body, r.search_text, $2${hasVectors ? ", r.embedding::vector" : ""}
     from jsonb_to_recordset($3::jsonb) as r
       (id text, ordinal int, headings text[], body text, search_text text, embedding text)`,
    [id, [...document.label.readers], JSON.stringify(rows)],
  );
}
