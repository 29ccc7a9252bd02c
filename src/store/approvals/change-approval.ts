import type { ApprovalStatus } from "../../types/approval.ts";
import type { Sql } from "../db.ts";

/** Closes a pending approval; false when it was closed already. */
export async function closeApproval(
  sql: Sql,
  id: string,
  status: Exclude<ApprovalStatus, "pending">,
): Promise<boolean> {
  const rows = await sql.query(
    "update approvals set status = $2, decided_at = now() where id = $1 and status = 'pending' returning id",
    [id, status],
  );
  return rows.length === 1;
}

/** Writes a person's vote, once; false when they voted before. */
export async function saveVote(
  sql: Sql,
  vote: {
    approval: string;
    principal: string;
    group: string;
    verdict: "approve" | "refuse";
    reason: string | null;
  },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into votes (approval_id, principal, grp, verdict, reason) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning principal`,
    [vote.approval, vote.principal, vote.group, vote.verdict, vote.reason],
  );
  return rows.length === 1;
}
