import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StewardError } from "../../types/steward-error.ts";
import type { Db } from "../db.ts";
import { listMigrations, migrate } from "../migrate.ts";
import { isRestoreInterrupted, openEngineAt, RESTORING } from "../pglite.ts";
import { takePidLock } from "../pid-lock.ts";
import { type BackupHeader, TABLES } from "./backup-format.ts";
import { type KeptFile, writeKeptFile } from "./kept-files.ts";
import { createTableLoader } from "./load-tables.ts";
import { type BackupReader, openBackup } from "./read-backup.ts";
import { listColumns, type TableProgress } from "./write-tables.ts";

export type RestoreOptions = {
  readonly onProgress?: TableProgress;
  /** Columns that this database cannot hold (vectors without pgvector). */
  readonly left?: (column: string) => void;
};
export type Restored = { readonly header: BackupHeader; readonly rows: number };

/** Parts of a data directory that make it an installation. */
const PARTS = ["db", "checkpoints", "keys"] as const;

/**
 * Puts a backup into an empty data directory as its embedded database. It is made beside and moved into place when
 * its checksums were found right, the database last; a start in between refuses (STO-423). Throws STO-412 when the
 * directory holds an installation, and as `openBackup` does.
 */
export async function restoreEmbedded(
  path: string,
  directory: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  const reader = await openBackup(path);
  try {
    refuseUnknown(reader.header);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const release = takePidLock(directory);
    try {
      const staging = join(directory, RESTORING);
      // What an interrupted restore had moved into place already is not yet anybody's.
      if (isRestoreInterrupted(directory)) for (const part of PARTS) discard(join(directory, part));
      discard(staging);
      refuseUsed(directory);
      mkdirSync(staging, { mode: 0o700 });
      try {
        return await fill(reader, directory, staging, options);
      } catch (error) {
        if (!existsSync(join(directory, "checkpoints"))) discard(staging);
        throw error;
      }
    } finally {
      release();
    }
  } finally {
    await reader.close();
  }
}

async function fill(
  reader: BackupReader,
  directory: string,
  staging: string,
  options: RestoreOptions,
): Promise<Restored> {
  const db = await openEngineAt(join(staging, "db"));
  let rows: number;
  try {
    rows = await load(db, reader, options, (file) => writeKeptFile(staging, file));
  } finally {
    await db.close();
  }
  for (const part of ["checkpoints", "keys", "db"]) {
    if (existsSync(join(staging, part))) renameSync(join(staging, part), join(directory, part));
  }
  discard(staging);
  return { header: reader.header, rows };
}

/**
 * Puts a backup into an empty database of a server, in one transaction, and what is kept beside it into
 * `directory`. Throws STO-412 when either holds an installation.
 */
export async function restoreToServer(
  path: string,
  db: Db,
  directory: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  const reader = await openBackup(path);
  try {
    refuseUnknown(reader.header);
    refuseUsed(directory);
    const files: KeptFile[] = [];
    const rows = await load(db, reader, options, (file) => files.push(file));
    for (const file of files) writeKeptFile(directory, file);
    return { header: reader.header, rows };
  } finally {
    await reader.close();
  }
}

/** Makes the schema as it was, fills it in one transaction, then brings it up to date. */
async function load(
  db: Db,
  reader: BackupReader,
  options: RestoreOptions,
  file: (file: KeptFile) => void,
): Promise<number> {
  await prepareEmpty(db, reader.header);
  const rows = await db.tx(async (sql) => {
    await lockEmpty(sql);
    const loader = await createTableLoader(sql, options.onProgress, options.left);
    let rows = 0;
    await reader.readInto({
      file,
      row: loader.accept,
      finish: () => {
        const done = loader.finish();
        rows = done.rows;
        return done;
      },
    });
    return rows;
  });
  await migrate(db);
  return rows;
}

/** Gives a database the schema that rows of `header` fit. Throws STO-412 when there is an installation in it. */
export async function prepareEmpty(db: Db, header: BackupHeader): Promise<void> {
  await assertEmpty(db);
  await migrate(db, new Set(header.migrations));
}

/** Keeps everybody else out of the tables until the transaction ends, and looks again that nothing is in them. */
export async function lockEmpty(sql: Pick<Db, "query">): Promise<void> {
  const names: string[] = [];
  for (const { name } of TABLES) if ((await listColumns(sql, name)).length > 0) names.push(`"${name}"`);
  await sql.query(`lock table ${names.join(", ")} in access exclusive mode`);
  await assertEmpty(sql);
}

async function assertEmpty(sql: Pick<Db, "query">): Promise<void> {
  for (const { name } of TABLES) {
    if ((await listColumns(sql, name)).length === 0) continue;
    const [row] = await sql.query(`select 1 as one from "${name}" limit 1`);
    if (row) throw new StewardError("STO-412", "The database holds an installation already.");
  }
}

/** Refuses rows of a schema that this version cannot make. */
export function refuseUnknown(header: BackupHeader): void {
  const known = new Set(listMigrations().map((one) => one.number));
  const unknown = header.migrations.find((number) => !known.has(number));
  if (unknown) {
    throw new StewardError("STO-426", `The backup was written by Steward ${header.version}, which is newer.`);
  }
}

function refuseUsed(directory: string): void {
  const found = PARTS.find((part) => {
    const path = join(directory, part);
    return existsSync(path) && readdirSync(path).length > 0;
  });
  if (found)
    throw new StewardError("STO-412", `${directory} holds an installation already ('${found}' is there).`);
}

function discard(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
