import type { Sql } from "../db.ts";

/** A secret as it is kept: never the secret itself. */
export type SealedRow = {
  readonly name: string;
  readonly keyId: string;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
};

const COLUMNS = `name, key_id as "keyId", nonce, sealed`;

export async function findSealed(sql: Sql, name: string): Promise<SealedRow | null> {
  const [row] = await sql.query<SealedRow>(`select ${COLUMNS} from vault where name = $1`, [name]);
  return row ?? null;
}

export async function saveSealed(sql: Sql, row: SealedRow): Promise<void> {
  await sql.query(
    `insert into vault (name, key_id, nonce, sealed) values ($1, $2, $3, $4)
     on conflict (name) do update
       set key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed, at = now()`,
    [row.name, row.keyId, row.nonce, row.sealed],
  );
}

export async function removeSealed(sql: Sql, name: string): Promise<void> {
  await sql.query("delete from vault where name = $1", [name]);
}

/** All of them, locked until the transaction ends. */
export async function lockSealed(sql: Sql): Promise<readonly SealedRow[]> {
  return await sql.query<SealedRow>(`select ${COLUMNS} from vault order by name for update`);
}

/** Under which keys secrets are sealed. */
export async function listKeyIds(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>("select distinct key_id as id from vault order by id");
  return rows.map(({ id }) => id);
}
