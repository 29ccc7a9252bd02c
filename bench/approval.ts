import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { castVote } from "../src/actions/cast-vote.ts";
import { acceptMessage } from "../src/flows/accept-message.ts";
import { createSessionWorker } from "../src/flows/session-worker.ts";
import { findAction } from "../src/store/actions/find-actions.ts";
import type { Db } from "../src/store/db.ts";
import { INBOX_HINT } from "../src/store/inbox/add-inbox.ts";
import { migrate } from "../src/store/migrate.ts";
import { openEmbedded } from "../src/store/pglite.ts";
import { connectPostgres } from "../src/store/postgres.ts";
import { findPostgresPrograms, startPostgres } from "../test/setup/postgres.ts";
import { ASKER, benchDeps, MANAGER, MANAGERS } from "./turns/bench-house.ts";
import { percentile, round } from "./turns/measure.ts";
import { sayTo } from "./turns/stub-model.ts";
import { watchDb } from "./turns/watch-db.ts";

const { values } = parseArgs({
  options: { approvals: { type: "string", default: "100" }, json: { type: "boolean", default: false } },
});
const approvals = Math.max(1, Math.min(5_000, Number(values.approvals) || 100));
/** Not counted: code and caches are cold then. */
const WARM = 5;
const CLICKS = 20;
const LEASE_MS = 15_000;

const notes = [
  "resumeMs: from the click (the vote as the API casts it) to the commit of the resumed turn's answer; the worker is woken as in a server, by the hint of the database.",
];
const home = mkdtempSync(join(tmpdir(), "steward-bench-approval-"));
try {
  const embedded = await measure(await openEmbedded(home), "embedded");
  const bin = findPostgresPrograms();
  let postgres: Awaited<ReturnType<typeof measure>> | null = null;
  if (bin) {
    const server = await startPostgres(bin, ["fsync=on"]);
    try {
      postgres = await measure(await connectPostgres(server.url), "postgres");
    } finally {
      server.stop();
    }
  } else notes.push("postgres: not measured; Postgres 15 or newer is not installed.");
  const parts = [embedded, ...(postgres ? [postgres] : [])];
  const result = {
    embedded: embedded.times,
    postgres: postgres?.times ?? { resumeMsP50: null, resumeMsP99: null },
    simultaneous: {
      clicks: CLICKS,
      executions: Math.max(...parts.map((part) => part.executions)),
    },
    approvals,
    notes,
  };
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);

/** Asks, clicks and waits, one approval after the other; then one approval with many clicks at once. */
async function measure(plain: Db, name: string) {
  await migrate(plain);
  let onRelease: (() => void) | null = null;
  const executions = new Map<string, number>();
  const db = watchDb(plain, { statements: [] }, () => onRelease?.());
  const deps = benchDeps(db, {
    act: async (key) => {
      executions.set(key, (executions.get(key) ?? 0) + 1);
    },
    find: null,
  });
  const onError = (error: unknown) => process.stderr.write(`${name}: ${String(error)}\n`);
  const worker = createSessionWorker({ deps, owner: name, leaseMs: LEASE_MS, pollMs: 1_000, onError });
  const stopListening = await db.listen(INBOX_HINT, (session) => worker.wake(session));

  const ask = async (number: number): Promise<{ approval: string; action: string }> => {
    const thread = `${name}-${number % 10}`;
    const accepted = await acceptMessage(
      db,
      {
        dedupe: `${name}:${number}`,
        thread: { channel: "web", conversation: ASKER.id, thread },
        session: null,
        principal: ASKER.id,
        text: sayTo("order", `pallet ${number}`),
        files: [],
      },
      name,
      LEASE_MS,
    );
    if (accepted.claimed) worker.take(accepted.claimed);
    for (;;) {
      const [row] = await plain.query<{ approval: string; action: string }>(
        `select p.id as approval, a.id as action from approvals p join actions a on a.id = p.action_id
         join sessions s on s.id = a.session_id
         where p.status = 'pending' and s.owner is null and a.session_id = $1`,
        [accepted.session],
      );
      if (row) return row;
      await new Promise((go) => setTimeout(go, 5));
    }
  };
  const click = async (approval: string, voter = MANAGER) =>
    await castVote(deps, { approval, voter, verdict: "approve", reason: null, edit: null });

  const ms: number[] = [];
  for (let number = 1; number <= WARM + approvals; number++) {
    const { approval, action } = await ask(number);
    const resumed = new Promise<void>((resolve) => {
      onRelease = resolve;
    });
    const startedAt = performance.now();
    await click(approval);
    await resumed;
    const tookMs = performance.now() - startedAt;
    onRelease = null;
    if (number > WARM) ms.push(tookMs);
    if (number % 50 === 0) process.stderr.write(`${name}: ${number} approvals\n`);
    await expectDone(plain, action);
  }

  const { approval, action } = await ask(0);
  await Promise.allSettled(
    Array.from({ length: CLICKS }, async (_, i) => await click(approval, MANAGERS[i % MANAGERS.length])),
  );
  await expectDone(plain, action);
  const approved = await findAction(plain, action);
  await stopListening();
  await worker.close();
  await plain.close();
  return {
    times: { resumeMsP50: round(percentile(ms, 0.5), 1), resumeMsP99: round(percentile(ms, 0.99), 1) },
    executions: executions.get(approved?.key ?? "") ?? 0,
  };
}

/** The approved action took effect; anything else would make the figures worthless. */
async function expectDone(db: Db, action: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const [row] = await db.query<{ status: string; owner: string | null }>(
      "select a.status, s.owner from actions a join sessions s on s.id = a.session_id where a.id = $1",
      [action],
    );
    if (row?.status === "succeeded" && row.owner === null) return;
    await new Promise((go) => setTimeout(go, 5));
  }
  throw new Error("an approved action was not carried out");
}
