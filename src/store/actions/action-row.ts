import type { Action } from "../../types/action.ts";
import { packJson, unpackJson } from "../packed-json.ts";

/** Columns of an action; what only people read is packed in `body` and `outcome`. */
export const ACTION_COLUMNS = `id, session_id as session, turn_id as turn, call_id as call, principal, tool, effect,
  resource, key, body, encode(digest, 'hex') as digest, started_at as "startedAt", status, finished_at as "finishedAt",
  undo_until as "undoUntil", outcome`;

type Body = Pick<Action, "args" | "evidence" | "decision" | "preview" | "policyVersion">;
type Outcome = Pick<Action, "result" | "undo">;

export type ActionRow = Omit<Action, keyof Body | keyof Outcome | "key"> & {
  readonly key: string | null;
  readonly body: Uint8Array;
  readonly outcome: Uint8Array | null;
};

/** The usual idempotency key of a call, which goes without saying in its row. */
export const usualKey = ({ turn, call }: Pick<Action, "turn" | "call">): string => `${turn}:${call}`;

export function packBody({ args, evidence, decision, preview, policyVersion }: Body): Uint8Array {
  return packJson({ args, evidence, decision, preview, policyVersion });
}

/** Null while there is nothing to keep. */
export function packOutcome({ result, undo }: Outcome): Uint8Array | null {
  return result === null && undo === null ? null : packJson({ result, undo });
}

export function toAction({ key, body, outcome, ...row }: ActionRow): Action {
  const ended: Outcome = outcome === null ? NOT_ENDED : (unpackJson(outcome) as unknown as Outcome);
  const { result, undo } = ended;
  return { ...row, ...(unpackJson(body) as unknown as Body), result, undo, key: key ?? usualKey(row) };
}

const NOT_ENDED: Outcome = { result: null, undo: null };
