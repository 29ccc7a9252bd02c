import type { Action } from "../../types/action.ts";

/** Columns of an action under the names of the type, so that a row is an Action. */
export const ACTION_COLUMNS = `id, session_id as session, turn_id as turn, call_id as call, principal, tool, effect,
  resource, args, digest, policy_version as "policyVersion", evidence, decision, preview, status, key, result, undo,
  undo_until as "undoUntil", started_at as "startedAt", finished_at as "finishedAt"`;

export type ActionRow = Action;
