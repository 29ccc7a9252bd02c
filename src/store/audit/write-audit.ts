import type { JsonObject } from "../../types/json.ts";
import type { Sql } from "../db.ts";

/** One sentence of the record: who did what to which thing. */
export type AuditEntry = {
  /** E-mail of the person, or `system`. */
  readonly actor: string;
  /** `noun.verb`, e.g. `action.succeeded`, `approval.voted`, `token.created`. */
  readonly type: string;
  /** Id of what it is about. */
  readonly subject: string;
  /** Ids, digests, rules, counts. Never the words of a message, a file's content or a secret. */
  readonly data: JsonObject;
};

/**
 * Writes an entry in the caller's transaction, so that the record and the change happen together or not at
 * all. Its place in the tree comes later (`sequenceAudit`): taking it here would make every writer wait for
 * every other.
 */
export async function writeAudit(sql: Sql, entry: AuditEntry): Promise<void> {
  await sql.query("insert into audit (actor, type, subject, data) values ($1, $2, $3, $4)", [
    entry.actor,
    entry.type,
    entry.subject,
    JSON.stringify(entry.data),
  ]);
}
