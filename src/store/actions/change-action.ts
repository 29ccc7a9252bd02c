import type { Action, ActionStatus } from "../../types/action.ts";
import type { Decision } from "../../types/decision.ts";
import type { JsonObject } from "../../types/json.ts";
import type { ActionResult } from "../../types/tool.ts";
import type { Sql } from "../db.ts";
import { packBody, packOutcome } from "./action-row.ts";

/** The one claim that lets one executor through: true for exactly one caller. */
export async function startAction(sql: Sql, id: string, digest: string): Promise<boolean> {
  const rows = await sql.query(
    `update actions set status = 'running', started_at = now()
     where id = $1 and digest = decode($2, 'hex') and status = 'awaiting' returning id`,
    [id, digest],
  );
  return rows.length === 1;
}

/** Ends an action that ran. `undo` and `undoUntil` say how and until when it can be taken back. */
export async function finishAction(
  sql: Sql,
  id: string,
  end: { status: ActionStatus; result: ActionResult | null; undo: JsonObject | null; undoUntil: Date | null },
): Promise<void> {
  await sql.query(
    "update actions set status = $2, finished_at = now(), undo_until = $3, outcome = $4 where id = $1",
    [id, end.status, end.undoUntil, packOutcome(end)],
  );
}

/** Moves an action from one status to another; false when it was elsewhere. */
export async function moveAction(
  sql: Sql,
  id: string,
  from: ActionStatus,
  to: ActionStatus,
): Promise<boolean> {
  const rows = await sql.query(
    `update actions set status = $3, finished_at = case when $3 in ('awaiting', 'running') then finished_at else now() end
     where id = $1 and status = $2 returning id`,
    [id, from, to],
  );
  return rows.length === 1;
}

/** Puts edited arguments and what policy says of them in place of the proposed ones, while nobody ran it. */
export async function editAction(
  sql: Sql,
  id: string,
  edit: Pick<Action, "args" | "digest" | "policyVersion" | "evidence" | "preview" | "resource"> & {
    decision: Decision;
  },
): Promise<boolean> {
  const rows = await sql.query(
    `update actions set body = $2, digest = decode($3, 'hex'), resource = $4
     where id = $1 and status = 'awaiting' returning id`,
    [id, packBody(edit), edit.digest, edit.resource],
  );
  return rows.length === 1;
}
