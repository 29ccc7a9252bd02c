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
    `select p.id, p.headings, p.body from passages p join documents d on d.id = p.document_id
     where d.id = $1 and p.version = d.version and d.readers && $2::text[] and p.readers && $2::text[]
     order by p.ordinal`,
    [id, [...readers]],
  );
  return { document, passages };
}
