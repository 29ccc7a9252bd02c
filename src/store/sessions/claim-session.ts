import type { Session } from "../../types/session.ts";
import type { Sql, Statement } from "../db.ts";
import type { InboxRow } from "../inbox/take-inbox.ts";
import { SESSION_COLUMNS, type SessionRow, toSession } from "./session-row.ts";

/**
 * A session in one worker's hands. `wasHeld`: its last holder died or stalled in the middle of something; one that the
 * database failed lays its sessions down (owner '') and is not meant.
 */
export type Claim = {
  readonly session: Session;
  readonly wasHeld: boolean;
  /**
   * The oldest work in its inbox, when it was looked for after the claim. Danger: not in the claim's own statement,
   * which may have waited for a release and still sees the inbox as it was before that.
   */
  readonly first?: InboxRow | null;
};

type ClaimRow = SessionRow & { wasHeld: boolean; first: InboxRow | null };

const toClaim = ({ wasHeld, first, ...row }: ClaimRow): Claim => ({
  session: toSession(row),
  wasHeld,
  first,
});

const COLUMNS = SESSION_COLUMNS.split(", ")
  .map((name) => `sessions.${name}`)
  .join(", ");

/**
 * What claims a session, for `Db.batch`; read its answer with `readClaim`. Whether it is free is asked of the locked row:
 * that is as it is after a release that had to be waited for, the row to be updated as it was before.
 */
export function claimStatement(id: string, owner: string, leaseMs: number): Statement {
  return {
    text: `with held as (
        select id, coalesce(owner, '') <> '' as "wasHeld", owner is null or lease_until < now() as "isFree"
        from sessions where id = $1 for no key update
      )
      update sessions set owner = $2, epoch = epoch + 1, lease_until = now() + $3 * interval '1 millisecond'
      from held
      where sessions.id = held.id and "isFree"
      returning ${COLUMNS}, "wasHeld"`,
    params: [id, owner, leaseMs],
  };
}

export function readClaim(rows: readonly object[]): Claim | null {
  const [row] = rows as readonly ClaimRow[];
  return row ? toClaim(row) : null;
}

/**
 * Makes `owner` the one writer of a session if nobody holds it or the holder's lease ran out: the epoch rises,
 * so whatever an earlier holder still tries to append is refused. Null when it is held, also by this owner.
 * The row is locked first even when held: a release that runs at the same moment then waits, and sees the work
 * that the caller put into the inbox in the same transaction.
 */
export async function claimSession(
  sql: Sql,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<Claim | null> {
  const { text, params } = claimStatement(id, owner, leaseMs);
  return readClaim(await sql.query(text, params));
}

/**
 * Claims some session that has work and no living holder. Work stays in the inbox until it is done, so whatever a dead
 * holder was in the middle of is found there too. SKIP LOCKED lets any number of workers ask at once.
 */
export async function claimAnySession(sql: Sql, owner: string, leaseMs: number): Promise<Claim | null> {
  const [row] = await sql.query<ClaimRow>(
    `with candidates as (
       select distinct session_id as id from inbox join sessions on sessions.id = session_id
       where state = 'new' and (owner is null or lease_until < now()) limit 50
     ), next as (
       select id, coalesce(owner, '') <> '' as "wasHeld" from sessions
       where id in (select id from candidates) and (owner is null or lease_until < now())
       limit 1
       for no key update skip locked
     )
     update sessions set owner = $1, epoch = epoch + 1, lease_until = now() + $2 * interval '1 millisecond'
     from next where sessions.id = next.id
     returning ${COLUMNS}, "wasHeld"`,
    [owner, leaseMs],
  );
  return row ? toClaim(row) : null;
}

/** Lets go of what `owner` holds, as if each lease had just run out: its process ends in the middle of it. */
export async function giveUpSessions(sql: Sql, owner: string): Promise<void> {
  await sql.query("update sessions set lease_until = now() - interval '1 second' where owner = $1", [owner]);
}

/**
 * Lets go of every session, as if each lease had just run out. Only for a database that one process alone can open:
 * whoever held them is dead.
 */
export async function expireLeases(sql: Sql): Promise<void> {
  await sql.query("update sessions set lease_until = now() - interval '1 second' where owner is not null");
}
