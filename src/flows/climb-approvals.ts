import {
  canVote,
  countApprovals,
  deciders,
  type Electorate,
  mayVote,
  namesOf,
  REQUESTER,
  readElectorate,
  voteOf,
} from "../actions/eligible.ts";
import type { ExecutorDeps } from "../actions/executor-deps.ts";
import type { Ladder } from "../actions/ladder.ts";
import { changed } from "../actions/settle-action.ts";
import type { TurnWriter } from "../agent/turn-writer.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { findDueSteps, markEscalated, markReminded } from "../store/approvals/climb-approvals.ts";
import { findApproval } from "../store/approvals/find-approvals.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { addInbox } from "../store/inbox/add-inbox.ts";
import type { Action } from "../types/action.ts";
import type { Approval, Escalation } from "../types/approval.ts";
import { newId } from "../types/ids.ts";
import type { JsonObject } from "../types/json.ts";
import type { Principal } from "../types/principal.ts";

type Deps = Pick<ExecutorDeps, "db" | "gate" | "directory">;

/**
 * Reminds those who have not decided, and asks their managers as well, as each approval's time goes on. What was done
 * is in the approvals table, in one transaction with the work that it makes for the session: no restart forgets it and
 * no second replica repeats it. Returns how many steps were taken.
 */
export async function climbApprovals(deps: Deps, ladder: Ladder, now: Date): Promise<number> {
  const due = await findDueSteps(deps.db, ladder, now);
  if (due.length === 0) return 0;
  const electorate = await readElectorate(deps);
  let taken = 0;
  for (const step of due) {
    const approval = await findApproval(deps.db, step.approval);
    const action = approval && (await findAction(deps.db, approval.action));
    if (!approval || action?.status !== "awaiting") continue;
    if (step.isReminderDue && (await remind(deps, electorate, approval, action, now))) taken += 1;
    if (step.isEscalationDue && (await escalate(deps, electorate, approval, action, now))) taken += 1;
  }
  return taken;
}

async function remind(
  deps: Deps,
  electorate: Electorate,
  approval: Approval,
  action: Action,
  now: Date,
): Promise<boolean> {
  const people = silentOnes(electorate, approval, action);
  return await deps.db.tx(async (sql) => {
    if (!(await markReminded(sql, approval.id, now))) return false;
    const to = people.map(({ id }) => id);
    await writeAudit(sql, {
      actor: "system",
      type: "approval.reminded",
      subject: approval.id,
      data: { action: action.id, to },
    });
    await addInbox(sql, {
      session: approval.session,
      kind: "climb",
      dedupe: `remind:${approval.id}`,
      data: { action: action.id, approval: approval.id, step: "reminded" },
    });
    return true;
  });
}

async function escalate(
  deps: Deps,
  electorate: Electorate,
  approval: Approval,
  action: Action,
  now: Date,
): Promise<boolean> {
  const escalations = escalationsOf(electorate, approval, action);
  return await deps.db.tx(async (sql) => {
    if (!(await markEscalated(sql, approval.id, escalations, now))) return false;
    await writeAudit(sql, {
      actor: "system",
      type: "approval.escalated",
      subject: approval.id,
      data: { action: action.id, escalations: escalations as unknown as JsonObject[] },
    });
    await addInbox(sql, {
      session: approval.session,
      kind: "climb",
      dedupe: `escalate:${approval.id}`,
      data: { action: action.id, approval: approval.id, step: "escalated" },
    });
    return true;
  });
}

/** Who could decide and has not. */
function silentOnes(electorate: Electorate, approval: Approval, action: Action): readonly Principal[] {
  return deciders(electorate, approval, action).filter(
    ({ id }) => voteOf(electorate, id, approval, action) === null,
  );
}

/**
 * The managers of members who could decide and have not, of groups that still miss votes; only managers whose vote
 * policy would count, and who could not vote anyway.
 */
function escalationsOf(electorate: Electorate, approval: Approval, action: Action): readonly Escalation[] {
  const { directory } = electorate;
  const counts = countApprovals(electorate, approval, action);
  const missing = Object.entries(approval.approvers)
    .filter(([group, needed]) => group !== REQUESTER && (counts[group] ?? 0) < needed)
    .map(([group]) => group);
  return missing.flatMap((group) => {
    const members = directory.inGroup(group).slice(0, MAX_SILENT);
    return members.flatMap((member): readonly Escalation[] => {
      const manager = member.manager && directory.find(member.manager);
      if (!manager || voteOf(electorate, member.id, approval, action)) return [];
      if (!mayVote(electorate, member, group, action).isAllowed) return [];
      if (canVote(electorate, manager, group, action)) return [];
      const one = { group, from: member.id, to: manager.id };
      return canVote(electorate, manager, group, action, [one]) ? [one] : [];
    });
  });
}

/** Of a larger group the managers of the first are asked: enough to decide, and nobody asks a whole company. */
const MAX_SILENT = 50;

/**
 * Shows a reminder or an escalation: the card changes in the thread, which is the hint to everybody who may decide, and
 * sends it to their places on the platforms (add-to-outbox).
 */
export async function tellClimb(deps: ExecutorDeps, writer: TurnWriter, data: JsonObject): Promise<void> {
  const approval = await findApproval(deps.db, String(data.approval));
  const action = await findAction(deps.db, String(data.action));
  if (approval?.status !== "pending" || action?.status !== "awaiting") return;
  const isEscalated = data.step === "escalated";
  const asked = [...new Set((approval.escalations ?? []).map(({ to }) => to))];
  if (isEscalated && asked.length > 0) {
    const directory = deps.directory();
    const names = asked.map((id) => ({ name: directory.find(id)?.name ?? id }));
    const line = action.preview?.line ?? action.tool;
    writer.add({
      type: "reply.posted",
      data: {
        turn: null,
        message: newId("msg"),
        text: `Nobody has decided yet, so I have asked ${namesOf(names)} as well: ${line}.`,
        citations: [],
        note: null,
      },
    });
  }
  writer.add(changed(action, isEscalated ? "escalated" : "reminded"));
}
