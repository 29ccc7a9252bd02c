import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { migrate } from "../../src/store/migrate.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { findPostgresPrograms, startPostgres } from "../setup/postgres.ts";
import { emptyDatabase } from "./empty-server.ts";
import { steward, tempDirectory } from "./processes.ts";

const LONG = 180_000;
const BEN = "ben.okafor@brightwell.example";

test(
  "a server that is not there ends the start at once with STO-503 and exit 1",
  async () => {
    const server = steward([
      "start",
      "--port",
      "0",
      "--data",
      tempDirectory(),
      "--database-url",
      "postgres://x@127.0.0.1:1/x",
    ]);
    expect(await server.gone).toEqual({ code: 1, signal: null });
    expect(server.err()).toContain("The database cannot be reached");
    expect(server.err()).toContain("(STO-503)");
    expect(server.err()).not.toContain("    at ");
  },
  LONG,
);

test("a schema with a breaking change of a newer version is refused with STO-426 and left alone", async () => {
  const db = await freshDatabase();
  await db.query("insert into migrations (number, breaking) values ('999998', false)");
  await expect(migrate(db)).resolves.toEqual([]);
  await db.query("insert into migrations (number, breaking) values ('999999', true)");
  await expect(migrate(db)).rejects.toMatchObject({ code: "STO-426" });
  await db.close();
});

test("a list of migrations from before they could be breaking is brought up to date", async () => {
  const db = await freshDatabase();
  await db.query("alter table migrations drop column breaking");
  await expect(migrate(db)).resolves.toEqual([]);
  await db.close();
});

describe.runIf(databaseKinds().includes("postgres"))("on a server", () => {
  test(
    "a migration that is cut off in the middle leaves nothing, and the next start does it all",
    async () => {
      const url = await emptyDatabase();
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      // Stops the first migration at its last table, as a slow disk would.
      await admin.query("begin; create table policy_versions (x int)");
      const db = await connectPostgres(url, 2);
      const cut = migrate(db).catch((error: unknown) => error);
      const end = Date.now() + 20_000;
      for (let killed = 0; killed === 0 && Date.now() < end; ) {
        const { rowCount } = await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and wait_event_type = 'Lock'`,
        );
        killed = rowCount ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await cut).toMatchObject({ code: "STO-503" });
      await admin.query("rollback");
      expect((await admin.query("select to_regclass('people') as there")).rows[0].there).toBeNull();
      expect(await migrate(db)).toContain("000001");
      await db.close();
      await admin.end();
    },
    LONG,
  );

  test(
    "four that start at once on an empty database make one schema",
    async () => {
      const url = await emptyDatabase();
      const dbs = await Promise.all(Array.from({ length: 4 }, async () => await connectPostgres(url, 2)));
      await Promise.all(dbs.map(async (db) => await migrate(db)));
      const rows = (await dbs[0]?.query("select number from migrations")) ?? [];
      expect(rows.length).toBeGreaterThan(0);
      await Promise.all(dbs.map(async (db) => await db.close()));
    },
    LONG,
  );

  test(
    "an extension that is there but may not be made counts as missing, and the rest goes on",
    async () => {
      const url = await emptyDatabase();
      const db = await connectPostgres(url, 2);
      (db.extensions as Set<string>).add("vector");
      const [made] = await db.query("select 1 from pg_available_extensions where name = 'vector'");
      if (made) await db.query("create role plain");
      const applied = await migrate(
        made
          ? {
              ...db,
              script: async (text) =>
                await db.script(text.replace("create extension if not exists vector", "select 1/0")),
            }
          : db,
      );
      expect(applied).toContain("000001");
      expect(applied).not.toContain("000002");
      expect(db.extensions.has("vector")).toBe(false);
      await db.close();
    },
    LONG,
  );
});

const bin = inject("postgresUrl") ? findPostgresPrograms() : null;

test.runIf(bin !== null)(
  "without extensions it serves and says so; a restart of the server is outlived",
  async () => {
    const postgres = await startPostgres(bin ?? "");
    let isStopped = false;
    onTestFinished(() => {
      if (!isStopped) postgres.stop();
    });
    const directory = tempDirectory();
    writeFileSync(join(directory, "note"), "");
    const server = steward(["start", "--port", "0", "--data", directory, "--database-url", postgres.url]);
    expect(await server.saw(/Steward is ready: (\S+)/), server.err()).toBe(true);
    const url = /Steward is ready: (\S+)/.exec(server.out())?.[1] ?? "";
    const post = async (path: string, body: object) =>
      await fetch(url + path, {
        method: "POST",
        headers: {
          "X-Steward-As": BEN,
          "Content-Type": "application/json",
          "Idempotency-Key": crypto.randomUUID(),
        },
        body: JSON.stringify(body),
      });
    const ask = async () => {
      const response = await post("/api/ask", {
        text: "How many days a week may I work from home?",
        files: [],
      });
      return { status: response.status, text: await response.text() };
    };
    const ready = await (await fetch(`${url}/readyz`)).json();
    const doctor = await (await fetch(`${url}/api/doctor`, { headers: { "X-Steward-As": BEN } })).text();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(
      "select name from pg_available_extensions where name in ('vector', 'pg_textsearch')",
    );
    await client.end();
    expect(ready.notes).toHaveLength(2 - rows.length);
    expect(doctor).toMatch(/keyword search/);
    const before = await ask();
    expect(before.status).toBe(200);
    expect(before.text).toContain('"citations":[{');

    postgres.restart("immediate");
    const end = Date.now() + 30_000;
    let after = await ask();
    while (after.status !== 200 && Date.now() < end) {
      expect(after.text).toContain("STO-503");
      await new Promise((resolve) => setTimeout(resolve, 300));
      after = await ask();
    }
    expect(after.text).toContain('"citations":[{');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    postgres.stop();
    isStopped = true;
    const gone = await fetch(`${url}/readyz`);
    expect(gone.status).toBe(503);
    expect(await gone.text()).toContain("The database does not answer.");
    server.child.kill("SIGTERM");
    expect((await server.gone).signal).toBeNull();
  },
  LONG,
);
