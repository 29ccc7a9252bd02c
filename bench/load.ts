import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "../src/store/migrate.ts";
import { savePeople } from "../src/store/people/people.ts";
import { connectPostgres } from "../src/store/postgres.ts";
import { saveToken } from "../src/store/tokens/tokens.ts";
import { findPostgresPrograms, startPostgres } from "../test/setup/postgres.ts";
import { type Client, connect, type Figures, say as sayTo } from "./load/clients.ts";
import { percentile, round } from "./turns/measure.ts";

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "2000" },
    seconds: { type: "string", default: "30" },
    every: { type: "string", default: "30" },
    replicas: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const most = Math.max(1, Number(values.sessions) || 2_000);
const seconds = Math.max(1, Number(values.seconds) || 30);
const everyMs = Math.max(1, Number(values.every) || 30) * 1_000;
const maxReplicas = Math.max(1, Number(values.replicas) || 3);
const SERVER = fileURLToPath(new URL("load/server.ts", import.meta.url));
/** Sockets that are opened at once. */
const BATCH = 25;

const note = (line: string) => process.stderr.write(`${line}\n`);
const wait = async (ms: number) => await new Promise((go) => setTimeout(go, ms));
const bin = findPostgresPrograms();
if (!bin) {
  note("Postgres 15 or newer is needed (apt-get install postgresql).");
  process.exit(1);
}
const home = mkdtempSync(join(tmpdir(), "steward-bench-load-"));
const server = await startPostgres(bin, ["fsync=on", "max_connections=200"]);
const live = new Set<ChildProcess>();
try {
  const steps = [
    ...[...new Set([500, 1_000, most])].filter((n) => n <= most).map((n) => ({ sessions: n, replicas: 1 })),
    ...Array.from({ length: maxReplicas - 1 }, (_, i) => ({ sessions: most, replicas: i + 2 })),
  ];
  const growth: Awaited<ReturnType<typeof step>>[] = [];
  for (const one of steps) growth.push(await step(one.sessions, one.replicas));
  const whole = growth.find((one) => one.sessions === most && one.replicas === 1) ?? growth.at(-1);
  const { replicas: _, errors: __, ...figures } = whole ?? { replicas: 0, errors: 0 };
  const result = {
    ...figures,
    growth,
    notes: [
      `Each session says something every ${everyMs / 1_000} s; measured for ${seconds} s after all were connected. Clients, replicas and Postgres share this machine.`,
      "ackMs: POST until 202. replyMs: POST until the reply came over the socket. bytesPerSession: growth of resident memory of the replicas over an idle server.",
    ],
  };
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
} finally {
  for (const child of live) child.kill("SIGKILL");
  server.stop();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);

/** A fresh database and fresh replicas, so that no step inherits anything. */
async function step(sessions: number, replicas: number) {
  note(`${sessions} sessions, ${replicas} replica${replicas > 1 ? "s" : ""}`);
  const name = `load_${sessions}_${replicas}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const tokens = await prepare(url.href, sessions);
  const servers = await Promise.all(
    Array.from(
      { length: replicas },
      async (_, i) => await startReplica(url.href, join(home, `${name}_${i}`)),
    ),
  );
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  const figures: Figures = { ackMs: [], replyMs: [], errors: 0 };
  const clients: Client[] = tokens.map((token, i) => ({
    url: servers[i % servers.length]?.url ?? "",
    token,
    socket: null,
    session: null,
    askedAt: null,
  }));
  const children = servers.map(({ child }) => child);
  const before = await atRest(children);
  for (let i = 0; i < clients.length; i += BATCH) {
    await Promise.all(
      clients.slice(i, i + BATCH).map(async (client, j) => {
        await connect(client, i + j, figures);
        await sayTo(client, `first-${i + j}-${randomBytes(4).toString("hex")}`, figures);
      }),
    );
  }
  note("  all connected");
  await wait(3_000);
  figures.ackMs.length = 0;
  figures.replyMs.length = 0;
  let queueAgeMsMax = 0;
  const watching = setInterval(() => {
    pool
      .query<{ ms: string | null }>(
        "select extract(epoch from now() - min(at)) * 1000 as ms from inbox where state = 'new'",
      )
      .then(({ rows }) => {
        queueAgeMsMax = Math.max(queueAgeMsMax, Number(rows[0]?.ms ?? 0));
      })
      .catch(() => {});
  }, 250);
  const end = Date.now() + seconds * 1_000;
  const timers = clients.map((client, i) => {
    let count = 0;
    const next = () => {
      if (Date.now() > end) return;
      count += 1;
      sayTo(client, `m-${i}-${count}-${randomBytes(4).toString("hex")}`, figures).catch(() => {
        figures.errors += 1;
      });
      timers[i] = setTimeout(next, everyMs);
    };
    return setTimeout(next, Math.random() * everyMs);
  });
  await wait(seconds * 1_000 + 2_000);
  for (const timer of timers) clearTimeout(timer);
  clearInterval(watching);
  const after = await usage(children);
  const unanswered = clients.filter((client) => client.askedAt !== null).length;
  for (const { socket } of clients) socket?.disconnect();
  await pool.end();
  for (const { child } of servers) child.kill("SIGKILL");
  const at = (numbers: readonly number[], share: number) => round(percentile(numbers, share), 1);
  const result = {
    sessions,
    replicas,
    messages: figures.ackMs.length,
    ackMsP50: at(figures.ackMs, 0.5),
    ackMsP95: at(figures.ackMs, 0.95),
    ackMsP99: at(figures.ackMs, 0.99),
    replyMsP50: at(figures.replyMs, 0.5),
    replyMsP95: at(figures.replyMs, 0.95),
    replyMsP99: at(figures.replyMs, 0.99),
    // The larger of both: resident memory falls when what the start needed is given back in between.
    bytesPerSession: Math.round(Math.max(after.rss - before.rss, after.held - before.held) / sessions),
    queueAgeMsMax: Math.round(queueAgeMsMax),
    unanswered,
    errors: figures.errors,
  };
  note(`  ${JSON.stringify(result)}`);
  return result;
}

/** People with a token each; returns the secrets. */
async function prepare(url: string, count: number): Promise<readonly string[]> {
  const db = await connectPostgres(url, 4);
  await migrate(db);
  const id = (i: number) => `person${i}@bench.example`;
  await savePeople(
    db,
    Array.from({ length: count }, (_, i) => ({
      id: id(i),
      name: `Person ${i}`,
      title: "",
      manager: null,
      groups: ["everyone"],
      zone: "UTC",
      locale: "en-GB",
    })),
  );
  const secrets = Array.from({ length: count }, () => randomBytes(24).toString("base64url"));
  for (const [i, secret] of secrets.entries()) {
    await saveToken(db, {
      id: `tok_${i}`,
      hash: createHash("sha256").update(secret).digest(),
      principal: id(i),
      name: "bench",
      isAdmin: false,
      expiresAt: null,
    });
  }
  await db.close();
  return secrets;
}

async function startReplica(url: string, directory: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(SERVER, [url, directory], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--expose-gc"],
  });
  live.add(child);
  child.once("exit", () => live.delete(child));
  return await new Promise((resolve, reject) => {
    child.once("message", (message) => resolve({ child, url: (message as { url: string }).url }));
    child.once("exit", () => reject(new Error("a replica did not start")));
  });
}

type Usage = { readonly rss: number; readonly held: number; readonly cpuMs: number };

/** Memory and processor time of the replicas together, after a collection of garbage. */
async function usage(children: readonly ChildProcess[]): Promise<Usage> {
  const each = await Promise.all(
    children.map(
      async (child) =>
        await new Promise<Usage>((resolve) => {
          child.once("message", (message) => resolve(message as Usage));
          child.send("memory");
        }),
    ),
  );
  return {
    rss: each.reduce((sum, one) => sum + one.rss, 0),
    held: each.reduce((sum, one) => sum + one.held, 0),
    cpuMs: each.reduce((sum, one) => sum + one.cpuMs, 0),
  };
}

/** Memory once the replicas have warmed up: what they load at their start is no session's. */
async function atRest(children: readonly ChildProcess[]): Promise<Usage> {
  let [quiet, last] = [0, await usage(children)];
  for (let tries = 0; tries < 90 && quiet < 3; tries++) {
    await wait(1_000);
    const now = await usage(children);
    quiet = now.cpuMs - last.cpuMs < 200 * children.length ? quiet + 1 : 0;
    last = now;
  }
  return last;
}
