import { type Executed, reconcileAction, saveExecuted } from "../actions/execute-action.ts";
import type { ExecutorDeps } from "../actions/executor-deps.ts";
import {
  changed,
  type FencedCommit,
  finished,
  type Settled,
  settleAction,
} from "../actions/settle-action.ts";
import { endTurn, runTurn } from "../agent/run-turn.ts";
import type { TurnDeps } from "../agent/turn-deps.ts";
import type { TurnWriter } from "../agent/turn-writer.ts";
import { moveAction } from "../store/actions/change-action.ts";
import { findAction, findTurnActions } from "../store/actions/find-actions.ts";
import { closeApproval } from "../store/approvals/change-approval.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { readTurnEvents } from "../store/events/read-events.ts";
import type { Action } from "../types/action.ts";
import type { SessionEvent } from "../types/session-event.ts";

type Finished = Extract<SessionEvent, { type: "action.finished" }>;

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

/** A decision gave a call that waited its outcome: the turn takes the missing steps. */
export async function continueTurn(
  deps: TurnDeps,
  writer: TurnWriter,
  person: string,
  action: string,
  signal: AbortSignal,
): Promise<void> {
  const end = endOf(writer.events(), action);
  const principal = deps.directory().find(person);
  if (!end || !principal) return;
  const { turn } = end.data;
  const isInWindow = writer
    .events()
    .some((event) => event.type === "turn.started" && event.data.turn === turn);
  if (isInWindow) await runTurn(deps, writer, turn, principal, signal, true);
  // A turn that began before the window is told by the outcome alone; its conversation has long moved on.
  else await tellOutcome(deps, writer, action);
}

/** Ends an action's turn with its outcome in plain words, without a model; false when it has none to tell. */
export async function tellOutcome(deps: ExecutorDeps, writer: TurnWriter, action: string): Promise<boolean> {
  const end = endOf(writer.events(), action);
  if (!end || end.data.outcome.status === "waiting") return false;
  const { outcome, turn } = end.data;
  if ((await readTurnEvents(deps.db, writer.session, turn)).length === 0) return false;
  const text =
    outcome.status === "succeeded"
      ? outcome.summary
      : "message" in outcome
        ? outcome.message
        : outcome.question;
  endTurn(writer, turn, text, null);
  return true;
}

function endOf(log: readonly SessionEvent[], action: string): Finished | null {
  const end = log.findLast((event) => event.type === "action.finished" && event.data.action === action);
  return end?.type === "action.finished" ? end : null;
}

/** Whether an action has an outcome that came after the last words of its turn. */
function isUntold(log: readonly SessionEvent[], action: string): boolean {
  const end = endOf(log, action);
  if (!end || end.data.outcome.status === "waiting") return false;
  const { turn } = end.data;
  const told = log.findLast((event) => event.type === "turn.ended" && event.data.turn === turn);
  return told !== undefined && told.seq < end.seq;
}

/**
 * Of work that is given up, what was begun stays open for a person: its outcome is unknown, and the card says so. What
 * was decided but never begun is closed as not done.
 */
export async function giveUp(
  deps: ExecutorDeps,
  of: { readonly turn: string } | { readonly decided: string },
  commit: FencedCommit,
): Promise<void> {
  const actions =
    "turn" in of ? await findTurnActions(deps.db, of.turn) : [await findAction(deps.db, of.decided)];
  for (const action of actions) {
    if (action?.status === "running") await writeEnd(action, NOBODY_KNOWS, commit);
    if (action?.status === "awaiting" && "decided" in of) await closeUndone(deps, action, commit);
  }
}

async function closeUndone(deps: ExecutorDeps, action: Action, commit: FencedCommit): Promise<void> {
  const approvals = await findActionApprovals(deps.db, [action.id]);
  const message =
    "It was decided, but carrying it out stopped me each time I tried, so it was not done. Please ask again. (TRN-500)";
  await commit(
    [finished(action, { status: "failed", code: "TRN-500", message }), changed(action, "decided")],
    async (sql) => {
      for (const approval of approvals)
        if (approval.status === "pending") await closeApproval(sql, approval.id, "superseded");
      await moveAction(sql, action.id, "awaiting", "failed");
      await writeAudit(sql, {
        actor: "system",
        type: "action.failed",
        subject: action.id,
        data: { tool: action.tool, digest: action.digest },
      });
    },
  );
}

async function writeEnd(action: Action, executed: Executed, commit: FencedCommit): Promise<void> {
  await commit(
    [finished(action, executed.outcome, executed.records, executed.facts), changed(action, "finished")],
    async (sql) => await saveExecuted(sql, action, executed),
  );
}

const UNKNOWN = { status: "unknown", message: "Steward stopped in the middle of it." } as const;
const NOBODY_KNOWS: Executed = { end: UNKNOWN, outcome: UNKNOWN, records: [], facts: [], undoUntil: null };
