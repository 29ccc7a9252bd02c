import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openInMemory } from "../../src/store/pglite.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { schemaHash } from "./schema-hash.ts";

export type DbKind = Db["kind"];

declare module "vitest" {
  interface ProvidedContext {
    /** Where the run's Postgres server listens; null when there is none. */
    postgresUrl: string | null;
  }
}

/** Databases a store suite runs on: the embedded one always, a server when the run has one. */
export function databaseKinds(): readonly DbKind[] {
  return inject("postgresUrl") ? ["pglite", "postgres"] : ["pglite"];
}

/** An empty database with every migration, of its own for this caller. `close` ends and drops it. */
export async function freshDatabase(kind: DbKind = "pglite"): Promise<Db> {
  return kind === "pglite" ? await openInMemory(await pgliteTemplate()) : await freshPostgres();
}

/** Address of a migrated database of its own, for code that connects by itself (processes, several pools). */
export async function freshPostgresUrl(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = inject("postgresUrl");
  if (!server) throw new Error("This test needs the Postgres server; guard it with databaseKinds().");
  const name = `t_${randomBytes(8).toString("hex")}`;
  const template = `steward_${schemaHash()}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await ensureTemplate(admin, server, template);
    await admin.query(`create database ${name} template ${template}`);
  } finally {
    await admin.end();
  }
  return {
    url: withDatabase(server, name),
    drop: async () => {
      const client = new pg.Client({ connectionString: server });
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`).finally(() => client.end());
    },
  };
}

async function freshPostgres(): Promise<Db> {
  const { url, drop } = await freshPostgresUrl();
  const db = await connectPostgres(url, 5);
  return {
    ...db,
    close: async () => {
      await db.close();
      await drop();
    },
  };
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Makes the migrated template once a run; several test files may ask at the same moment. */
async function ensureTemplate(admin: pg.Client, server: string, template: string): Promise<void> {
  // One at a time over all processes: 7465 is ours alone on a server of our own.
  await admin.query("select pg_advisory_lock(7465)");
  try {
    const found = await admin.query("select 1 from pg_database where datname = $1", [template]);
    if (found.rowCount) return;
    const making = `${template}_new`;
    await admin.query(`drop database if exists ${making} with (force)`);
    await admin.query(`create database ${making}`);
    const db = await connectPostgres(withDatabase(server, making), 1);
    await migrate(db).finally(() => db.close());
    await admin.query(`alter database ${making} rename to ${template}`);
  } finally {
    await admin.query("select pg_advisory_unlock(7465)");
  }
}

let template: Promise<Blob> | undefined;

/** The migrated embedded database as a dump: made once for each state of `sql/`, then only loaded (about 1 s). */
async function pgliteTemplate(): Promise<Blob> {
  template ??= (async () => {
    const path = join(tmpdir(), `steward-test-${userInfo().uid}`, `pglite-${schemaHash()}.tar`);
    if (!existsSync(path)) {
      const db = await openInMemory();
      await migrate(db);
      const dump = await db.engine.dumpDataDir("none");
      await db.close();
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const beside = `${path}.${process.pid}`;
      writeFileSync(beside, new Uint8Array(await dump.arrayBuffer()));
      renameSync(beside, path);
      rmSync(beside, { force: true });
    }
    return new Blob([readFileSync(path)]);
  })();
  return await template;
}
