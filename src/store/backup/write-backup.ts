import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { StewardError } from "../../types/steward-error.ts";
import type { Db } from "../db.ts";
import { listMigrations } from "../migrate.ts";
import { type BackupHeader, FORMAT } from "./backup-format.ts";
import { readKeptFiles } from "./kept-files.ts";
import { type TableProgress, type TablesWritten, writeTables } from "./write-tables.ts";

export type BackupOptions = {
  /** Data directory, for what is kept beside the database. */
  readonly directory: string;
  /** Of Steward. */
  readonly version: string;
  readonly now: Date;
  readonly onProgress?: TableProgress;
};

/**
 * What a database says of itself, for the first line. Throws STO-426 when a newer version changed it, even in a way
 * that this one can work with: it may have tables that would be left out without a word.
 */
export async function describeDatabase(
  db: Db,
  { version, now }: Pick<BackupOptions, "version" | "now">,
): Promise<BackupHeader> {
  const rows = await db.query<{ number: string }>("select number from migrations order by number");
  const known = new Set(listMigrations().map((one) => one.number));
  const unknown = rows.find((row) => !known.has(row.number));
  if (unknown) {
    throw new StewardError(
      "STO-426",
      `The database has had the change ${unknown.number} of a newer version.`,
    );
  }
  return {
    steward: "backup",
    format: FORMAT,
    version,
    at: now.toISOString(),
    kind: db.kind,
    migrations: rows.map((row) => row.number),
  };
}

/** Writes a whole installation, gzipped, to `out`, and ends it. Resolves when the last byte was taken. */
export async function writeBackup(db: Db, out: Writable, options: BackupOptions): Promise<TablesWritten> {
  const gzip = createGzip({ level: 6 });
  const flowing = pipeline(gzip, out);
  const put = async (text: string) => {
    if (!gzip.write(text)) await Promise.race([once(gzip, "drain"), flowing]);
  };
  try {
    const head = createHash("sha256");
    const putHead = async (value: object) => {
      const line = `${JSON.stringify(value)}\n`;
      head.update(line);
      await put(line);
    };
    await putHead(await describeDatabase(db, options));
    // Checkpoints before the rows: what grows meanwhile can then only be more than what they claim.
    for (const file of readKeptFiles(options.directory)) await putHead(file);
    const written = await writeTables(db, put, options.onProgress);
    await put(
      `${JSON.stringify({ whole: written.rows, tables: written.sha256, head: head.digest("hex") })}\n`,
    );
    gzip.end();
    await flowing;
    return written;
  } catch (error) {
    gzip.destroy();
    await flowing.catch(() => {});
    throw error;
  }
}
