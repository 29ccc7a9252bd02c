import type { Integrity, Sensitivity } from "../../types/label.ts";
import type { Sql } from "../db.ts";

export type StoredDocument = {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly mediaType: string;
  readonly sensitivity: Sensitivity;
  readonly integrity: Extract<Integrity, "member" | "external">;
  readonly readers: readonly string[];
  readonly updatedAt: Date;
};

export type StoredPassage = {
  readonly id: string;
  readonly headings: readonly string[];
  readonly body: string;
};

/** A document and its passages in order, or null when these readers may not read it or there is none. */
export async function readDocument(
  sql: Sql,
  id: string,
  readers: readonly string[],
): Promise<{ readonly document: StoredDocument; readonly passages: readonly StoredPassage[] } | null> {
  const [document] = await sql.query<StoredDocument>(
    `select id, title, source, media_type as "mediaType", sensitivity, integrity, readers,
       updated_at as "updatedAt"
     from documents where id = $1 and readers && $2::text[]`,
    [id, [...readers]],
  );
  if (!document) return null;
  const passages = await sql.query<StoredPassage>(
    `select id, headings, body from passages where document_id = $1 and readers && $2::text[] order by ordinal`,
    [id, [...readers]],
  );
  return { document, passages };
}
