import type { Sql } from "../db.ts";
import type { AccountRef } from "./identities.ts";

/** Codes that stay open for one account at a time: a person may open an earlier message's link. */
const MAX_OPEN = 3;

/** Keeps a code by its hash; older ones of the account beyond three, and what has ended, go. */
export async function saveLinkCode(
  sql: Sql,
  code: { readonly hash: Uint8Array; readonly of: AccountRef; readonly expiresAt: Date; readonly now: Date },
): Promise<void> {
  const { channel, workspace, account } = code.of;
  await sql.query(
    `delete from link_codes where expires_at < $4::timestamptz - interval '1 day' or hash in (
       select hash from link_codes where channel = $1 and workspace = $2 and account = $3
       order by created_at desc offset $5)`,
    [channel, workspace, account, code.now, MAX_OPEN - 1],
  );
  await sql.query(
    `insert into link_codes (hash, channel, workspace, account, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [code.hash, channel, workspace, account, code.now, code.expiresAt],
  );
}

const OPEN = "hash = $1 and used_at is null and expires_at > $2";

/** Whose account a code is for, while it can be used. */
export async function findLinkCode(
  sql: Sql,
  hash: Uint8Array,
  now: Date,
): Promise<(AccountRef & { readonly expiresAt: Date }) | null> {
  const [row] = await sql.query<AccountRef & { expiresAt: Date }>(
    `select channel, workspace, account, expires_at as "expiresAt" from link_codes where ${OPEN}`,
    [hash, now],
  );
  return row ?? null;
}

/** Uses a code up: the first caller gets its account, everybody after that null. */
export async function takeLinkCode(sql: Sql, hash: Uint8Array, now: Date): Promise<AccountRef | null> {
  const [row] = await sql.query<AccountRef>(
    `update link_codes set used_at = $2 where ${OPEN} returning channel, workspace, account`,
    [hash, now],
  );
  return row ?? null;
}

/** No open code of an account works any more. */
export async function closeLinkCodes(sql: Sql, of: AccountRef): Promise<void> {
  await sql.query("delete from link_codes where channel = $1 and workspace = $2 and account = $3", [
    of.channel,
    of.workspace,
    of.account,
  ]);
}
