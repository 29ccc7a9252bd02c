import type { Sensitivity } from "../../types/label.ts";
import type { Sql } from "../db.ts";
import { readEventsAfter } from "../events/read-events.ts";

/** What one kind of thing that a session drew upon says of who may see it. */
export type DrawnLabel = { readonly sensitivity: Sensitivity; readonly readers: readonly string[] | null };

/**
 * The labels of all that a session's model saw or a tool returned between two places of its log, each once. `readers`
 * is null where everybody of the directory may read it.
 */
export async function readDrawnLabels(
  sql: Sql,
  session: string,
  after: number,
  to: number,
): Promise<readonly DrawnLabel[]> {
  const labels = new Map<string, DrawnLabel>();
  const add = (sensitivity: Sensitivity, readers: readonly string[] | null) =>
    labels.set(JSON.stringify([sensitivity, readers]), { sensitivity, readers });
  for (const event of await readEventsAfter(sql, session, after, to - after)) {
    if (event.type === "model.answered") add(event.data.sensitivity, event.data.readers ?? null);
    if (event.type === "summary.written") add(event.data.sensitivity, null);
    if (event.type === "action.finished") {
      for (const { label } of event.data.facts) add(label.sensitivity, label.readers);
    }
  }
  return [...labels.values()];
}

/** Who may read these documents now, one list each; a document that is gone has none. */
export async function readDocumentLabels(
  sql: Sql,
  documents: readonly string[],
): Promise<readonly DrawnLabel[]> {
  return await sql.query<DrawnLabel>(
    `select coalesce(d.sensitivity, 'restricted') as sensitivity,
       to_jsonb(coalesce(d.readers, '{}'::text[])) as readers
     from unnest($1::text[]) as asked (id) left join documents d on d.id = asked.id`,
    [documents],
  );
}
