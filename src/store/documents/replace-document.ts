import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { toSql } from "pgvector";
import { newId } from "../../types/ids.ts";
import type { Label } from "../../types/label.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { Db } from "../db.ts";

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
     join documents d on d.id = p.document_id and d.version = p.version
     where d.source = $1 and p.embedding is not null`,
    [source],
  );
  return new Map(
    rows.map((row) => [row.search_text, Float32Array.from(JSON.parse(row.embedding) as number[])]),
  );
}

/**
 * Rows a transaction: a passage with its vector takes 5 to 15 ms to index, and the embedded database does
 * nothing else meanwhile.
 */
const BATCH = 8;

/**
 * Puts a document in the place of what was read from the same source before. Its passages are written beside
 * the old ones, in small transactions that let others in between, and take their place all at once: a reader
 * sees the old document or the new one, never a mixture or a gap. Its id stays. Left-overs of a run that was
 * stopped are never seen, and go at the next one.
 */
export async function replaceDocument(db: Db, document: NewDocument): Promise<{ readonly id: string }> {
  const version = randomUUID();
  const [row] = await db.query<{ id: string }>(
    `insert into documents (id, title, source, media_type, hash, readers) values ($1, $2, $3, $4, '', '{}')
     on conflict (source) do update set source = excluded.source returning id`,
    [newId("doc"), document.title, document.source, document.mediaType],
  );
  if (!row) throw new Error("an upsert returned no row");
  for (let at = 0; at < document.passages.length; at += BATCH) {
    await insertPassages(db, { id: row.id, version }, document, at);
    // Embedded, a query is computed at once: without this nothing else would run before the last one.
    await setImmediate();
  }
  await db.tx(async (sql) => {
    const [staged] = await sql.query<{ count: number }>(
      "select count(*)::int as count from passages where document_id = $1 and version = $2",
      [row.id, version],
    );
    if (staged?.count !== document.passages.length) {
      throw new StewardError("DOC-410", "It was read in or deleted by somebody else at the same time.");
    }
    await sql.query(
      `update documents set title = $2, media_type = $3, hash = $4, sensitivity = $5, readers = $6,
         integrity = $7, version = $8, updated_at = now() where id = $1`,
      [
        row.id,
        document.title,
        document.mediaType,
        document.hash,
        document.label.sensitivity,
        [...document.label.readers],
        document.label.integrity,
        version,
      ],
    );
    await sql.query("delete from passages where document_id = $1 and version <> $2", [row.id, version]);
  });
  return row;
}

async function insertPassages(
  db: Db,
  { id, version }: { readonly id: string; readonly version: string },
  document: NewDocument,
  first: number,
): Promise<void> {
  const hasVectors = db.extensions.has("vector");
  const rows = document.passages.slice(first, first + BATCH).map((passage, i) => ({
    id: `${id}.${passage.key}`,
    ordinal: first + i,
    headings: passage.headings,
    body: passage.body,
    search_text: passage.searchText,
    embedding: passage.vector && hasVectors ? toSql([...passage.vector]) : null,
  }));
  await db.query(
    `insert into passages
       (id, version, document_id, ordinal, headings, body, search_text, readers${hasVectors ? ", embedding" : ""})
     select r.id, $4, $1, r.ordinal, r.headings, r.body, r.search_text, $2${hasVectors ? ", r.embedding::vector" : ""}
     from jsonb_to_recordset($3::jsonb) as r
       (id text, ordinal int, headings text[], body text, search_text text, embedding text)`,
    [id, [...document.label.readers], JSON.stringify(rows), version],
  );
}
