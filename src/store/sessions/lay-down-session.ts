import type { Sql } from "../db.ts";

/**
 * Leaves a session in the middle of its work for whoever comes in `afterMs`. Unlike a dead holder's, its work is not
 * to blame for that (`wasHeld` is false at the next claim). Changes nothing once another worker has it.
 */
export async function layDownSession(sql: Sql, id: string, epoch: number, afterMs: number): Promise<void> {
  await sql.query(
    `update sessions set owner = '', lease_until = now() + $3 * interval '1 millisecond'
     where id = $1 and epoch = $2 and owner is not null`,
    [id, epoch, afterMs],
  );
}
