import { acceptMessage } from "../../src/flows/accept-message.ts";
import { createSessionWorker } from "../../src/flows/session-worker.ts";
import { type LogRow, unpackEvents } from "../../src/store/events/event-json.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/pglite.ts";
import { expireLeases } from "../../src/store/sessions/claim-session.ts";
import { ASKER, benchDeps } from "../turns/bench-house.ts";
import { sayTo } from "../turns/stub-model.ts";

/**
 * One process on an embedded database that says messages and works on them until it is killed. Tells its parent of
 * each message that was acknowledged, by a line on standard output, and with `check` only what the database holds.
 */
const [directory = "", from = "0", what = "write"] = process.argv.slice(2);
const LEASE_MS = 5_000;
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const db = await openEmbedded(directory);
await migrate(db);
await expireLeases(db);

if (what === "check") {
  const log = await db.query<LogRow>("select seq, count, at, body from event_log order by session_no, seq");
  const received = unpackEvents(log).flatMap((event) =>
    event.type === "message.received" ? [event.data.message] : [],
  );
  const waiting = await db.query<{ dedupe: string }>("select dedupe from inbox");
  const kept = new Set([...received, ...waiting.map((row) => row.dedupe)]);
  tell({ kept: [...kept], doubled: received.length - new Set(received).size });
  await db.close();
} else if (what === "commits") {
  await db.script(
    "create table if not exists bench_commits (id bigint generated always as identity, line text)",
  );
  tell({ ready: true });
  // Marks in the trace: a file that only we touch, before the first commit and after the last.
  const { existsSync } = await import("node:fs");
  existsSync(`${directory}/mark-begin`);
  for (let i = 0; i < 100; i++) await db.query("insert into bench_commits (line) values ($1)", [`line ${i}`]);
  existsSync(`${directory}/mark-end`);
  await db.close();
} else {
  const deps = benchDeps(db, {
    act: async (key, text) => {
      await db.query("insert into record_writes (key) values ($1) on conflict do nothing", [
        `${key}:${text}`,
      ]);
    },
    find: null,
  });
  const owner = `embedded-${process.pid}`;
  const onError = (error: unknown) => tell({ error: String(error) });
  const worker = createSessionWorker({ deps, owner, leaseMs: LEASE_MS, pollMs: 200, onError });
  tell({ ready: true });
  for (let i = Number(from); ; i++) {
    const thread = `t${i % 5}`;
    const accepted = await acceptMessage(
      db,
      {
        dedupe: `m${i}`,
        thread: { channel: "web", conversation: ASKER.id, thread },
        session: null,
        principal: ASKER.id,
        text: sayTo("note", `line ${i}`),
        files: [],
      },
      owner,
      LEASE_MS,
    );
    tell({ acknowledged: `m${i}` });
    if (accepted.claimed) worker.take(accepted.claimed);
    await new Promise((go) => setTimeout(go, 5));
  }
}
