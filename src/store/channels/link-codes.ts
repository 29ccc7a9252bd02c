import type { Sql } from "../db.ts";
import type { AccountRef } from "./identities.ts";

/** Codes that stay open for one account at a time: a person may open an earlier message's link. */
const MAX_OPEN = 3;

/** What the platform tells of an account; null where it tells nothing. */
export type ToldOfAccount = {
  readonly name: string | null;
  readonly email: string | null;
  readonly workspaceName: string | null;
};

export type NewLinkCode = {
  readonly hash: Uint8Array;
  readonly of: AccountRef;
  readonly told: ToldOfAccount;
  readonly expiresAt: Date;
  readonly now: Date;
};

/** Keeps a code by its hash; older ones of the account beyond three, and what has ended, go. */
export async function saveLinkCode(sql: Sql, code: NewLinkCode): Promise<void> {
  const { channel, workspace, account } = code.of;
  // One that waits for its number stays, however often its account writes meanwhile.
  await sql.query(
    `delete from link_codes where expires_at < $4::timestamptz - interval '1 day' or hash in (
       select hash from link_codes where channel = $1 and workspace = $2 and account = $3 and number_hash is null
       order by created_at desc offset $5)`,
    [channel, workspace, account, code.now, MAX_OPEN - 1],
  );
  const { name, email, workspaceName } = code.told;
  await sql.query(
    `insert into link_codes
       (hash, channel, workspace, account, name, email, workspace_name, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [code.hash, channel, workspace, account, name, email, workspaceName, code.now, code.expiresAt],
  );
}

const OPEN = "hash = $1 and used_at is null and expires_at > $2";

/** Whose account a code is for, while it can be used. */
export async function findLinkCode(
  sql: Sql,
  hash: Uint8Array,
  now: Date,
): Promise<(AccountRef & ToldOfAccount & { readonly expiresAt: Date }) | null> {
  const [row] = await sql.query<AccountRef & ToldOfAccount & { expiresAt: Date }>(
    `select channel, workspace, account, name, email, workspace_name as "workspaceName", expires_at as "expiresAt"
     from link_codes where ${OPEN}`,
    [hash, now],
  );
  return row ?? null;
}

export type AwaitedNumber = {
  readonly principal: string;
  readonly numberHash: Uint8Array;
  readonly now: Date;
  readonly expiresAt: Date;
};

/**
 * Uses a code up: from now on it waits for its number, and no other code of the account is left. The first caller gets
 * its account, everybody after that null.
 */
export async function awaitNumber(
  sql: Sql,
  hash: Uint8Array,
  { principal, numberHash, now, expiresAt }: AwaitedNumber,
): Promise<AccountRef | null> {
  // All of the account are held in one order, so that two codes of it cannot wait for each other.
  await sql.query(
    `select 1 from link_codes where (channel, workspace, account) in (
       select channel, workspace, account from link_codes where hash = $1) order by hash for update`,
    [hash],
  );
  const [row] = await sql.query<AccountRef>(
    `update link_codes set used_at = $2, principal = $3, number_hash = $4, tries = 0, expires_at = $5
     where ${OPEN} returning channel, workspace, account`,
    [hash, now, principal, numberHash, expiresAt],
  );
  if (!row) return null;
  await sql.query(
    "delete from link_codes where channel = $1 and workspace = $2 and account = $3 and hash <> $4",
    [row.channel, row.workspace, row.account, hash],
  );
  return row;
}

export type CountedTry = {
  readonly hash: Uint8Array;
  readonly numberHash: Uint8Array;
  /** This one among them. */
  readonly tries: number;
};

/** Counts a try at the number that an account is asked for, before it is looked at; null when none is, or no more. */
export async function countTry(
  sql: Sql,
  { channel, workspace, account }: AccountRef,
  now: Date,
  max: number,
): Promise<CountedTry | null> {
  const [row] = await sql.query<CountedTry>(
    `update link_codes set tries = tries + 1
     where channel = $1 and workspace = $2 and account = $3 and number_hash is not null and expires_at > $4 and tries < $5
     returning hash, number_hash as "numberHash", tries`,
    [channel, workspace, account, now, max],
  );
  return row ?? null;
}

/** Ends a code whose number was said; who signed in with it, for the first caller. */
export async function takeNumbered(sql: Sql, hash: Uint8Array): Promise<string | null> {
  const [row] = await sql.query<{ principal: string }>(
    "delete from link_codes where hash = $1 and number_hash is not null returning principal",
    [hash],
  );
  return row?.principal ?? null;
}

/** No code of an account works any more. */
export async function closeLinkCodes(sql: Sql, of: AccountRef): Promise<void> {
  await sql.query("delete from link_codes where channel = $1 and workspace = $2 and account = $3", [
    of.channel,
    of.workspace,
    of.account,
  ]);
}
