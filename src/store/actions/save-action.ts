import type { Action } from "../../types/action.ts";
import type { Sql } from "../db.ts";

/** Writes a new action as it was proposed and decided; one a tool call. */
export async function saveAction(sql: Sql, action: Action): Promise<void> {
  await sql.query(
    `insert into actions (id, session_id, turn_id, call_id, principal, tool, effect, resource, args, digest,
       policy_version, evidence, decision, preview, status, key, result, undo, undo_until, started_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      action.id,
      action.session,
      action.turn,
      action.call,
      action.principal,
      action.tool,
      action.effect,
      action.resource,
      JSON.stringify(action.args),
      action.digest,
      action.policyVersion,
      JSON.stringify(action.evidence),
      JSON.stringify(action.decision),
      action.preview && JSON.stringify(action.preview),
      action.status,
      action.key,
      action.result && JSON.stringify(action.result),
      action.undo && JSON.stringify(action.undo),
      action.undoUntil,
      action.startedAt,
      action.finishedAt,
    ],
  );
}
