import type { Sql } from "../db.ts";

/** Keeps the text of a version of the policies, as it was when it first came into force. */
export async function savePolicyVersion(sql: Sql, version: string, text: string): Promise<void> {
  await sql.query("insert into policy_versions (version, text) values ($1, $2) on conflict do nothing", [
    version,
    text,
  ]);
}
