import { createHash } from "node:crypto";
import type { Db, Sql } from "../db.ts";
import { IN_PIECES, PIECE_BYTES, TABLES } from "./backup-format.ts";

/** Rows fetched at once: all of a batch is in memory. */
const BATCH = 100;
/** The largest value of `IN_PIECES` that stays in its row. */
const IN_ROW_BYTES = 64 * 1024;

/** The text forms of all values, whatever the server's settings are. */
const PORTABLE = [
  "set local timezone = 'UTC'",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'iso_8601'",
  "set local extra_float_digits = 1",
  "set local bytea_output = 'hex'",
];

export type TablesWritten = { readonly rows: number; readonly sha256: string };
export type TableProgress = (table: string, rows: number) => void;

type Column = { readonly name: string; readonly type: string; readonly isIdentity: boolean };

/** The columns of a table that hold data (not those computed from others), in order; none when there is no such table. */
export async function listColumns(sql: Sql, table: string): Promise<readonly Column[]> {
  return await sql.query<Column>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attidentity <> '' as "isIdentity"
     from pg_attribute a
     where a.attrelid = to_regclass(quote_ident($1)) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum`,
    [table],
  );
}

/** Settings under which values have one text form; for this transaction. */
export async function setPortable(sql: Sql): Promise<void> {
  for (const setting of PORTABLE) await sql.query(setting);
}

/**
 * Hands every row of the installation, as lines, to `emit`, from one snapshot and in one order: the same rows give
 * the same checksum. A batch at a time is in memory. Danger: the embedded database serves nobody else meanwhile,
 * so `emit` must not wait for a slow reader.
 */
export async function writeTables(
  db: Db,
  emit: (line: string) => Promise<void>,
  onProgress: TableProgress = () => {},
): Promise<TablesWritten> {
  const hash = createHash("sha256");
  const put = async (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`;
    hash.update(line);
    await emit(line);
  };
  const rows = await db.tx(async (sql) => {
    await sql.query("set transaction isolation level repeatable read, read only");
    await setPortable(sql);
    let all = 0;
    for (const { name, key } of TABLES) {
      const columns = await listColumns(sql, name);
      // A table that a later version has and this database not yet.
      if (columns.length === 0) continue;
      await put({ table: name, columns: columns.map((column) => column.name) });
      const rows = await writeRows(sql, name, key, columns, put);
      const identity = columns.find((column) => column.isIdentity)?.name;
      await put({ end: name, rows, next: identity ? await readNext(sql, name, identity) : null });
      onProgress(name, rows);
      all += rows;
    }
    return all;
  });
  return { rows, sha256: hash.digest("hex") };
}

async function writeRows(
  sql: Sql,
  table: string,
  key: string,
  columns: readonly Column[],
  put: (row: unknown) => Promise<void>,
): Promise<number> {
  const isLarge = `octet_length("${IN_PIECES.column}") > ${IN_ROW_BYTES}`;
  const isInPieces = table === IN_PIECES.table;
  const cells = columns.map(({ name }, i) =>
    isInPieces && name === IN_PIECES.column
      ? `case when ${isLarge} then '\\x' else "${name}"::text end as c${i}`
      : `"${name}"::text as c${i}`,
  );
  const large = isInPieces
    ? `, case when ${isLarge} then "${IN_PIECES.key}" end as id, octet_length("${IN_PIECES.column}") as bytes`
    : "";
  await sql.query(
    `declare backup no scroll cursor for select ${cells.join(", ")}${large} from "${table}" order by ${key}`,
  );
  let rows = 0;
  for (;;) {
    const batch = await sql.query<Row>(`fetch ${BATCH} from backup`);
    for (const row of batch) {
      await put(columns.map((_, i) => row[`c${i}`]));
      if (row.id) await writePieces(sql, row.id, row.bytes ?? 0, put);
    }
    rows += batch.length;
    if (batch.length < BATCH) break;
  }
  await sql.query("close backup");
  return rows;
}

type Row = Record<`c${number}`, string | null> & { id?: string | null; bytes?: number };

async function writePieces(
  sql: Sql,
  id: string,
  bytes: number,
  put: (piece: { more: string }) => Promise<void>,
): Promise<void> {
  const { table, key, column } = IN_PIECES;
  for (let from = 1; from <= bytes; from += PIECE_BYTES) {
    const [piece] = await sql.query<{ more: string }>(
      `select encode(substring("${column}" from $2::int for $3::int), 'hex') as more from "${table}" where "${key}" = $1`,
      [id, from, PIECE_BYTES],
    );
    if (piece) await put(piece);
  }
}

/** The number that the next row would get. A sequence stands outside of snapshots, so it may be ahead, never behind. */
async function readNext(sql: Sql, table: string, column: string): Promise<number> {
  const [found] = await sql.query<{ sequence: string }>("select pg_get_serial_sequence($1, $2) as sequence", [
    table,
    column,
  ]);
  const [row] = await sql.query<{ next: number }>(
    `select case when is_called then last_value + 1 else last_value end as next from ${found?.sequence}`,
  );
  return row?.next ?? 1;
}
