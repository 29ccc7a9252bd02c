import type { JsonObject } from "../../types/json.ts";
import type { PolicyAttributes } from "../../types/tool.ts";
import type { Sql } from "../db.ts";

/** How far a standing grant reaches: no other rule, no larger figure, no other destination. */
export type GrantScope = {
  readonly rules: readonly string[];
  readonly context: PolicyAttributes;
  /** Arguments that must be the same: whom, where to, which record. */
  readonly fixed: JsonObject;
};

/** One approver's standing yes for a requester, a tool and a resource. */
export type Grant = {
  readonly id: string;
  readonly approval: string;
  readonly granter: string;
  readonly group: string;
  readonly requester: string;
  readonly tool: string;
  readonly resource: string;
  /** What was approved when it was given. */
  readonly line: string;
  readonly scope: GrantScope;
  readonly until: Date;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
};

const COLUMNS = `id, approval_id as approval, granter, grp as "group", requester, tool, resource, line, scope,
  until_at as "until", created_at as "createdAt", revoked_at as "revokedAt"`;

export async function saveGrant(sql: Sql, grant: Omit<Grant, "createdAt" | "revokedAt">): Promise<void> {
  await sql.query(
    `insert into grants (id, approval_id, granter, grp, requester, tool, resource, line, scope, until_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      grant.id,
      grant.approval,
      grant.granter,
      grant.group,
      grant.requester,
      grant.tool,
      grant.resource,
      grant.line,
      JSON.stringify(grant.scope),
      grant.until,
    ],
  );
}

/** Grants in force for what this person wants to do to this resource. */
export async function findGrantsFor(
  sql: Sql,
  about: { readonly principal: string; readonly tool: string; readonly resource: string },
): Promise<readonly Grant[]> {
  return await sql.query<Grant>(
    `select ${COLUMNS} from grants
     where requester = $1 and tool = $2 and resource = $3 and revoked_at is null and until_at > now()
     order by id desc limit 100`,
    [about.principal, about.tool, about.resource],
  );
}

/** Grants in force that a person gave or has the use of. */
export async function listGrantsOf(sql: Sql, person: string): Promise<readonly Grant[]> {
  return await sql.query<Grant>(
    `select ${COLUMNS} from grants
     where (granter = $1 or requester = $1) and revoked_at is null and until_at > now() order by until_at, id`,
    [person],
  );
}

export async function findGrant(sql: Sql, id: string): Promise<Grant | null> {
  const [row] = await sql.query<Grant>(`select ${COLUMNS} from grants where id = $1`, [id]);
  return row ?? null;
}

/** Ends a grant of this granter; false when it was not in force. */
export async function revokeGrant(sql: Sql, id: string, granter: string): Promise<boolean> {
  const rows = await sql.query(
    `update grants set revoked_at = now()
     where id = $1 and granter = $2 and revoked_at is null and until_at > now() returning id`,
    [id, granter],
  );
  return rows.length === 1;
}
