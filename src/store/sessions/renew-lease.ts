import type { Sql } from "../db.ts";

/** Prolongs the lease; false when another worker has taken the session. */
export async function renewLease(sql: Sql, id: string, epoch: number, leaseMs: number): Promise<boolean> {
  const rows = await sql.query(
    `update sessions set lease_until = now() + $3 * interval '1 millisecond'
     where id = $1 and epoch = $2 and owner is not null returning id`,
    [id, epoch, leaseMs],
  );
  return rows.length === 1;
}
