import type pg from "pg";

/** Where the server stands: bytes of WAL written, and transactions that wrote something. */
export type Mark = { readonly wal: number; readonly writes: number };

/** Reading writes nothing and takes no transaction number, so marks do not count themselves. */
export async function mark(admin: pg.Client): Promise<Mark> {
  const { rows } = await admin.query<{ wal: string; writes: string }>(
    `select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as wal,
       pg_snapshot_xmax(pg_current_snapshot())::text as writes`,
  );
  return { wal: Number(rows[0]?.wal), writes: Number(rows[0]?.writes) };
}

/** Bytes of every table of a database with its indexes and long values, and how many rows they hold. */
export async function measureTables(
  client: pg.Client,
  except: readonly string[],
): Promise<{ bytes: number; rows: number; tables: { name: string; bytes: number; rows: number }[] }> {
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, pg_total_relation_size(c.oid) as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       and c.relname <> all ($1)`,
    [except],
  );
  const tables = [];
  for (const { name, bytes } of rows) {
    const counted = await client.query<{ n: string }>(`select count(*) as n from ${name}`);
    tables.push({ name, bytes: Number(bytes), rows: Number(counted.rows[0]?.n) });
  }
  return {
    bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    tables,
  };
}

/**
 * What autovacuum would do by its default thresholds (PostgreSQL documentation, 25.1.6): tables that changed little, or
 * only grew by less than 1,000 rows, are left alone.
 */
export async function vacuumWhatIsDue(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; isVacuumed: boolean; isAnalyzed: boolean }>(
    `select relid::regclass::text as name,
       n_dead_tup > 50 + 0.2 * greatest(reltuples, 0) or n_ins_since_vacuum > 1000 + 0.2 * greatest(reltuples, 0)
         as "isVacuumed",
       n_mod_since_analyze > 50 + 0.1 * greatest(reltuples, 0) as "isAnalyzed"
     from pg_stat_user_tables join pg_class on pg_class.oid = relid`,
  );
  for (const { name, isVacuumed, isAnalyzed } of rows) {
    if (isVacuumed || isAnalyzed)
      await client.query(
        `${[isVacuumed && "vacuum", isAnalyzed && "analyze"].filter(Boolean).join(" ")} ${name}`,
      );
  }
}

export function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** The value below which a share of the numbers lies (nearest rank); null for none. */
export function percentile(numbers: readonly number[], share: number): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export const round = (value: number | null, digits = 2): number | null =>
  value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
