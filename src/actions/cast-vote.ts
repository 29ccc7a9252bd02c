import { editAction } from "../store/actions/change-action.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { closeApproval, saveVote } from "../store/approvals/change-approval.ts";
import { findApproval, lockApproval } from "../store/approvals/find-approvals.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Sql } from "../store/db.ts";
import { addInbox } from "../store/inbox/add-inbox.ts";
import type { Action } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import { newId } from "../types/ids.ts";
import type { JsonObject } from "../types/json.ts";
import { EVERYONE } from "../types/label.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import { bareArguments } from "./bare-arguments.ts";
import { type Electorate, readElectorate, refusalFor, seatFor, voteOf } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { keepGrant, planGrant } from "./make-grant.ts";
import { openApproval } from "./open-approval.ts";
import { type Judged, judge } from "./prepare-call.ts";

export type Ballot = {
  readonly approval: string;
  readonly voter: Principal;
  readonly verdict: "approve" | "refuse";
  readonly reason: string | null;
  /** Arguments to change before saying yes; only with `approve`. */
  readonly edit: JsonObject | null;
  /** What the person saw: another one is not approved. */
  readonly digest?: string | null;
  /** "Do not ask me again for this" until then; only with `approve`, and not with an edit. */
  readonly grantUntil?: Date | null;
};

/**
 * Takes a person's decision on an approval: checks that they may, writes the vote and hands the action to its
 * session's worker, all in one transaction. Says yes again to whoever repeats a vote.
 *
 * Throws APR-404 (no such approval, or not to be seen), APR-403 (why not, and whom to ask), APR-409 (closed or
 * changed), APR-422 (an edit or a standing grant that does not fit or that policy forbids). Nothing has changed then.
 */
export async function castVote(deps: ExecutorDeps, ballot: Ballot): Promise<{ action: Action }> {
  const { voter } = ballot;
  const approval = await findApproval(deps.db, ballot.approval);
  const action = approval && (await findAction(deps.db, approval.action));
  if (!approval || !action) throw new StewardError("APR-404");
  const electorate = await readElectorate(deps);
  const seat = seatFor(electorate, voter, approval, action);
  if (!seat) {
    await writeAudit(deps.db, {
      actor: voter.id,
      type: "approval.denied",
      subject: approval.id,
      data: { action: action.id },
    });
    throw new StewardError("APR-403", refusalFor(electorate, voter, approval, action));
  }
  if (ballot.digest && ballot.digest !== approval.digest) throw new StewardError("APR-409", CHANGED);
  if (isRepeat(electorate, ballot, approval, action)) return { action };
  assertOpen(deps, approval);
  const grant = ballot.grantUntil ? planGrant(deps, ballot, seat, approval, action) : null;
  const edited = ballot.edit ? await judgeEdit(deps, action, ballot.edit, voter) : null;

  await deps.db.tx(async (sql) => {
    const locked = await lockApproval(sql, approval.id);
    if (!locked) throw new StewardError("APR-404");
    // Who voted while we looked is fine; a closed or changed one is not.
    if (isRepeat(electorate, ballot, locked, action)) return;
    assertOpen(deps, locked);
    const target = edited ? await replaceApproval(sql, deps, action, locked, edited) : locked;
    // Looked at again under the lock: a member and a delegate may have clicked at the same moment.
    const counted = seatFor(electorate, voter, target, action);
    if (!counted && !edited) throw new StewardError("APR-409", "The person you vote for has just voted.");
    if (counted) {
      await saveVote(sql, {
        approval: target.id,
        principal: voter.id,
        group: counted.group,
        verdict: ballot.verdict,
        reason: ballot.reason,
        onBehalfOf: counted.delegation ? counted.holder : null,
        delegation: counted.delegation,
        escalatedFrom: counted.escalatedFrom,
      });
    }
    await writeAudit(sql, {
      actor: voter.id,
      type: ballot.verdict === "approve" ? "approval.approved" : "approval.refused",
      subject: target.id,
      data: {
        action: action.id,
        digest: target.digest,
        group: counted?.group ?? null,
        edited: edited !== null,
        ...(counted?.delegation ? { onBehalfOf: counted.holder, delegation: counted.delegation } : {}),
        ...(counted?.escalatedFrom ? { escalatedFrom: counted.escalatedFrom } : {}),
      },
    });
    if (grant) await keepGrant(sql, grant, action);
    const nth = locked.votes.some((vote) => vote.principal === voter.id) ? `:${newId("run")}` : "";
    await addInbox(sql, {
      session: action.session,
      kind: "decide",
      dedupe: `decide:${target.id}:${voter.id}${nth}`,
      data: { action: action.id, edited: edited !== null },
    });
  });
  return { action };
}

const CHANGED = "It has changed since you saw it, so your yes was not taken.";

/** Whether it is the vote that stands already. Throws APR-409 when the person decided otherwise before. */
function isRepeat(electorate: Electorate, ballot: Ballot, approval: Approval, action: Action): boolean {
  const before = voteOf(electorate, ballot.voter.id, approval, action);
  if (!before || ballot.edit) return false;
  if (before.verdict === ballot.verdict) return true;
  const did = before.verdict === "approve" ? "approved" : "refused";
  throw new StewardError("APR-409", `You have ${did} this already.`);
}

function assertOpen(deps: ExecutorDeps, approval: Approval): void {
  if (approval.status === "pending" && approval.expiresAt > deps.now()) return;
  const how = approval.status === "pending" ? "expired" : approval.status;
  throw new StewardError(
    "APR-409",
    `This was ${how === "superseded" ? "changed by somebody else" : how} already.`,
  );
}

type Edit = { readonly judged: Judged; readonly args: JsonObject };

/** Checks edited arguments exactly as proposed ones: schema, preview, policy. */
async function judgeEdit(
  deps: ExecutorDeps,
  action: Action,
  edit: JsonObject,
  editor: Principal,
): Promise<Edit> {
  const tool = deps.tools.get(action.tool);
  const principal = deps.directory().find(action.principal);
  if (!tool || !principal) throw new StewardError("APR-409", "Its tool or its requester is no longer there.");
  const parsed = tool.schema.safeParse({ ...bareArguments(action.args), ...edit });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new StewardError(
      "APR-422",
      `${issue?.path.join(".") ?? "The edit"}: ${issue?.message ?? "does not fit"}.`,
    );
  }
  const changed = new Set(Object.keys(edit));
  const evidence = [
    ...action.evidence.filter((entry) => !changed.has(entry.arg)),
    ...[...changed].map((arg) => ({
      arg,
      isGrounded: true,
      rule: "edit",
      text: `changed by ${editor.name}`,
    })),
  ];
  const label = {
    integrity: "system",
    sensitivity: "internal",
    source: `changed by ${editor.name}`,
    readers: [EVERYONE],
  } as const;
  const args = Object.fromEntries(
    Object.entries(parsed.data).map(([arg, value]) => [
      arg,
      changed.has(arg) ? { value, label } : (action.args[arg] ?? { value, label }),
    ]),
  );
  const signal = AbortSignal.timeout(30_000);
  const result = await judge(
    deps,
    tool,
    parsed.data,
    { evidence, args },
    { principal, session: action.session },
    signal,
  );
  if (result.kind === "immediate") {
    const said = "message" in result.outcome ? result.outcome.message : "The edit leaves something open.";
    throw new StewardError("APR-422", said);
  }
  if (result.judged.decision.effect === "forbid") {
    throw new StewardError(
      "APR-422",
      `With this change it would be forbidden: ${result.judged.decision.reason}`,
    );
  }
  return { judged: result.judged, args: parsed.data };
}

/** Closes the old approval and opens one for the edited action; votes on the old text do not carry over. */
async function replaceApproval(
  sql: Sql,
  deps: ExecutorDeps,
  action: Action,
  old: Approval,
  edit: Edit,
): Promise<Approval> {
  const { judged } = edit;
  // What policy would now permit without asking still waits for the one who is just deciding.
  const decision =
    judged.decision.effect === "ask"
      ? judged.decision
      : {
          effect: "ask" as const,
          rules: judged.decision.rules,
          approvers: old.approvers,
          withinMs: old.expiresAt.getTime() - deps.now().getTime(),
          reasons: [],
        };
  if (!(await editAction(sql, action.id, { ...judged, decision }))) {
    throw new StewardError("APR-409", "Somebody else decided first.");
  }
  await closeApproval(sql, old.id, "superseded");
  const opened = await openApproval(sql, { ...action, ...judged }, decision, deps.now(), {
    edited: edit.args,
    escalations: old.escalations ?? [],
  });
  return {
    ...old,
    id: opened.id,
    digest: judged.digest,
    policyVersion: judged.policyVersion,
    approvers: decision.approvers,
    expiresAt: opened.expiresAt,
    votes: [],
  };
}
