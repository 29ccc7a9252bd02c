import { createHash } from "node:crypto";
import type { Sql } from "../db.ts";
import { type BackupLine, damaged, IN_PIECES, readLine } from "./backup-format.ts";
import { listColumns, setPortable, type TableProgress } from "./write-tables.ts";

/** Rows inserted at once, and the length of their lines at most. */
const BATCH_ROWS = 200;
const BATCH_CHARS = 4 * 1024 * 1024;

export type TableLoader = {
  /** Takes the next line of a table. Throws STO-422 when it does not fit what came before. */
  accept(line: string): Promise<void>;
  /** After the last: what came, to be compared with what was said to come. */
  finish(): { readonly rows: number; readonly sha256: string };
};

const isRow = (line: BackupLine): line is readonly (string | null)[] => Array.isArray(line);

type Open = {
  readonly name: string;
  readonly insert: string;
  readonly width: number;
  readonly identity: string | null;
  /** Where the value stands that names a row whose large column follows it; -1 in most tables. */
  readonly key: number;
  rows: number;
};

/**
 * Writes tables' lines into an installation, in the caller's transaction. A setting that is there already is
 * replaced. Columns whose extension this database lacks (vectors) are left out, and `left` hears of them.
 */
export async function createTableLoader(
  sql: Sql,
  onProgress: TableProgress = () => {},
  left: (column: string) => void = () => {},
): Promise<TableLoader> {
  await setPortable(sql);
  const hash = createHash("sha256");
  let open: Open | null = null;
  let keep: readonly number[] = [];
  let batch: (readonly (string | null)[])[] = [];
  let chars = 0;
  let all = 0;
  let inPieces: PiecesLoader | null = null;

  const flush = async (table: Open) => {
    if (batch.length === 0) return;
    const columns = keep.map((at) => batch.map((row) => row[at] ?? null));
    await sql.query(table.insert, columns);
    batch = [];
    chars = 0;
  };

  const begin = async (name: string, columns: readonly string[]): Promise<Open> => {
    const there = new Map((await listColumns(sql, name)).map((column) => [column.name, column]));
    if (there.size === 0) throw damaged(`The backup has a table '${name}' that this version does not know.`);
    keep = [];
    const names: string[] = [];
    const values: string[] = [];
    for (const [at, column] of columns.entries()) {
      const known = there.get(column);
      if (!known && column !== "embedding") {
        throw damaged(`The backup has a column '${name}.${column}' that this version does not know.`);
      }
      if (!known) {
        left(`${name}.${column}`);
        continue;
      }
      keep = [...keep, at];
      names.push(`"${column}"`);
      values.push(`c${keep.length}::${known.type}`);
    }
    const given = values.map((_, i) => `$${i + 1}::text[]`).join(", ");
    const aliases = values.map((_, i) => `c${i + 1}`).join(", ");
    const again = name === "settings" ? " on conflict (name) do update set value = excluded.value" : "";
    return {
      name,
      insert: `insert into "${name}" (${names.join(", ")}) overriding system value
        select ${values.join(", ")} from unnest(${given}) as rows (${aliases})${again}`,
      width: columns.length,
      identity: [...there.values()].find((column) => column.isIdentity)?.name ?? null,
      key: name === IN_PIECES.table ? columns.indexOf(IN_PIECES.key) : -1,
      rows: 0,
    };
  };

  const end = async (table: Open, next: number | null) => {
    await flush(table);
    if (table.identity !== null && next !== null) {
      await sql.query(
        `select setval(pg_get_serial_sequence($1, $2),
           greatest($3::bigint, (select coalesce(max("${table.identity}"), 0) + 1 from "${table.name}")), false)`,
        [table.name, table.identity, next],
      );
    }
    all += table.rows;
    onProgress(table.name, table.rows);
  };

  return {
    accept: async (text) => {
      hash.update(`${text}\n`);
      const line = readLine(text);
      if ("more" in line) {
        if (!inPieces) {
          const id = open ? batch.at(-1)?.[open.key] : undefined;
          if (!open || typeof id !== "string") throw damaged("A line of the backup is out of place.");
          await flush(open);
          inPieces = await loadPieces(sql, id);
        }
        return await inPieces.add(line.more);
      }
      await inPieces?.end();
      inPieces = null;
      if (isRow(line)) {
        const row = line;
        if (!open || row.length !== open.width) throw damaged("A row of the backup is out of place.");
        open.rows++;
        // Before it is taken, not after: the pieces of the last row may follow.
        if (batch.length >= BATCH_ROWS || chars >= BATCH_CHARS) await flush(open);
        batch.push(row);
        chars += text.length;
      } else if ("table" in line && !open) {
        open = await begin(line.table, line.columns);
      } else if ("end" in line && open?.name === line.end) {
        if (open.rows !== line.rows) throw damaged(`The table '${open.name}' of the backup lacks rows.`);
        const done = open;
        open = null;
        await end(done, line.next);
      } else {
        throw damaged("A line of the backup is out of place.");
      }
    },
    finish: () => {
      if (open) throw damaged("The backup is cut short.");
      return { rows: all, sha256: hash.digest("hex") };
    },
  };
}

type PiecesLoader = { add(hex: string): Promise<void>; end(): Promise<void> };

/**
 * Takes a row's large value in pieces and puts it together inside the database, once: adding each to the row would
 * write all of it again and again. For the length of the transaction.
 */
async function loadPieces(sql: Sql, id: string): Promise<PiecesLoader> {
  const { table, key, column } = IN_PIECES;
  await sql.query("create temporary table if not exists pieces (n int, body bytea) on commit drop");
  let n = 0;
  return {
    add: async (hex) => {
      await sql.query("insert into pg_temp.pieces values ($1, decode($2, 'hex'))", [n++, hex]);
    },
    end: async () => {
      await sql.query(
        `update "${table}" set "${column}" =
           (select string_agg(body, '' order by n) from pg_temp.pieces) where "${key}" = $1`,
        [id],
      );
      await sql.query("truncate pg_temp.pieces");
    },
  };
}
