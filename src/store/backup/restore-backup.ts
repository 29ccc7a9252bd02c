import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../types/json.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { Db, Sql } from "../db.ts";
import { listMigrations, migrate } from "../migrate.ts";
import { isRestoreInterrupted, openEngineAt, RESTORING } from "../pglite.ts";
import { takePidLock } from "../pid-lock.ts";
import { readSettings, saveSetting } from "../settings/settings.ts";
import { type BackupHeader, TABLES } from "./backup-format.ts";
import { checkBackup } from "./check-backup.ts";
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
      let rows: number;
      try {
        rows = await make(reader, staging, options);
      } catch (error) {
        discard(staging);
        throw error;
      }
      // From here on what is left of a failure or a kill is a part of an installation: the next start says so.
      moveIntoPlace(staging, directory);
      return { header: reader.header, rows };
    } finally {
      release();
    }
  } finally {
    await reader.close();
  }
}

async function make(reader: BackupReader, staging: string, options: RestoreOptions): Promise<number> {
  const db = await openEngineAt(join(staging, "db"));
  try {
    return await load(db, reader, options, (file) => writeKeptFile(staging, file));
  } finally {
    await db.close();
  }
}

/** The database last: until it is there, the restore counts as interrupted. */
function moveIntoPlace(staging: string, directory: string): void {
  for (const part of ["checkpoints", "keys", "db"]) {
    if (existsSync(join(staging, part))) renameSync(join(staging, part), join(directory, part));
  }
  discard(staging);
}

/** Setting that tells which backup a server's rows came from, so that a restore that broke off there can be ended. */
const RESTORED_FROM = "restoredFrom";

/**
 * Puts a backup into an empty database of a server, in one transaction, and what is kept beside it into
 * `directory`. Interrupted, the next start with that directory refuses (STO-423); run again it begins anew, or
 * ends what is left to do when the rows are there. Throws STO-412 when either holds an installation.
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
    const earlier = isRestoreInterrupted(directory) ? await findRestored(path, db) : null;
    const staging = join(directory, RESTORING);
    if (earlier === null) {
      refuseUsed(directory);
      discard(staging);
      mkdirSync(staging, { recursive: true, mode: 0o700 });
    }
    const rows = earlier ?? (await loadServer(db, reader, staging, options));
    moveIntoPlace(staging, directory);
    return { header: reader.header, rows };
  } finally {
    await reader.close();
  }
}

async function loadServer(
  db: Db,
  reader: BackupReader,
  staging: string,
  options: RestoreOptions,
): Promise<number> {
  // From the mark on, nobody knows of a failure whether the rows are there: the next run looks.
  let isMarked = false;
  const mark = async (sql: Sql, from: JsonObject) => {
    await saveSetting(sql, RESTORED_FROM, from);
    isMarked = true;
  };
  try {
    return await load(db, reader, options, (file) => writeKeptFile(staging, file), mark);
  } catch (error) {
    if (!isMarked) discard(staging);
    throw error;
  }
}

/** How many rows of this backup an earlier run committed here; null when it did not. */
async function findRestored(path: string, db: Db): Promise<number | null> {
  if ((await listColumns(db, "settings")).length === 0) return null;
  const from = (await readSettings(db))[RESTORED_FROM];
  if (typeof from !== "object" || from === null) return null;
  const { rows, sha256 } = await checkBackup(path);
  return (from as { sha256?: unknown }).sha256 === sha256 ? rows : null;
}

/** Makes the schema as it was, fills it in one transaction, then brings it up to date. */
async function load(
  db: Db,
  reader: BackupReader,
  options: RestoreOptions,
  file: (file: KeptFile) => void,
  mark: (sql: Sql, from: { rows: number; sha256: string }) => Promise<void> = async () => {},
): Promise<number> {
  await prepareEmpty(db, reader.header);
  const rows = await db.tx(async (sql) => {
    await lockEmpty(sql);
    const loader = await createTableLoader(sql, options.onProgress, options.left);
    let done = { rows: 0, sha256: "" };
    await reader.readInto({
      file,
      row: loader.accept,
      finish: () => {
        done = loader.finish();
        return done;
      },
    });
    await mark(sql, done);
    return done.rows;
  });
  await migrate(db);
  return rows;
}

/**
 * Gives a database the schema that rows of `header` fit. Throws STO-412 when there is an installation in it, or the
 * schema of a later version.
 */
export async function prepareEmpty(db: Db, header: BackupHeader): Promise<void> {
  await assertEmpty(db);
  const wanted = new Set(header.migrations);
  await migrate(db, wanted);
  const rows = await db.query<{ number: string }>("select number from migrations");
  if (rows.some((row) => !wanted.has(row.number))) {
    throw new StewardError(
      "STO-412",
      "The database has no rows, but the schema of a later version than the rows to come: make it anew.",
    );
  }
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
