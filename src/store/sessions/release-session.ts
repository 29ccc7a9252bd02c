import type { Sql } from "../db.ts";

/** Gives the session back unless new work waits in its inbox; false when it does, or when the fence fell. */
export async function releaseSession(sql: Sql, id: string, epoch: number): Promise<boolean> {
  const rows = await sql.query(
    `update sessions set owner = null, lease_until = null
     where id = $1 and epoch = $2
       and not exists (select 1 from inbox where session_id = $1 and state = 'new')
     returning id`,
    [id, epoch],
  );
  return rows.length === 1;
}
