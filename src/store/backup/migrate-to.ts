import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StewardError } from "../../types/steward-error.ts";
import type { Db } from "../db.ts";
import { migrate } from "../migrate.ts";
import { readSettings, saveSetting } from "../settings/settings.ts";
import { createTableLoader } from "./load-tables.ts";
import { lockEmpty, prepareEmpty, type RestoreOptions } from "./restore-backup.ts";
import { describeDatabase } from "./write-backup.ts";
import { type TablesWritten, writeTables } from "./write-tables.ts";

const MARK = "moved-to";

/** Where the installation of this directory was moved to, as words for people; null when it was not. */
export function readMoved(directory: string): string | null {
  const path = join(directory, MARK);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
}

/** Throws STO-410 for a directory whose embedded database is no longer the one that counts. */
export function refuseMoved(directory: string): void {
  const moved = readMoved(directory);
  if (moved) throw new StewardError("STO-410", `This installation was moved to ${moved}.`);
}

/**
 * Moves an embedded installation into an empty database of a server: all rows in one transaction there, then a mark
 * in the directory, so that nobody goes on with the old one. Stopped before the commit, nothing is there; stopped
 * between commit and mark, running it again finds the same rows there and only sets the mark. What is kept beside
 * the database (keys, checkpoints) stays in the directory, which serves the first replica from then on. Throws
 * STO-412 when the server holds another installation.
 */
export async function migrateTo(
  source: Db,
  target: Db,
  where: {
    readonly directory: string;
    readonly server: string;
    readonly version: string;
    readonly now: Date;
  },
  options: RestoreOptions = {},
): Promise<TablesWritten & { readonly wasThere: boolean }> {
  const earlier = await findEarlier(source, target);
  const written = earlier ?? (await copy(source, target, where, options));
  const beside = join(where.directory, `${MARK}.${process.pid}`);
  writeFileSync(beside, `${where.server} on ${where.now.toISOString()}\n`, { mode: 0o600, flush: true });
  renameSync(beside, join(where.directory, MARK));
  return { ...written, wasThere: earlier !== null };
}

async function copy(
  source: Db,
  target: Db,
  where: { readonly version: string; readonly now: Date },
  options: RestoreOptions,
): Promise<TablesWritten> {
  await prepareEmpty(target, await describeDatabase(source, where));
  const written = await target.tx(async (sql) => {
    await lockEmpty(sql);
    const loader = await createTableLoader(sql, options.onProgress, options.left);
    const sent = await writeTables(source, async (line) => await loader.accept(line.slice(0, -1)));
    const got = loader.finish();
    if (got.rows !== sent.rows || got.sha256 !== sent.sha256) throw new StewardError("STO-422");
    await saveSetting(sql, "movedFrom", { rows: sent.rows, sha256: sent.sha256 });
    return sent;
  });
  await migrate(target);
  return written;
}

/** What an earlier run committed, when these are the rows it took. */
async function findEarlier(source: Db, target: Db): Promise<TablesWritten | null> {
  const [found] = await target.query<{ there: boolean }>(
    "select to_regclass('settings') is not null as there",
  );
  if (!found?.there) return null;
  const moved = (await readSettings(target)).movedFrom;
  if (typeof moved !== "object" || moved === null) return null;
  const here = await writeTables(source, async () => {});
  return (moved as { sha256?: unknown }).sha256 === here.sha256 ? here : null;
}
