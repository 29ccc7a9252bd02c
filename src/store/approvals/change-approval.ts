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

export type NewVote = {
  readonly approval: string;
  readonly principal: string;
  readonly group: string;
  readonly verdict: "approve" | "refuse";
  readonly reason: string | null;
  readonly onBehalfOf?: string | null;
  readonly delegation?: string | null;
  readonly escalatedFrom?: string | null;
  readonly grant?: string | null;
};

/**
 * Writes a person's vote: one a person, whomever it is given for. A later one takes the place of the earlier, so the
 * caller looks first, with the approval locked, whether the earlier one still counts.
 */
export async function saveVote(sql: Sql, vote: NewVote): Promise<void> {
  await sql.query(
    `insert into votes (approval_id, principal, grp, verdict, reason, on_behalf_of, delegation_id, escalated_from,
       grant_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (approval_id, principal) do update set grp = excluded.grp, verdict = excluded.verdict,
       reason = excluded.reason, at = now(), on_behalf_of = excluded.on_behalf_of,
       delegation_id = excluded.delegation_id, escalated_from = excluded.escalated_from, grant_id = excluded.grant_id`,
    [
      vote.approval,
      vote.principal,
      vote.group,
      vote.verdict,
      vote.reason,
      vote.onBehalfOf ?? null,
      vote.delegation ?? null,
      vote.escalatedFrom ?? null,
      vote.grant ?? null,
    ],
  );
}
