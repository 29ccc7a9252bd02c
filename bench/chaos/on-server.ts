import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { migrate } from "../../src/store/migrate.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { findPostgresPrograms, startPostgres } from "../../test/setup/postgres.ts";
import { percentile, round } from "../turns/measure.ts";
import { countedEffects } from "./outside-client.ts";
import { approveAll, type SentMessage, talk, writeMessages } from "./people.ts";
import { startReplicas } from "./replicas.ts";
import { watchTakeovers } from "./takeovers.ts";
import { startProxy } from "./tcp-proxy.ts";
import { readThreads, verify } from "./verify.ts";

type Options = {
  readonly turns: number;
  readonly kills: number;
  readonly replicas: number;
  readonly leaseMs: number;
  readonly say: (line: string) => void;
};

const THREADS = 24;
const RESTARTS = 3;
const CUTS = 8;
const STALLS = 4;
/** Without progress for this long the run is over, and what is missing is lost. */
const PATIENCE_MS = 60_000;

const wait = async (ms: number) => await new Promise((go) => setTimeout(go, ms));

/** Replicas that die, a database that restarts, lines that break; and what came of every message. */
export async function chaosOnServer(options: Options) {
  const { turns, kills, leaseMs, say } = options;
  const bin = findPostgresPrograms();
  if (!bin) throw new Error("Postgres 15 or newer is needed (apt-get install postgresql).");
  const server = await startPostgres(bin, ["fsync=on"]);
  const outside = fork(fileURLToPath(new URL("outside.ts", import.meta.url)));
  const close: (() => void)[] = [() => server.stop(), () => outside.kill("SIGKILL")];
  try {
    const db = await connectPostgres(server.url, 1);
    await migrate(db);
    await db.close();
    const origin = await new Promise<string>((resolve) =>
      outside.once("message", (message) => resolve(`http://127.0.0.1:${(message as { port: number }).port}`)),
    );
    const direct = new URL(server.url);
    const proxy = await startProxy(direct.hostname, Number(direct.port));
    close.unshift(() => proxy.close());
    const through = new URL(server.url);
    through.port = String(proxy.port);
    const pool = new pg.Pool({ connectionString: server.url, max: 4 });
    pool.on("error", () => {});
    const replicas = startReplicas(options.replicas, through.href, leaseMs, origin);
    close.unshift(() => replicas.stop());
    await replicas.waitReady();
    say(`${options.replicas} replicas are ready`);

    const perThread = Math.ceil(turns / THREADS);
    const sent: SentMessage[] = Array.from({ length: THREADS }, (_, i) =>
      writeMessages(`t${i}`, Math.min(perThread, Math.max(0, turns - i * perThread)), i),
    ).flat();
    const ended = new Map<string, number>();
    let isOver = false;
    const takeovers = watchTakeovers(pool);
    const startedAt = performance.now();
    const talking = Promise.all(
      Array.from({ length: THREADS }, async (_, i) => {
        const thread = `t${i}`;
        const mine = sent.filter((message) => message.thread === thread);
        await talk(replicas, thread, mine, (of) => ended.get(of) ?? 0);
      }),
    );
    const approving = approveAll(replicas, pool, () => isOver);

    let [killed, restarts, cuts, stalls, done, lastChange] = [0, 0, 0, 0, -1, performance.now()];
    while (performance.now() - lastChange < PATIENCE_MS) {
      await wait(100);
      const found = await progress(pool, ended);
      if (found === null) continue;
      if (found.done !== done) {
        if (Math.floor(found.done / 100) > Math.floor(done / 100))
          say(`${found.done} turns, ${killed} kills`);
        done = found.done;
        lastChange = performance.now();
      }
      if (found.done >= sent.length && found.open === 0 && killed >= kills) break;
      const share = found.done / sent.length;
      if (restarts < RESTARTS && share > (restarts + 0.7) / (RESTARTS + 0.7)) {
        restarts += 1;
        say(`restart of the database, ${restarts === 2 ? "as a crash" : "in order"}`);
        const from = performance.now();
        server.restart(restarts === 2 ? "immediate" : "fast");
        takeovers.outage(from, performance.now());
      } else if (killed < kills && share >= (killed + 0.5) / (kills + 1)) {
        const at = performance.now();
        const owner = replicas.kill();
        if (owner) {
          killed += 1;
          await takeovers.killed(owner, at);
        }
      } else if (cuts < CUTS && share > (cuts + 0.3) / CUTS) {
        cuts += 1;
        proxy.cut();
      } else if (stalls < STALLS && share > (stalls + 0.6) / STALLS) {
        stalls += 1;
        proxy.stall(leaseMs / 2);
        takeovers.outage(performance.now(), performance.now() + leaseMs / 2);
      }
    }
    isOver = true;
    await Promise.race([talking, wait(1_000)]);
    await approving;
    const seconds = (performance.now() - startedAt) / 1_000;
    takeovers.stop();
    const verdict = await verify(pool, sent, await countedEffects(origin));
    const troubles = Object.fromEntries(replicas.troubles);
    replicas.stop();
    await pool.end();
    return {
      turns: sent.length,
      kills: killed,
      replicas: options.replicas,
      lost: verdict.lost,
      duplicated: verdict.duplicated,
      reordered: verdict.reordered,
      effectsNotOnce: verdict.effectsNotOnce,
      takeoverMsP50: round(percentile(takeovers.ms, 0.5), 0),
      takeoverMsP99: round(percentile(takeovers.ms, 0.99), 0),
      takeovers: takeovers.ms.length,
      outageTakeoverMsP99: round(percentile(takeovers.outageMs, 0.99), 0),
      outageTakeovers: takeovers.outageMs.length,
      leaseMs,
      restarts,
      cuts,
      stalls,
      seconds: round(seconds, 1),
      unacknowledged: sent.filter((message) => !message.isAcknowledged).length,
      resumedTurns: verdict.resumedTurns,
      replayedCalls: verdict.replayedCalls,
      unknownOutcomes: verdict.unknownOutcomes,
      parked: verdict.parked,
      samples: verdict.samples,
      troubles,
      notes: [
        "unknownOutcomes: faxes, which cannot be looked up or repeated, told as unknown in the thread.",
      ],
    };
  } finally {
    for (const end of close) end();
  }
}

/** How many turns are over, by thread, and how much is open; null while the database does not answer. */
async function progress(
  pool: pg.Pool,
  ended: Map<string, number>,
): Promise<{ done: number; open: number } | null> {
  try {
    const turns = new Map<string, Set<string | null>>();
    for (const { thread, type, turn } of await readThreads(pool)) {
      if (type === "turn.ended") turns.set(thread, (turns.get(thread) ?? new Set()).add(turn));
    }
    for (const [thread, done] of turns) ended.set(thread, done.size);
    const open = await pool.query<{ n: string }>(
      `select (select count(*) from inbox where state = 'new') + (select count(*) from sessions where owner is not null)
         + (select count(*) from approvals where status = 'pending') as n`,
    );
    const done = [...turns.values()].reduce((sum, { size }) => sum + size, 0);
    return { done, open: Number(open.rows[0]?.n) };
  } catch {
    return null;
  }
}
