import type { Action } from "../../types/action.ts";
import type { Sql } from "../db.ts";
import { ACTION_COLUMNS, type ActionRow, toAction } from "./action-row.ts";

/** The actions proposed since a moment, the newest first. */
export async function listRecordedActions(sql: Sql, since: Date, limit: number): Promise<readonly Action[]> {
  const rows = await sql.query<ActionRow>(
    `select ${ACTION_COLUMNS} from actions where created_at >= $1 order by id desc limit $2`,
    [since, limit],
  );
  return rows.map(toAction);
}
