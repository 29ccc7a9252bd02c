import type { Db } from "../../store/db.ts";
import { analyzePassages } from "../../store/documents/analyze-passages.ts";
import { deleteDocuments } from "../../store/documents/delete-documents.ts";
import { listDocumentHashes } from "../../store/documents/list-document-hashes.ts";

/** Deletes documents by their sources; returns those that were there. They are not found from then on. */
export async function forgetDocuments(db: Db, sources: readonly string[]): Promise<readonly string[]> {
  const gone = await deleteDocuments(db, sources);
  if (gone.length > 0) await analyzePassages(db);
  return gone;
}

/**
 * Deletes the documents whose source lies under the folder `under` and is not in `keep`: what vanished from a folder
 * since it was read in. Returns their sources. `under` must not be empty.
 */
export async function forgetMissing(
  db: Db,
  { under, keep }: { readonly under: string; readonly keep: readonly string[] },
): Promise<readonly string[]> {
  if (under === "") throw new Error("An empty `under` would delete every document.");
  const folder = under.endsWith("/") ? under : `${under}/`;
  const kept = new Set(keep);
  const known = await listDocumentHashes(db);
  const missing = [...known.keys()].filter((source) => source.startsWith(folder) && !kept.has(source));
  return await forgetDocuments(db, missing);
}
