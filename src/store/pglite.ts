import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Extension, PGlite } from "@electric-sql/pglite";
import { pg_textsearch } from "@electric-sql/pglite-pg_textsearch";
import { vector } from "@electric-sql/pglite-pgvector";
import { StewardError } from "../types/steward-error.ts";
import type { Db, Sql } from "./db.ts";
import { DurableNodeFs } from "./durable-node-fs.ts";
import { takePidLock } from "./pid-lock.ts";

// As shipped minus -F (which switches fsync off).
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== "-F"),
  "-c",
  "wal_sync_method=fsync",
];

const EXTENSIONS: Record<string, Extension> = { vector, pg_textsearch };

/** int8 (OID 20) as number: no count here reaches 2^53. */
const PARSERS = { 20: (value: string) => Number(value) };

async function openEngine(directory: string): Promise<PGlite> {
  return await PGlite.create({
    fs: new DurableNodeFs(directory),
    extensions: EXTENSIONS,
    parsers: PARSERS,
    startParams: START_PARAMS,
  });
}

function wrap(engine: PGlite, release: () => void): Db & { readonly engine: PGlite } {
  const asSql = (target: Pick<PGlite, "query">): Sql => ({
    query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
      (await target.query<Row>(text, [...params])).rows,
  });
  return {
    ...asSql(engine),
    engine,
    kind: "pglite",
    extensions: new Set(Object.keys(EXTENSIONS)),
    tx: async (work) =>
      await engine.transaction(async (tx) => await work(asSql(tx as Pick<PGlite, "query">))),
    script: async (text) => {
      await engine.exec(text);
    },
    listen: async (channel, heard) => {
      const stop = await engine.listen(channel, heard);
      return async () => await stop();
    },
    close: async () => {
      await engine.close();
      release();
    },
  };
}

/** Where a restore makes its copy, inside the data directory. */
export const RESTORING = "restore.new";

/** Whether a restore into this directory ended before its database was in place. */
export function isRestoreInterrupted(directory: string): boolean {
  return existsSync(join(directory, RESTORING)) && !existsSync(join(directory, "db"));
}

/** Opens (or makes) the database files at `home` itself. Danger: without a lock. */
export async function openEngineAt(home: string): Promise<EmbeddedDb> {
  return wrap(await openEngine(home), () => {});
}

/** An embedded database; `engine` is for pg-boss, which brings its own adapter. */
export type EmbeddedDb = ReturnType<typeof wrap>;

/**
 * Opens (or makes) the embedded database under `directory`/db. Throws STO-409 when another process has it and
 * STO-423 when a restore into the directory did not end.
 * A new one is made beside its place and renamed when it is whole, since a kill in the middle of the first
 * start leaves files that never open again.
 */
export async function openEmbedded(directory: string): Promise<EmbeddedDb> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const release = takePidLock(directory);
  try {
    const home = join(directory, "db");
    if (isRestoreInterrupted(directory)) throw new StewardError("STO-423");
    rmSync(join(directory, RESTORING), { recursive: true, force: true });
    if (!existsSync(home)) {
      const beside = join(directory, "db.new");
      rmSync(beside, { recursive: true, force: true });
      await (await openEngine(beside)).close();
      renameSync(beside, home);
    }
    return wrap(await openEngine(home), release);
  } catch (error) {
    release();
    throw error;
  }
}

/** An embedded database in memory, from a dump when one is given: for tests and measurements. */
export async function openInMemory(dump?: Blob): Promise<EmbeddedDb> {
  const engine = await PGlite.create({
    extensions: EXTENSIONS,
    parsers: PARSERS,
    ...(dump ? { loadDataDir: dump } : {}),
  });
  return wrap(engine, () => {});
}
