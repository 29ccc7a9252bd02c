import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { findPostgresPrograms, startPostgres } from "../test/setup/postgres.ts";
import { type Mark, mark, measureTables, median, round, vacuumWhatIsDue } from "./turns/measure.ts";
import { openSteward } from "./turns/steward-system.ts";
import type { OpenSystem, TurnSystem } from "./turns/system.ts";
import type { Watch } from "./turns/watch-db.ts";

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "400" },
    peers: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    statements: { type: "boolean", default: false },
  },
});
const turns = Math.max(1, Math.min(10_000, Number(values.turns) || 400));
/** Read-only turns after the others, in a conversation of their own. */
const READ_TURNS = 20;
const RANGES = ["1-5", "41-50", "41-60", "91-110", "391-400"];
/** The measurement's own, and what stands for the system outside that the tool acts on: no engine's bytes. */
const NOT_THEIRS = ["bench_floor", "effects"];
/** Of a floor commit: a quarter of what Steward writes for a turn, which is found out by the first turns. */
const FLOOR_TABLE =
  "create table bench_floor (id bigint generated always as identity primary key, line text)";

type Lane = {
  readonly system: TurnSystem;
  readonly client: pg.Client;
  readonly empty: { readonly bytes: number; readonly rows: number };
  readonly ms: number[];
  readonly wal: number[];
  readonly writes: number[];
  readonly reads: number[];
};

const notes: string[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);
const bin = findPostgresPrograms();
if (!bin) {
  process.stderr.write("Postgres 15 or newer is needed (apt-get install postgresql).\n");
  process.exit(1);
}
const home = mkdtempSync(join(tmpdir(), "steward-bench-turns-"));
// Durable as in production; autovacuum off, since its own writes would count as somebody's: it is done by hand below.
const server = await startPostgres(bin, ["fsync=on", "autovacuum=off"]);
const watch: Watch = { statements: [] };
try {
  const result = await run();
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
} finally {
  server.stop();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);

async function run() {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const openers: [string, OpenSystem][] = [["steward", async (url) => await openSteward(url, watch, home)]];
  if (values.peers) {
    for (const name of ["langgraph", "mastra", "dbos"]) {
      // The peers live in a directory of their own, installed by hand.
      const made = await import(`./peers/${name}.ts`).catch((error: unknown) => {
        notes.push(`${name}: not measured (${String(error).split("\n")[0]}); run npm ci in bench/peers.`);
        return null;
      });
      if (made) openers.push([name, made.open]);
    }
  }
  const lanes: Lane[] = [];
  for (const [name, open] of openers) lanes.push(await openLane(admin, name, open));
  const steward = lanes[0];
  if (!steward) throw new Error("there is always Steward");
  await steward.client.query(FLOOR_TABLE);

  const floorMs: number[] = [];
  let floorLine = "x".repeat(600);
  for (let turn = 1; turn <= turns; turn++) {
    const order = lanes.map((_, i) => lanes[(i + turn) % lanes.length] as Lane);
    for (const lane of order) {
      const text = lineOf(turn);
      const before = await mark(admin);
      const ms = await timed(async () => await lane.system.turn("write", text));
      await settle();
      take(lane, before, await mark(admin), ms);
    }
    if (turn === 2) floorLine = "x".repeat(Math.round((await turnBytes(steward.client)) / 4));
    floorMs.push(await timed(async () => await floor(steward.client, floorLine)));
    // Autovacuum's work, but not in the middle of somebody's turn.
    if (turn === 20 || turn % 50 === 0) {
      for (const { system, client } of lanes) {
        await system.upkeep?.();
        await vacuumWhatIsDue(client);
      }
    }
    if (turn % 50 === 0)
      say(
        `${turn} turns: ${lanes.map((l) => `${l.system.name} ${round(median(l.ms.slice(-20)))}`).join(", ")} ms`,
      );
  }
  const sizes: Awaited<ReturnType<typeof measureTables>>[] = [];
  for (const lane of lanes) sizes.push(await measureTables(lane.client, NOT_THEIRS));
  for (let turn = 1; turn <= READ_TURNS; turn++) {
    for (const lane of lanes) {
      const before = await mark(admin);
      await lane.system.turn("read", lineOf(turns + turn));
      await settle();
      lane.reads.push((await mark(admin)).writes - before.writes);
    }
  }

  const systems = Object.fromEntries(
    lanes.map((lane, i) => {
      const size = sizes[i] ?? { bytes: 0, rows: 0, tables: [] };
      return [lane.system.name, figures(lane, size)];
    }),
  );
  const version = await admin.query<{ version: string }>("select version()");
  if (values.statements)
    for (const text of watch.statements.slice(-60)) say(text.replace(/\s+/g, " ").slice(0, 160));
  for (const lane of lanes) {
    await lane.system.close();
    await lane.client.end();
  }
  await admin.end();
  notes.push(
    "bytes: growth of all tables, indexes, long values and maps over the empty migrated database, without the table that the tool writes to; emptyBytes: that database.",
    "commits: transactions that wrote something (transaction numbers taken); the tool's own row is one of them.",
  );
  return {
    turns,
    systems: { langgraph: null, mastra: null, dbos: null, ...systems },
    floorMs: round(median(floorMs)),
    floorMsAt: atRanges(floorMs),
    floorBytesPerCommit: floorLine.length,
    database: `${(version.rows[0]?.version ?? "").split(" on ")[0]}, fsync on`,
    notes,
  };
}

async function openLane(admin: pg.Client, name: string, open: OpenSystem): Promise<Lane> {
  say(`opening ${name}`);
  await admin.query(`create database bench_${name}`);
  const url = new URL(server.url);
  url.pathname = `/bench_${name}`;
  const system = await open(url.href);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  // Its first vacuum makes free-space maps, which are no growth.
  await client.query("vacuum analyze");
  const empty = await measureTables(client, NOT_THEIRS);
  return { system, client, empty, ms: [], wal: [], writes: [], reads: [] };
}

function take(lane: Lane, before: Mark, after: Mark, ms: number): void {
  lane.ms.push(ms);
  lane.wal.push(after.wal - before.wal);
  lane.writes.push(after.writes - before.writes);
}

function figures(lane: Lane, size: Awaited<ReturnType<typeof measureTables>>) {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  return {
    msAt: atRanges(lane.ms),
    bytes: size.bytes - lane.empty.bytes,
    emptyBytes: lane.empty.bytes,
    walBytesPerTurn: round(mean(lane.wal), 0),
    walBytesPerTurnMedian: round(median(lane.wal), 0),
    rowsPerTurn: round((size.rows - lane.empty.rows) / turns, 1),
    commitsWrite: median(lane.writes),
    commitsRead: median(lane.reads),
    tables: size.tables
      .filter((table) => table.rows >= turns / 2)
      .map(({ name, bytes, rows }) => ({ name, bytes, rows })),
  };
}

/** Median over the turns of each range; null where the run was shorter. */
function atRanges(ms: readonly number[]): Record<string, number | null> {
  return Object.fromEntries(
    RANGES.map((range) => {
      const [from = 0, to = 0] = range.split("-").map(Number);
      return [range, to > ms.length ? null : round(median(ms.slice(from - 1, to)))];
    }),
  );
}

/** Bytes of the rows of Steward's last turn. */
async function turnBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `select (select sum(pg_column_size(e)) from event_log e where seq > (select max(seq) from event_log) / 2)
       + (select max(pg_column_size(a)) from actions a) + (select 2 * max(pg_column_size(u)) from audit u)
       + coalesce((select max(pg_column_size(i)) from inbox i), 0) as bytes`,
  );
  return Number(rows[0]?.bytes);
}

async function floor(client: pg.Client, line: string): Promise<void> {
  for (let i = 0; i < 4; i++) await client.query("insert into bench_floor (line) values ($1)", [line]);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** What an engine still writes after its answer belongs to its turn. */
async function settle(): Promise<void> {
  await new Promise((go) => setTimeout(go, 5));
}

/** A short line that no two turns share. */
function lineOf(turn: number): string {
  return `pallet ${turn} is at dock 7`;
}
