import type { Action } from "../../types/action.ts";
import type { Sql } from "../db.ts";
import { packBody, packOutcome, usualKey } from "./action-row.ts";

/** Writes a new action as it was proposed and decided; one a tool call. */
export async function saveAction(sql: Sql, action: Action): Promise<void> {
  await sql.query(
    `insert into actions (id, session_id, turn_id, call_id, principal, tool, effect, resource, key, body, digest,
       started_at, status, finished_at, undo_until, outcome)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, decode($11, 'hex'), $12, $13, $14, $15, $16)`,
    [
      action.id,
      action.session,
      action.turn,
      action.call,
      action.principal,
      action.tool,
      action.effect,
      action.resource,
      action.key === usualKey(action) ? null : action.key,
      packBody(action),
      action.digest,
      action.startedAt,
      action.status,
      action.finishedAt,
      action.undoUntil,
      packOutcome(action),
    ],
  );
}
