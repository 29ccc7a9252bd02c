import { saveVote } from "../store/approvals/change-approval.ts";
import { saveApproval } from "../store/approvals/save-approval.ts";
import type { Sql } from "../store/db.ts";
import type { Grant } from "../store/grants/grants.ts";
import type { Action } from "../types/action.ts";
import type { Escalation } from "../types/approval.ts";
import type { Decision } from "../types/decision.ts";
import { newId } from "../types/ids.ts";
import type { JsonObject } from "../types/json.ts";
import { bareArguments } from "./bare-arguments.ts";

/** Asks for consent to exactly this action. Returns the approval's id and when it ends. */
export async function openApproval(
  sql: Sql,
  action: Pick<Action, "id" | "session" | "principal" | "digest" | "policyVersion" | "args">,
  decision: Extract<Decision, { effect: "ask" }>,
  now: Date,
  more: {
    readonly edited?: JsonObject;
    readonly escalations?: readonly Escalation[];
    readonly grants?: readonly Grant[];
  } = {},
): Promise<{ id: string; expiresAt: Date }> {
  const id = newId("apr");
  const expiresAt = new Date(now.getTime() + decision.withinMs);
  await saveApproval(sql, {
    id,
    action: action.id,
    session: action.session,
    requester: action.principal,
    digest: action.digest,
    policyVersion: action.policyVersion,
    approvers: decision.approvers,
    proposed: bareArguments(action.args),
    edited: more.edited ?? null,
    escalations: more.escalations ?? [],
    expiresAt,
  });
  for (const grant of more.grants ?? []) {
    await saveVote(sql, {
      approval: id,
      principal: grant.granter,
      group: grant.group,
      verdict: "approve",
      reason: null,
      grant: grant.id,
    });
  }
  return { id, expiresAt };
}
