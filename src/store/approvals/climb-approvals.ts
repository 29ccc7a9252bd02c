import type { Escalation } from "../../types/approval.ts";
import type { Sql } from "../db.ts";

/** Shares of an approval's time at which something is due; null for never. */
type Steps = { readonly remindAt: number | null; readonly escalateAt: number | null };

export type DueStep = {
  readonly approval: string;
  readonly isReminderDue: boolean;
  readonly isEscalationDue: boolean;
};

/** Approvals of which a reminder or an escalation is due, the most urgent first. */
export async function findDueSteps(
  sql: Sql,
  ladder: { readonly default: Steps; readonly actions: Readonly<Record<string, Steps>> },
  now: Date,
  limit = 200,
): Promise<readonly DueStep[]> {
  return await sql.query<DueStep>(
    `select * from (
       select p.id as approval, p.expires_at,
         p.reminded_at is null and coalesce($2 >= p.created_at
           + (steps.of ->> 'remindAt')::float8 * (p.expires_at - p.created_at), false) as "isReminderDue",
         p.escalated_at is null and coalesce($2 >= p.created_at
           + (steps.of ->> 'escalateAt')::float8 * (p.expires_at - p.created_at), false) as "isEscalationDue"
       from approvals p
       join actions a on a.id = p.action_id
       cross join lateral (select coalesce($1::jsonb -> 'actions' -> a.tool, $1::jsonb -> 'default') as of) steps
       where p.status = 'pending' and p.expires_at > $2 and (p.reminded_at is null or p.escalated_at is null)
     ) due
     where "isReminderDue" or "isEscalationDue"
     order by expires_at limit $3`,
    [JSON.stringify(ladder), now, limit],
  );
}

/** Notes the reminder; true for the one of all replicas that may send it. */
export async function markReminded(sql: Sql, id: string, now: Date): Promise<boolean> {
  const rows = await sql.query(
    `update approvals set reminded_at = $2 where id = $1 and reminded_at is null and status = 'pending' returning id`,
    [id, now],
  );
  return rows.length === 1;
}

/** Notes whose managers may decide as well; true for the one of all replicas that was first. */
export async function markEscalated(
  sql: Sql,
  id: string,
  escalations: readonly Escalation[],
  now: Date,
): Promise<boolean> {
  const rows = await sql.query(
    `update approvals set escalated_at = $2, escalations = $3
     where id = $1 and escalated_at is null and status = 'pending' returning id`,
    [id, now, JSON.stringify(escalations)],
  );
  return rows.length === 1;
}
