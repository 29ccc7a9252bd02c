import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Extension, PGlite } from "@electric-sql/pglite";
import { pg_textsearch } from "@electric-sql/pglite-pg_textsearch";
import { vector } from "@electric-sql/pglite-pgvector";
import { StewardError } from "../types/steward-error.ts";
import { asDatabaseFailure } from "./database-failure.ts";
import type { Db, Sql, Statement } from "./db.ts";
import { DurableNodeFs } from "./durable-node-fs.ts";
import { breakageOf, type Guard, guardEngine } from "./guard-engine.ts";
import { takePidLock } from "./pid-lock.ts";

// As shipped minus -F (which switches fsync off).
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== "-F"),
  "-c",
  "wal_sync_method=fsync",
  // As shipped 128 MB, all of it resident: 32 MB saves 95 MB of memory, and the operating system caches the files.
  "-c",
  "shared_buffers=32MB",
];

const EXTENSIONS: Record<string, Extension> = { vector, pg_textsearch };

/** int8 (OID 20) as number: no count here reaches 2^53. */
const PARSERS = { 20: (value: string) => Number(value) };

/** Files without which the engine would begin a new database over what is left of the old one. */
const VITAL = ["PG_VERSION", "global/pg_control", "base", "pg_wal"];

/** Throws STO-500 when the files are damaged, STO-507 when there is no room to open them. */
async function openEngine(home: string, isNew: boolean): Promise<EmbeddedDb> {
  const missing = isNew ? undefined : VITAL.find((name) => !existsSync(join(home, name)));
  if (missing) throw new StewardError("STO-500", `The database in ${home} lacks '${missing}'.`);
  let engine: PGlite;
  try {
    engine = await PGlite.create({
      fs: new DurableNodeFs(home),
      extensions: EXTENSIONS,
      parsers: PARSERS,
      startParams: START_PARAMS,
    });
  } catch (error) {
    throw breakageOf(home, error);
  }
  return wrap(engine, guardEngine(engine, home));
}

function wrap(engine: PGlite, guard: Guard | null) {
  const coded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw asDatabaseFailure(error);
    }
  };
  const asSql = (target: Pick<PGlite, "query">): Sql => ({
    query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
      (await coded(target.query<Row>(text, [...params]))).rows,
  });
  return {
    ...asSql(engine),
    engine,
    kind: "pglite" as const,
    extensions: new Set(Object.keys(EXTENSIONS)) as ReadonlySet<string>,
    tx: async <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
      await coded(
        engine.transaction(async (tx) => {
          const { query } = asSql(tx as Pick<PGlite, "query">);
          let hasFailed = false;
          const watched: Sql["query"] = async (text, params) => {
            try {
              return await query(text, params);
            } catch (error) {
              hasFailed = true;
              throw error;
            }
          };
          const result = await work({ query: watched });
          // Nobody minded; its commit would be a rollback without a word.
          if (hasFailed) throw new Error("The transaction was rolled back: a statement of it failed.");
          return result;
        }),
      ),
    batch: async (statements: readonly Statement[]) =>
      await coded(
        engine.transaction(async (tx) => {
          const sql = asSql(tx as Pick<PGlite, "query">);
          const answers: (readonly object[])[] = [];
          for (const { text, params } of statements) answers.push(await sql.query(text, params));
          return answers;
        }),
      ),
    script: async (text: string) => {
      await coded(engine.exec(text));
    },
    listen: async (channel: string, heard: (payload: string) => void) => {
      const stop = await engine.listen(channel, heard);
      return async () => {
        if (!guard?.isBroken()) await stop();
      };
    },
    ...(guard ? { broken: guard.broken } : {}),
    close: async () => {
      // A broken engine would not come back from it; its files are as they are after a crash.
      if (!guard?.isBroken()) await engine.close();
    },
  } satisfies Db & { engine: PGlite };
}

/** Where a restore makes its copy, inside the data directory. */
export const RESTORING = "restore.new";

/** Whether a restore into this directory ended before its database was in place. */
export function isRestoreInterrupted(directory: string): boolean {
  return existsSync(join(directory, RESTORING)) && !existsSync(join(directory, "db"));
}

/** Opens (or makes) the database files at `home` itself. Danger: without a lock. */
export async function openEngineAt(home: string): Promise<EmbeddedDb> {
  return await openEngine(home, true);
}

/** An embedded database; `engine` is for pg-boss, which brings its own adapter. */
export type EmbeddedDb = ReturnType<typeof wrap>;

/**
 * Opens (or makes) the embedded database under `directory`/db. Throws STO-409 when another process has it and
 * STO-423 when a restore into the directory did not end, STO-500 when its files are damaged, STO-507 when the disk
 * is full.
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
      await (await openEngine(beside, true)).close();
      renameSync(beside, home);
    }
    const db = await openEngine(home, false);
    return {
      ...db,
      close: async () => {
        await db.close();
        release();
      },
    };
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
  return wrap(engine, null);
}
