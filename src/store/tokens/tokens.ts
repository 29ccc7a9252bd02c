import type { Sql } from "../db.ts";

export type TokenRow = {
  readonly id: string;
  readonly principal: string;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly usedAt: Date | null;
};

const COLUMNS = `id, principal, name, is_admin as "isAdmin", created_at as "createdAt", expires_at as "expiresAt",
  revoked_at as "revokedAt", used_at as "usedAt"`;

/** Keeps a token by the SHA-256 of its secret; the secret itself is never stored. */
export async function saveToken(
  sql: Sql,
  token: {
    id: string;
    hash: Uint8Array;
    principal: string;
    name: string;
    isAdmin: boolean;
    expiresAt: Date | null;
  },
): Promise<TokenRow> {
  const [row] = await sql.query<TokenRow>(
    `insert into tokens (id, hash, principal, name, is_admin, expires_at) values ($1, $2, $3, $4, $5, $6)
     returning ${COLUMNS}`,
    [token.id, token.hash, token.principal, token.name, token.isAdmin, token.expiresAt],
  );
  if (!row) throw new Error("an insert returned no row");
  return row;
}

/**
 * The valid token of this hash, or null when there is none, it has ended or was revoked. Its use is noted
 * once a minute at most, so that reading does not become writing.
 */
export async function useToken(sql: Sql, hash: Uint8Array): Promise<TokenRow | null> {
  const [row] = await sql.query<TokenRow>(
    `select ${COLUMNS} from tokens
     where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    [hash],
  );
  if (!row) return null;
  await sql.query(
    "update tokens set used_at = now() where id = $1 and (used_at is null or used_at < now() - interval '1 minute')",
    [row.id],
  );
  return row;
}

/** All tokens, the newest first. */
export async function listTokens(sql: Sql): Promise<readonly TokenRow[]> {
  return await sql.query<TokenRow>(`select ${COLUMNS} from tokens order by created_at desc, id desc`);
}

/** Ends a token now; a token that was revoked before keeps its first date. Null when there is none. */
export async function revokeToken(sql: Sql, id: string): Promise<TokenRow | null> {
  const [row] = await sql.query<TokenRow>(
    `update tokens set revoked_at = coalesce(revoked_at, now()) where id = $1 returning ${COLUMNS}`,
    [id],
  );
  return row ?? null;
}
