import type { Session } from "../../types/session.ts";
import type { Sql } from "../db.ts";
import { SESSION_COLUMNS, type SessionRow, toSession } from "./session-row.ts";

export async function findSession(sql: Sql, id: string): Promise<Session | null> {
  const [row] = await sql.query<SessionRow>(`select ${SESSION_COLUMNS} from sessions where id = $1`, [id]);
  return row ? toSession(row) : null;
}
