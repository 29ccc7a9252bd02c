import type { Sql } from "../db.ts";

/** One person's vote in the hands of another, until then or until it is revoked. */
export type Delegation = {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly until: Date;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
};

/** More at once are not looked at: nobody hands a vote to thousands. */
const MAX_ACTIVE = 5_000;

const COLUMNS = `id, delegator as "from", delegate as "to", until_at as "until", created_at as "createdAt",
  revoked_at as "revokedAt"`;

/** Keeps a delegation; the second one with a key changes nothing. */
export async function saveDelegation(
  sql: Sql,
  given: {
    readonly id: string;
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly until: Date;
  },
): Promise<Delegation | null> {
  await sql.query(
    `insert into delegations (id, key, delegator, delegate, until_at) values ($1, $2, $3, $4, $5)
     on conflict (key) do nothing`,
    [given.id, given.key, given.from, given.to, given.until],
  );
  return await findDelegationByKey(sql, given.key);
}

export async function findDelegationByKey(sql: Sql, key: string): Promise<Delegation | null> {
  const [row] = await sql.query<Delegation>(`select ${COLUMNS} from delegations where key = $1`, [key]);
  return row ?? null;
}

export async function findDelegation(sql: Sql, id: string): Promise<Delegation | null> {
  const [row] = await sql.query<Delegation>(`select ${COLUMNS} from delegations where id = $1`, [id]);
  return row ?? null;
}

/** Every delegation that is in force. */
export async function listActiveDelegations(sql: Sql): Promise<readonly Delegation[]> {
  return await sql.query<Delegation>(
    `select ${COLUMNS} from delegations where revoked_at is null and until_at > now() order by id limit $1`,
    [MAX_ACTIVE],
  );
}

/** What a person handed over or was handed, and what is in force. */
export async function listDelegationsOf(sql: Sql, person: string): Promise<readonly Delegation[]> {
  return await sql.query<Delegation>(
    `select ${COLUMNS} from delegations
     where (delegator = $1 or delegate = $1) and revoked_at is null and until_at > now() order by until_at, id`,
    [person],
  );
}

/** Ends a delegation of this person; false when it was not in force. */
export async function revokeDelegation(sql: Sql, id: string, from: string): Promise<boolean> {
  const rows = await sql.query(
    `update delegations set revoked_at = now()
     where id = $1 and delegator = $2 and revoked_at is null and until_at > now() returning id`,
    [id, from],
  );
  return rows.length === 1;
}

/** Takes a revocation back while the delegation's own time is not over. */
export async function restoreDelegation(sql: Sql, id: string, from: string): Promise<boolean> {
  const rows = await sql.query(
    `update delegations set revoked_at = null
     where id = $1 and delegator = $2 and revoked_at is not null and until_at > now() returning id`,
    [id, from],
  );
  return rows.length === 1;
}
