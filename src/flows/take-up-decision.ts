import { type Executed, reconcileAction, saveExecuted } from "../actions/execute-action.ts";
import type { ExecutorDeps } from "../actions/executor-deps.ts";
import {
  changed,
  type FencedCommit,
  finished,
  type Settled,
  settleAction,
} from "../actions/settle-action.ts";
import { findAction, findTurnActions } from "../store/actions/find-actions.ts";
import type { Action } from "../types/action.ts";
import type { SessionEvent } from "../types/session-event.ts";

/**
 * Takes up what people decided about an action, also when an earlier worker died over it: an action that it had begun
 * is settled by its key, and an outcome that it wrote down but did not tell is told (`ended`).
 */
export async function takeUpDecision(
  deps: ExecutorDeps,
  id: string,
  log: readonly SessionEvent[],
  commit: FencedCommit,
  signal: AbortSignal,
): Promise<Settled> {
  const action = await findAction(deps.db, id);
  if (action?.status === "running") {
    const tool = deps.tools.get(action.tool);
    const principal = deps.directory().find(action.principal);
    const executed =
      tool && principal ? await reconcileAction(deps, action, tool, principal, signal) : NOBODY_KNOWS;
    await writeEnd(action, executed, commit);
    return "ended";
  }
  const settled = await settleAction(deps, id, commit, signal);
  return settled === "nothing" && isUntold(log, id) ? "ended" : settled;
}

/** Whether an action has an outcome that came after the last words of its turn. */
function isUntold(log: readonly SessionEvent[], action: string): boolean {
  const end = log.findLast((event) => event.type === "action.finished" && event.data.action === action);
  if (end?.type !== "action.finished" || end.data.outcome.status === "waiting") return false;
  const { turn } = end.data;
  const told = log.findLast((event) => event.type === "turn.ended" && event.data.turn === turn);
  return told !== undefined && told.seq < end.seq;
}

/** Of work that is given up, what was begun stays open for a person: its outcome is unknown, and the card says so. */
export async function leaveUnknown(
  deps: ExecutorDeps,
  of: { readonly turn: string } | { readonly action: string },
  commit: FencedCommit,
): Promise<void> {
  const actions =
    "turn" in of ? await findTurnActions(deps.db, of.turn) : [await findAction(deps.db, of.action)];
  for (const action of actions)
    if (action?.status === "running") await writeEnd(action, NOBODY_KNOWS, commit);
}

async function writeEnd(action: Action, executed: Executed, commit: FencedCommit): Promise<void> {
  await commit(
    [finished(action, executed.outcome, executed.records, executed.facts), changed(action, "finished")],
    async (sql) => await saveExecuted(sql, action, executed),
  );
}

const UNKNOWN = { status: "unknown", message: "Steward stopped in the middle of it." } as const;
const NOBODY_KNOWS: Executed = { end: UNKNOWN, outcome: UNKNOWN, records: [], facts: [], undoUntil: null };
