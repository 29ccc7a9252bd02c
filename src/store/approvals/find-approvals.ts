import type { Approval, Vote } from "../../types/approval.ts";
import type { Sql } from "../db.ts";

type ApprovalRow = Omit<Approval, "votes"> & { votes: readonly (Omit<Vote, "at"> & { at: string })[] };

const SELECT = `select a.id, a.action_id as action, a.session_id as session, a.requester, a.digest,
    a.policy_version as "policyVersion", a.approvers, a.expires_at as "expiresAt", a.status,
    a.escalations, a.reminded_at as "remindedAt", a.escalated_at as "escalatedAt",
    coalesce((select jsonb_agg(jsonb_build_object('principal', v.principal, 'group', v.grp, 'verdict', v.verdict,
      'reason', v.reason, 'at', v.at, 'onBehalfOf', v.on_behalf_of, 'delegation', v.delegation_id,
      'escalatedFrom', v.escalated_from, 'grant', v.grant_id,
      'isLapsed', (v.delegation_id is not null and not exists (select 1 from delegations d
          where d.id = v.delegation_id and d.revoked_at is null and d.until_at > now()))
        or (v.grant_id is not null and not exists (select 1 from grants g
          where g.id = v.grant_id and g.revoked_at is null and g.until_at > now())))
      order by v.at, v.principal) from votes v where v.approval_id = a.id), '[]') as votes
  from approvals a`;

const toApproval = (row: ApprovalRow): Approval => ({
  ...row,
  votes: row.votes.map((vote) => ({ ...vote, at: new Date(vote.at) })),
});

export async function findApproval(sql: Sql, id: string): Promise<Approval | null> {
  const [row] = await sql.query<ApprovalRow>(`${SELECT} where a.id = $1`, [id]);
  return row ? toApproval(row) : null;
}

/** Locks the approval for the rest of the transaction: votes on one are counted one after the other. */
export async function lockApproval(sql: Sql, id: string): Promise<Approval | null> {
  await sql.query("select id from approvals where id = $1 for update", [id]);
  return await findApproval(sql, id);
}

/** The approvals of some actions, the newest first. */
export async function findActionApprovals(
  sql: Sql,
  actions: readonly string[],
): Promise<readonly Approval[]> {
  if (actions.length === 0) return [];
  const rows = await sql.query<ApprovalRow>(
    `${SELECT} where a.action_id = any($1) order by a.created_at desc, a.id desc`,
    [actions],
  );
  return rows.map(toApproval);
}

/** Every approval that waits for somebody, the most urgent first. */
export async function findPendingApprovals(sql: Sql, limit = 500): Promise<readonly Approval[]> {
  const rows = await sql.query<ApprovalRow>(
    `${SELECT} where a.status = 'pending' and a.expires_at > now() order by a.expires_at limit $1`,
    [limit],
  );
  return rows.map(toApproval);
}

/** Approvals whose time is over and that nobody closed yet. */
export async function findOverdueApprovals(sql: Sql, limit = 100): Promise<readonly Approval[]> {
  const rows = await sql.query<ApprovalRow>(
    `${SELECT} where a.status = 'pending' and a.expires_at <= now() order by a.expires_at limit $1`,
    [limit],
  );
  return rows.map(toApproval);
}
