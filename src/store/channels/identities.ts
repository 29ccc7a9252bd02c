import type { PlatformAccount, PlatformName } from "../../types/channel-host.ts";
import type { Sql } from "../db.ts";

export type AccountRef = Pick<PlatformAccount, "channel" | "workspace" | "account">;

/** An account of a platform, the person it is, and how that was proven. */
export type Identity = AccountRef & {
  readonly principal: string;
  readonly proof: "email" | "link";
  readonly linkedAt: Date;
};

const COLUMNS = `channel, workspace, account, principal, proof, linked_at as "linkedAt"`;

export async function findIdentity(sql: Sql, of: AccountRef): Promise<Identity | null> {
  const [row] = await sql.query<Identity>(
    `select ${COLUMNS} from platform_identities where channel = $1 and workspace = $2 and account = $3`,
    [of.channel, of.workspace, of.account],
  );
  return row ?? null;
}

/** The accounts of these people, each person's latest first. */
export async function findAccounts(
  sql: Sql,
  people: readonly string[],
  channels: readonly PlatformName[],
): Promise<readonly Identity[]> {
  if (people.length === 0) return [];
  return await sql.query<Identity>(
    `select ${COLUMNS} from platform_identities where principal = any($1) and channel = any($2)
     order by principal, channel, linked_at desc, account`,
    [people, channels],
  );
}

/** Remembers who an account is; an account is one person. False when that was known already. */
export async function saveIdentity(sql: Sql, identity: Omit<Identity, "linkedAt">): Promise<boolean> {
  const { channel, workspace, account, principal, proof } = identity;
  const rows = await sql.query(
    `insert into platform_identities as i (channel, workspace, account, principal, proof)
     values ($1, $2, $3, $4, $5)
     on conflict (channel, workspace, account) do update
       set principal = excluded.principal, proof = excluded.proof, linked_at = now()
       where (i.principal, i.proof) <> (excluded.principal, excluded.proof)
     returning 1 as one`,
    [channel, workspace, account, principal, proof],
  );
  return rows.length === 1;
}

/** Forgets who an account is; false when it was not this person's. */
export async function removeIdentity(sql: Sql, of: AccountRef, principal: string): Promise<boolean> {
  const rows = await sql.query(
    `delete from platform_identities
     where channel = $1 and workspace = $2 and account = $3 and principal = $4 returning 1 as one`,
    [of.channel, of.workspace, of.account, principal],
  );
  return rows.length === 1;
}
