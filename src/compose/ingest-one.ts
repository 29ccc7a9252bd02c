import type { IngestResult } from "../api/ports.ts";
import { ingest } from "../context/documents/ingest.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Installation } from "./installation.ts";

/** Reads one document in; throws with the code of what is wrong with it. */
export async function ingestOne(
  { db, encoder }: Pick<Installation, "db" | "encoder">,
  document: { readonly source: string; readonly content: Uint8Array; readonly readers: readonly string[] },
): Promise<IngestResult> {
  const { source, content, readers } = document;
  const report = await ingest({ db, encoder }, [
    { source, content, ...(readers.length > 0 ? { readers } : {}) },
  ]);
  const [failure] = report.failed;
  if (failure) throw new StewardError(failure.code, failure.message);
  const [row] = await db.query<{ id: string; title: string; passages: number }>(
    `select d.id, d.title, (select count(*) from passages p where p.document_id = d.id) as passages
     from documents d where d.source = $1`,
    [source],
  );
  if (!row) throw new StewardError("DOC-404");
  const status = report.added.length > 0 ? "added" : report.updated.length > 0 ? "changed" : "unchanged";
  if (status !== "unchanged") {
    await writeAudit(db, { actor: "admin", type: `document.${status}`, subject: row.id, data: { readers } });
  }
  return { document: row.id, title: row.title, passages: row.passages, status };
}
