import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

/** On which platforms these people talk to Steward, besides those that replay the log themselves. */
export async function findPlaces(
  sql: Sql,
  people: readonly string[],
  replaying: readonly ThreadRef["channel"][],
): Promise<readonly { readonly person: string; readonly channel: ThreadRef["channel"] }[]> {
  return await sql.query<{ person: string; channel: ThreadRef["channel"] }>(
    `select distinct principal as person, channel from sessions
     where principal = any($1) and channel <> all($2) order by principal, channel`,
    [people, replaying],
  );
}
