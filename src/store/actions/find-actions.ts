import type { Action } from "../../types/action.ts";
import type { Sql } from "../db.ts";
import { ACTION_COLUMNS, type ActionRow, toAction } from "./action-row.ts";

/** By the number that the index actions_by_person knows a person by, and the address itself. */
const OF_PERSON = "hashtext(principal) = hashtext($1) and principal = $1";

export async function findAction(sql: Sql, id: string): Promise<Action | null> {
  const [row] = await sql.query<ActionRow>(`select ${ACTION_COLUMNS} from actions where id = $1`, [id]);
  return row ? toAction(row) : null;
}

/** The actions of a turn in the order they were proposed. */
export async function findTurnActions(sql: Sql, turn: string): Promise<readonly Action[]> {
  const rows = await sql.query<ActionRow>(
    `select ${ACTION_COLUMNS} from actions where turn_id = $1 order by id`,
    [turn],
  );
  return rows.map(toAction);
}

/** What a person last asked to be changed, whatever became of it. */
export async function findLatestAction(sql: Sql, principal: string): Promise<Action | null> {
  const [row] = await sql.query<ActionRow>(
    `select ${ACTION_COLUMNS} from actions where ${OF_PERSON} and effect <> 'read'
     order by created_at desc, id desc limit 1`,
    [principal],
  );
  return row ? toAction(row) : null;
}

/** The latest change of a person in a conversation that can still be taken back. */
export async function findUndoable(sql: Sql, principal: string, session: string): Promise<Action | null> {
  const [row] = await sql.query<ActionRow>(
    `select ${ACTION_COLUMNS} from actions
     where ${OF_PERSON} and session_id = $2 and effect <> 'read' and status = 'succeeded'
       and undo_until > now()
     order by finished_at desc, id desc limit 1`,
    [principal, session],
  );
  return row ? toAction(row) : null;
}

/** What can still be taken back of the latest request of a person that left something to take back, the last first. */
export async function findUndoableTurn(
  sql: Sql,
  principal: string,
  session: string,
): Promise<readonly Action[]> {
  const latest = await findUndoable(sql, principal, session);
  if (!latest) return [];
  const rows = await sql.query<ActionRow>(
    `select ${ACTION_COLUMNS} from actions
     where turn_id = $1 and principal = $2 and effect <> 'read' and status = 'succeeded'
       and undo_until > now()
     order by finished_at desc, id desc`,
    [latest.turn, principal],
  );
  return rows.map(toAction);
}
