import type { Escalation } from "../../types/approval.ts";
import type { Approvers } from "../../types/decision.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Sql } from "../db.ts";

export async function saveApproval(
  sql: Sql,
  approval: {
    id: string;
    action: string;
    session: string;
    requester: string;
    digest: string;
    policyVersion: string;
    approvers: Approvers;
    proposed: JsonObject;
    edited: JsonObject | null;
    expiresAt: Date;
    escalations?: readonly Escalation[];
  },
): Promise<void> {
  await sql.query(
    `insert into approvals (id, action_id, session_id, requester, digest, policy_version, approvers, proposed, edited,
       expires_at, escalations)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      approval.id,
      approval.action,
      approval.session,
      approval.requester,
      approval.digest,
      approval.policyVersion,
      JSON.stringify(approval.approvers),
      JSON.stringify(approval.proposed),
      approval.edited && JSON.stringify(approval.edited),
      approval.expiresAt,
      JSON.stringify(approval.escalations ?? []),
    ],
  );
}
