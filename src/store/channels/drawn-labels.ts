import type { Sensitivity } from "../../types/label.ts";
import type { Sql } from "../db.ts";

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
  return await sql.query<DrawnLabel>(
    `select data ->> 'sensitivity' as sensitivity, data -> 'readers' as readers from events
     where session_id = $1 and seq > $2 and seq <= $3 and type in ('model.answered', 'summary.written')
     union
     select label ->> 'sensitivity', label -> 'readers'
     from events, jsonb_path_query(data, '$.facts[*].label') as label
     where session_id = $1 and seq > $2 and seq <= $3 and type = 'action.finished'`,
    [session, after, to],
  );
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
