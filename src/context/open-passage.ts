import type { Db } from "../store/db.ts";
import { readDocument } from "../store/documents/read-document.ts";
import type { Label } from "../types/label.ts";
import type { Principal } from "../types/principal.ts";
import { readersOf } from "./retrieve.ts";

/** A document as the citation panel shows it. */
export type OpenedDocument = {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly updatedAt: Date;
  readonly label: Label;
  readonly passages: readonly {
    readonly id: string;
    readonly headings: readonly string[];
    readonly text: string;
  }[];
  /** The passage asked for; null when none was or when it is gone from the newest version. */
  readonly passage: string | null;
};

/** Opens what a citation points at; null when it does not exist or may not be read, which look the same. */
export async function openPassage(
  db: Db,
  reader: Pick<Principal, "id" | "groups">,
  documentId: string,
  passageId: string | null = null,
): Promise<OpenedDocument | null> {
  const found = await readDocument(db, documentId, readersOf(reader));
  if (!found) return null;
  const { document, passages } = found;
  return {
    id: document.id,
    title: document.title,
    source: document.source,
    updatedAt: document.updatedAt,
    label: {
      integrity: document.integrity,
      sensitivity: document.sensitivity,
      source: document.title,
      readers: document.readers,
    },
    passages: passages.map(({ id, headings, body }) => ({ id, headings, text: body })),
    passage: passages.some((one) => one.id === passageId) ? passageId : null,
  };
}
