import { connect, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { Db, Statement } from "../../src/store/db.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { databaseKinds, freshDatabase, freshPostgresUrl } from "../setup/database.ts";
import { findPostgresPrograms, startPostgres } from "../setup/postgres.ts";

/** The message Sync, at which the server commits what came before it. */
const SYNC = Buffer.from("S\0\0\0\x04", "latin1");

type Line = {
  readonly port: number;
  /** Breaks the line at the next commit: before it reaches the server, or when it did and before the answer comes back. */
  cutAtCommit(where: "before" | "after"): void;
  close(): void;
};

/** The line to a server, which can break exactly at a commit. */
async function openLine(host: string, port: number): Promise<Line> {
  let cut: "before" | "after" | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true).on("error", end).on("close", end);
    }
    let isDeaf = false;
    near.on("data", (chunk) => {
      const at = cut === null ? -1 : chunk.indexOf(SYNC);
      if (at < 0) return void far.write(chunk);
      const before = cut === "before";
      cut = null;
      isDeaf = true;
      far.write(before ? chunk.subarray(0, at) : chunk);
      // Time for the server to do what it heard.
      setTimeout(end, 100);
    });
    far.on("data", (chunk) => {
      if (!isDeaf) near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the line has no port");
  return {
    port: address.port,
    cutAtCommit: (where) => {
      cut = where;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const put = (n: number): Statement => ({ text: "insert into kept (n) values ($1)", params: [n] });
const also = (n: number): Statement => ({ text: "insert into also (n) values ($1)", params: [n] });
const sleep: Statement = { text: "select pg_sleep($1)", params: [20] };

describe.skipIf(!databaseKinds().includes("postgres"))("a batch", () => {
  let database: Awaited<ReturnType<typeof freshPostgresUrl>>;
  let line: Line;
  let watcher: Db;
  let db: Db;
  beforeAll(async () => {
    database = await freshPostgresUrl();
    const { hostname, port } = new URL(database.url);
    line = await openLine(hostname, Number(port));
    watcher = await connectPostgres(database.url, 1);
    await watcher.script("create table kept (n int primary key); create table also (n int primary key)");
  });
  afterEach(async () => {
    await db.close();
    await watcher.script("truncate kept, also");
  });
  afterAll(async () => {
    await watcher.close();
    line.close();
    await database.drop();
  });
  /** One connection, so that whatever is left of a failure meets what comes next. */
  const open = async (options = "") => {
    const url = new URL(database.url);
    url.port = String(line.port);
    if (options) url.searchParams.set("options", options);
    db = await connectPostgres(url.href, 1);
    return db;
  };
  const rows = async () => {
    const both = await watcher.query<{ n: number }>(
      "select n from kept union all select n from also order by n",
    );
    return both.map((row) => row.n);
  };
  const pid = async () => (await db.query<{ pid: number }>("select pg_backend_pid() as pid"))[0]?.pid;

  it("whose line is cut between its statements and its commit leaves nothing, says STO-503, and the next one works", async () => {
    await open();
    line.cutAtCommit("before");
    await expect(db.batch([put(1), also(2)])).rejects.toMatchObject({ code: "STO-503" });
    await expect.poll(rows).toEqual([]);
    await db.batch([put(3), also(4)]);
    expect(await rows()).toEqual([3, 4]);
  });

  it("whose line is cut between its commit and the answer is there whole, though nobody could be told", async () => {
    await open();
    line.cutAtCommit("after");
    await expect(db.batch([put(1), also(2)])).rejects.toMatchObject({ code: "STO-503" });
    expect(await rows()).toEqual([1, 2]);
    await db.batch([put(3), also(4)]);
    expect(await rows()).toEqual([1, 2, 3, 4]);
  });

  it("one of whose statements fails throws that failure and leaves nothing; its connection goes on, with statements it never got to", async () => {
    await open();
    await db.batch([put(1)]);
    const before = await pid();
    await expect(db.batch([put(2), put(1), also(3)])).rejects.toMatchObject({ code: "23505" });
    expect(await rows()).toEqual([1]);
    await db.batch([also(3), put(2), also(4)]);
    expect(await rows()).toEqual([1, 2, 3, 4]);
    expect(await pid()).toBe(before);
  });

  it("with a value that cannot be written leaves nothing of what stands before it, and the next one works", async () => {
    await open();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(db.batch([put(1), { text: also(2).text, params: [circular] }])).rejects.toThrow(/circular/);
    expect(await rows()).toEqual([]);
    await db.batch([also(3), put(4), put(5)]);
    expect(await rows()).toEqual([3, 4, 5]);
  });

  it("that runs into a statement timeout throws it and leaves nothing; its connection goes on", async () => {
    await open("-c statement_timeout=300");
    const before = await pid();
    await expect(db.batch([put(1), sleep, also(2)])).rejects.toMatchObject({ code: "57014" });
    expect(await rows()).toEqual([]);
    await db.batch([put(3), also(4)]);
    expect(await rows()).toEqual([3, 4]);
    expect(await pid()).toBe(before);
  });

  it("whose backend is ended in the middle leaves nothing, says STO-503, and the next one works", async () => {
    await open();
    const running = db.batch([put(1), sleep, also(2)]).catch((error: unknown) => error);
    await expect
      .poll(async () => {
        const ended = await watcher.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and query like 'select pg_sleep%'`,
        );
        return ended.length;
      })
      .toBe(1);
    expect(await running).toMatchObject({ code: "STO-503" });
    expect(await rows()).toEqual([]);
    await db.batch([put(3), also(4)]);
    expect(await rows()).toEqual([3, 4]);
  });
});

describe.each(databaseKinds())("a transaction on %s", (kind) => {
  it("whose work swallowed the failure of a statement is not called committed", async () => {
    const db = await freshDatabase(kind);
    await db.script("create table kept (n int primary key)");
    const work = db.tx(async (sql) => {
      await sql.query("insert into kept (n) values (1)");
      await sql.query("insert into kept (n) values (1)").catch(() => {});
    });
    await expect(work).rejects.toThrow(/rolled back/);
    expect(await db.query("select n from kept")).toEqual([]);
    await db.tx(async (sql) => await sql.query("insert into kept (n) values (2)"));
    expect(await db.query("select n from kept")).toEqual([{ n: 2 }]);
    await db.close();
  });
});

const bin = inject("postgresUrl") ? findPostgresPrograms() : null;

it.runIf(bin !== null)(
  "a restart of the server under running batches: those that failed left nothing, those that did not are there, and work goes on",
  { timeout: 60_000 },
  async () => {
    const postgres = await startPostgres(bin ?? "", ["fsync=on"]);
    try {
      const db = await connectPostgres(postgres.url, 4);
      await db.script("create table kept (n int primary key); create table also (n int primary key)");
      const told: number[] = [];
      const failures: unknown[] = [];
      let isOver = false;
      let n = 0;
      const writers = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const own = ++n;
          await db.batch([put(own), also(own)]).then(
            () => told.push(own),
            async (error: unknown) => {
              failures.push((error as { code?: string }).code);
              await new Promise((go) => setTimeout(go, 50));
            },
          );
        }
      });
      await new Promise((go) => setTimeout(go, 300));
      postgres.restart("immediate");
      const before = told.length;
      await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(before + 100);
      isOver = true;
      await Promise.all(writers);
      const kept = await db.query<{ n: number }>("select n from kept order by n");
      expect(await db.query("select n from also order by n")).toEqual(kept);
      const there = new Set(kept.map((row) => row.n));
      expect(told.filter((own) => !there.has(own))).toEqual([]);
      expect(failures.length).toBeGreaterThan(0);
      expect(new Set(failures)).toEqual(new Set(["STO-503"]));
      await db.close();
    } finally {
      postgres.stop();
    }
  },
);
