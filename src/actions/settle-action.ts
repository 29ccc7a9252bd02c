import { editAction, moveAction, startAction } from "../store/actions/change-action.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { closeApproval } from "../store/approvals/change-approval.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Sql } from "../store/db.ts";
import type { Action, ActionStatus } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import type { Approvers } from "../types/decision.ts";
import type { ToolOutcome } from "../types/model.ts";
import type { NewSessionEvent } from "../types/session-event.ts";
import { bareArguments } from "./bare-arguments.ts";
import { countApprovals, isCounting, readElectorate, voterName } from "./eligible.ts";
import { executeAction, saveExecuted } from "./execute-action.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { openApproval } from "./open-approval.ts";
import { judge } from "./prepare-call.ts";

/** Appends events and makes the rows' changes in one fenced transaction. */
export type FencedCommit = (
  events: readonly NewSessionEvent[],
  work: (sql: Sql) => Promise<void>,
) => Promise<void>;

/**
 * `ended`: the call has an outcome now and its turn may go on. `waiting`: somebody must still decide. `reopened`: the
 * rules or the facts changed, so the votes are void and it is asked again.
 */
export type Settled = "ended" | "waiting" | "reopened" | "nothing";

/** Thrown inside the starting transaction when another executor was let through first. */
class LostRaceError extends Error {}

/**
 * Takes up what people decided about an action: counts who still may, asks policy again about the world as it is
 * now, and runs it if, and only if, the approved digest is still the action's. Only the holder of the session
 * calls this, and the claim in `startAction` lets one of them through.
 */
export async function settleAction(
  deps: ExecutorDeps,
  id: string,
  commit: FencedCommit,
  signal: AbortSignal,
): Promise<Settled> {
  const action = await findAction(deps.db, id);
  if (action?.status !== "awaiting") return "nothing";
  const [approval] = await findActionApprovals(deps.db, [id]);
  if (!approval) return "nothing";
  const electorate = await readElectorate(deps);
  const refusal = approval.votes.find(
    (vote) => vote.verdict === "refuse" && isCounting(electorate, vote, approval, action),
  );
  if (refusal) {
    const who = voterName(electorate.directory, refusal);
    const because = refusal.reason ? `: ${refusal.reason}` : ".";
    return await close(commit, action, approval, "refused", `${who} refused it${because}`);
  }
  if (approval.expiresAt <= deps.now()) {
    return await close(commit, action, approval, "expired", "Nobody decided in time, so it was not done.");
  }
  const tool = deps.tools.get(action.tool);
  const principal = deps.directory().find(action.principal);
  if (!tool || !principal) {
    return await close(
      commit,
      action,
      approval,
      "forbidden",
      "Its tool or its requester is no longer there.",
    );
  }

  const args = bareArguments(action.args);
  const who = { principal, session: action.session };
  const counted = countApprovals(electorate, approval, action);
  const first = await judge(deps, tool, args, action, who, signal, counted);
  // Consent was given to what the card said under the rules of then. Other rules, another record behind the same words
  // or another starting point: the votes do not count, and it is decided again from nothing.
  const isStale =
    deps.gate.version() !== approval.policyVersion ||
    (first.kind === "judged" && first.judged.preview?.line !== action.preview?.line);
  const again = isStale ? await judge(deps, tool, args, action, who, signal) : first;
  if (again.kind === "immediate") {
    const said =
      "message" in again.outcome ? again.outcome.message : "Something about it is no longer clear.";
    return await close(commit, action, approval, "failed", said);
  }
  const { judged } = again;
  if (judged.decision.effect === "forbid") {
    return await close(commit, action, approval, "forbidden", judged.decision.reason);
  }
  if (judged.decision.effect === "ask") {
    const { decision } = judged;
    const isSame = !isStale && isWithin(decision.approvers, approval.approvers);
    await commit([changed(action, "decided")], async (sql) => {
      if (isSame) return;
      // The rules or the facts moved: consent to the old is no consent to the new.
      await editAction(sql, id, { ...action, ...judged, args: action.args });
      await closeApproval(sql, approval.id, "superseded");
      await openApproval(sql, { ...action, ...judged, args: action.args }, decision, deps.now());
    });
    return isSame ? "waiting" : "reopened";
  }
  if (!isStale && judged.digest !== approval.digest) {
    return await close(
      commit,
      action,
      approval,
      "failed",
      "It is no longer what was approved, so it was not done.",
    );
  }

  try {
    await commit([changed(action, "decided")], async (sql) => {
      if (!(await startAction(sql, id, action.digest))) throw new LostRaceError();
      await closeApproval(sql, approval.id, "granted");
      await writeAudit(sql, {
        actor: action.principal,
        type: "action.started",
        subject: id,
        data: { tool: action.tool, digest: action.digest, approval: approval.id, key: action.key },
      });
    });
  } catch (error) {
    if (error instanceof LostRaceError) return "nothing";
    throw error;
  }
  const executed = await executeAction(deps, action, tool, principal, signal);
  await commit(
    [finished(action, executed.outcome, executed.records, executed.facts), changed(action, "finished")],
    async (sql) => await saveExecuted(sql, action, executed),
  );
  return "ended";
}

/** Ends an action that will not run, and tells its turn why. */
async function close(
  commit: FencedCommit,
  action: Action,
  approval: Approval,
  status: Extract<ActionStatus, "refused" | "expired" | "forbidden" | "failed">,
  message: string,
): Promise<Settled> {
  const outcome: ToolOutcome =
    status === "failed"
      ? { status, code: "APR-409", message }
      : status === "forbidden"
        ? { status, rules: action.decision.rules, message }
        : { status, message };
  const why = status === "expired" ? "expired" : "decided";
  await commit([finished(action, outcome), changed(action, why)], async (sql) => {
    await closeApproval(
      sql,
      approval.id,
      status === "refused" || status === "expired" ? status : "superseded",
    );
    await moveAction(sql, action.id, "awaiting", status);
    await writeAudit(sql, {
      actor: "system",
      type: `action.${status}`,
      subject: action.id,
      data: { tool: action.tool, digest: action.digest, approval: approval.id },
    });
  });
  return "ended";
}

export function finished(
  action: Action,
  outcome: ToolOutcome,
  records: Extract<NewSessionEvent, { type: "action.finished" }>["data"]["records"] = [],
  facts: Extract<NewSessionEvent, { type: "action.finished" }>["data"]["facts"] = [],
): NewSessionEvent {
  const { turn, call, tool } = action;
  return { type: "action.finished", data: { turn, action: action.id, call, tool, outcome, records, facts } };
}

export function changed(
  action: Pick<Action, "id" | "turn">,
  why: Extract<NewSessionEvent, { type: "card.changed" }>["data"]["why"],
): NewSessionEvent {
  return { type: "card.changed", data: { turn: action.turn, action: action.id, why } };
}

/** Policy names only the groups that still miss votes: each of them must have been asked for as it is now. */
function isWithin(now: Approvers, asked: Approvers): boolean {
  return Object.entries(now).every(([group, needed]) => asked[group] === needed);
}
