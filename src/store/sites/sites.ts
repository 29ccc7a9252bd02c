import type { Db, Sql } from "../db.ts";

/** A site whose pages show the widget; `kind` says how its tokens are proven. */
export type SiteRow = {
  readonly id: string;
  readonly name: string;
  readonly kind: "secret" | "jwks" | "key";
  readonly origins: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string | null;
  readonly publicKey: string | null;
  readonly createdAt: Date;
};

/** Told when sites were added or removed. */
export const SITES_HINT = "steward_sites";

const COLUMNS = `id, name, kind, origins, issuer, audience, jwks_url as "jwksUrl", public_key as "publicKey",
  created_at as "createdAt"`;

export async function saveSite(sql: Sql, site: Omit<SiteRow, "createdAt">): Promise<SiteRow> {
  const [row] = await sql.query<SiteRow>(
    `insert into sites (id, name, kind, origins, issuer, audience, jwks_url, public_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
    [site.id, site.name, site.kind, site.origins, site.issuer, site.audience, site.jwksUrl, site.publicKey],
  );
  if (!row) throw new Error("an insert returned no row");
  await hint(sql);
  return row;
}

/** The sites that are not removed, the oldest first. */
export async function listSites(sql: Sql): Promise<readonly SiteRow[]> {
  return await sql.query<SiteRow>(
    `select ${COLUMNS} from sites where removed_at is null order by created_at, id`,
  );
}

/** Removes a site: its tokens count no more. Null when there is none. */
export async function removeSite(sql: Sql, id: string): Promise<SiteRow | null> {
  const [row] = await sql.query<SiteRow>(
    `update sites set removed_at = now() where id = $1 and removed_at is null returning ${COLUMNS}`,
    [id],
  );
  if (row) await hint(sql);
  return row ?? null;
}

async function hint(sql: Sql): Promise<void> {
  await sql.query("select pg_notify($1, '')", [SITES_HINT]);
}

/** Marks a token or code as spent until it would have ended; false when it was already. */
export async function spendToken(db: Db, hash: Uint8Array, endsAt: Date): Promise<boolean> {
  await db.query("delete from spent_tokens where ends_at < now() - interval '1 hour'");
  const rows = await db.query(
    "insert into spent_tokens (hash, ends_at) values ($1, $2) on conflict (hash) do nothing returning 1 as is_new",
    [hash, endsAt],
  );
  return rows.length === 1;
}

/** Whether any of these is spent. */
export async function isSpent(sql: Sql, hashes: readonly Uint8Array[]): Promise<boolean> {
  const marks = hashes.map((_, i) => `$${i + 1}`).join(", ");
  const rows = await sql.query(
    `select 1 as is_spent from spent_tokens where hash in (${marks}) limit 1`,
    hashes,
  );
  return rows.length > 0;
}
