import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "../test/setup/free-port.ts";

/**
 * What a newcomer's machine pays: sizes on disk, time from a clean clone to the first reply, from a warm start
 * to the first reply, and the memory of the idle server. Clones HEAD, with an empty npm cache of its own.
 */
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const { values } = parseArgs({
  options: { json: { type: "boolean" }, runs: { type: "string", default: "3" } },
});
const QUESTION = "What is on my calendar today?";
const INSTALL_TIMEOUT_MS = 600_000;
const REPLY_TIMEOUT_MS = 300_000;
const IDLE_MS = 10_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const notes: string[] = [];
const place = mkdtempSync(join(tmpdir(), "steward-bench-"));
const env = cleanEnvironment();

type Started = { readonly child: ChildProcess; readonly replyMs: number };

try {
  const figures = await measure();
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, notes })}\n`);
  else {
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name}  ${value}\n`);
    for (const note of notes) process.stdout.write(`note  ${note}\n`);
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function measure() {
  const checkout = clone("all");
  const node = spawnSync("node", ["--version"], { env, encoding: "utf8" }).stdout.trim();
  notes.push(
    `default node ${node}, npm ${spawnSync("npm", ["--version"], { env, encoding: "utf8" }).stdout.trim()}`,
  );

  say("npm ci with an empty cache");
  const from = performance.now();
  const hasInstalled = run(checkout, "npm", ["ci"]);
  const installMs = hasInstalled ? performance.now() - from : null;
  const coldStart = hasInstalled
    ? await attempt("cold start", () => start(checkout, "npm", ["start", "--"]))
    : null;
  const coldMs = coldStart && installMs !== null ? installMs + coldStart.replyMs : null;
  if (coldStart) await stop(coldStart.child);
  // Fetched by the launcher where the default Node is too old.
  const nodeBytes = coldStart ? fetchedNodeBytes() : null;
  const installBytesAll = hasInstalled ? apparentBytes(checkout) : null;

  const warm: number[] = [];
  let idleRssBytes: number | null = null;
  for (let i = 0; coldStart && i < Number(values.runs); i++) {
    const warmStart = await attempt("warm start", () => start(checkout, "node", ["bin/steward.js", "start"]));
    if (!warmStart) break;
    warm.push(warmStart.replyMs);
    say(`warm start to the first reply: ${Math.round(warmStart.replyMs)} ms`);
    if (i === 0) {
      await sleep(IDLE_MS);
      idleRssBytes = treeRss(warmStart.child.pid ?? 0);
      if (idleRssBytes === null) notes.push("idleRssBytes: there is no /proc on this system");
    }
    await stop(warmStart.child);
  }

  say("npm ci --omit=dev");
  const lean = clone("prod");
  const installBytesProd = run(lean, "npm", ["ci", "--omit=dev"]) ? apparentBytes(lean) : null;
  return {
    installBytesProd,
    installBytesAll,
    coldMs: round(coldMs),
    warmMs: round(warm.sort((a, b) => a - b)[Math.floor(warm.length / 2)] ?? null),
    idleRssBytes,
    nodeBytes,
    installMs: round(installMs),
    warmRunsMs: warm.map(Math.round),
  };
}

/** The environment of a plain shell: npm's own variables would steer the npm that is measured. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|NODE$|NODE_|STEWARD_|CI$)/i.test(name),
  );
  const path = (process.env.PATH ?? "").split(":").filter((one) => !one.includes("node_modules"));
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(":"),
    npm_config_cache: join(place, "npm-cache"),
    XDG_CACHE_HOME: join(place, "cache"),
  };
}

function clone(name: string): string {
  const target = join(place, name);
  const done = spawnSync("git", ["clone", "--quiet", "--no-hardlinks", ROOT, target], {
    stdio: ["ignore", 2, 2],
  });
  if (done.status !== 0) throw new Error(`${ROOT} could not be cloned.`);
  return target;
}

function run(cwd: string, command: string, args: readonly string[]): boolean {
  const done = spawnSync(command, args, { cwd, env, stdio: ["ignore", 2, 2], timeout: INSTALL_TIMEOUT_MS });
  if (done.status === 0) return true;
  notes.push(`${command} ${args.join(" ")} failed (${done.error?.message ?? `exit ${done.status}`})`);
  return false;
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    notes.push(`${what}: ${(error as Error).message}`);
    return null;
  }
}

/** Starts the server and asks a question as the first persona; the time runs until its answer is there. */
async function start(cwd: string, command: string, args: readonly string[]): Promise<Started> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(command, [...args, "--port", String(port)], {
    cwd,
    env,
    stdio: ["ignore", "ignore", 2],
    // A group of its own, so that npm and what it starts end together.
    detached: true,
  });
  let isOver = false;
  child.on("exit", () => {
    isOver = true;
  });
  const url = `http://127.0.0.1:${port}`;
  while (performance.now() - from < REPLY_TIMEOUT_MS) {
    if (isOver) throw new Error("the server ended before it answered");
    try {
      if (await ask(url)) return { child, replyMs: performance.now() - from };
    } catch (error) {
      await stop(child);
      throw error;
    }
    await sleep(25);
  }
  await stop(child);
  throw new Error(`no reply in ${REPLY_TIMEOUT_MS / 1_000} s`);
}

/** True when the question was answered; false while nobody listens yet. Throws when the answer is an error. */
async function ask(url: string): Promise<boolean> {
  const people = await fetch(`${url}/api/people`).catch(() => null);
  if (people === null || people.status === 503) return false;
  const [first] = ((await people.json()) as { people: { id: string }[] }).people;
  const response = await fetch(`${url}/api/ask`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": randomUUID(),
      "X-Steward-As": first?.id ?? "",
    },
    body: JSON.stringify({ text: QUESTION }),
  });
  const answer = (await response.json()) as { status?: string | number; code?: string };
  if (!response.ok) throw new Error(`the first question was answered with ${answer.status} ${answer.code}`);
  if (answer.status !== "done") notes.push(`the first reply was '${answer.status}'`);
  return true;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid, "SIGTERM");
  await Promise.race([over, sleep(20_000)]);
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
  await over;
}

/** Resident bytes of a process and all it started (the launcher, the server, its workers); null without /proc. */
function treeRss(root: number): number | null {
  const processes = new Map<number, { parent: number; rss: number }>();
  try {
    for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
      const status = readStatus(name);
      if (status) processes.set(Number(name), status);
    }
  } catch {
    return null;
  }
  const belongs = (pid: number): boolean => {
    const one = processes.get(pid);
    return one !== undefined && (pid === root || belongs(one.parent));
  };
  let sum = 0;
  for (const [pid, { rss }] of processes) if (belongs(pid)) sum += rss;
  return sum;
}

function readStatus(pid: string): { parent: number; rss: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
    return { parent: field("PPid"), rss: field("VmRSS") * 1_024 };
  } catch {
    return null;
  }
}

/** Sum of the sizes of all files, as `du --apparent-size` counts them; without the history and the data. */
function apparentBytes(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder)) {
    if (name === ".git" || name === ".steward") continue;
    const path = join(folder, name);
    const stat = lstatSync(path);
    sum += stat.isDirectory() ? apparentBytes(path) : stat.size;
  }
  return sum;
}

/** What the launcher put into npm's cache of runnable packages; 0 when there was no need. */
function fetchedNodeBytes(): number {
  const folder = join(place, "npm-cache", "_npx");
  return existsSync(folder) ? apparentBytes(folder) : 0;
}

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
