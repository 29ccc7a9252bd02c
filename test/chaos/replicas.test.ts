import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sayTo } from "../../bench/turns/stub-model.ts";
import type { Db } from "../../src/store/db.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { databaseKinds, freshPostgresUrl } from "../setup/database.ts";
import { readLog } from "../setup/read-log.ts";
import { openOutside } from "./outside-world.ts";
import { type ReplicaProcess, startReplica } from "./replica-process.ts";

const LEASE_MS = 1_500;

describe.skipIf(!databaseKinds().includes("postgres"))("replicas on one Postgres", () => {
  let database: Awaited<ReturnType<typeof freshPostgresUrl>>;
  let db: Db;
  let outside: Awaited<ReturnType<typeof openOutside>>;
  let first: ReplicaProcess;
  let second: ReplicaProcess;
  let count = 0;

  beforeAll(async () => {
    database = await freshPostgresUrl();
    db = await connectPostgres(database.url, 3);
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  beforeEach(async () => {
    count += 1;
    outside = await openOutside();
    [first, second] = await Promise.all([
      startReplica(database.url, `first-${count}`, LEASE_MS, outside.origin),
      startReplica(database.url, `second-${count}`, LEASE_MS, outside.origin),
    ]);
  });
  afterEach(() => {
    first.child.kill("SIGKILL");
    second.child.kill("SIGKILL");
    outside.close();
  });

  const until = async <T>(
    check: () => Promise<T | undefined | false> | T | undefined | false,
  ): Promise<T> => {
    const end = Date.now() + 20_000;
    for (;;) {
      const found = await check();
      if (found) return found;
      if (Date.now() > end) throw new Error("what was waited for did not come");
      await new Promise((go) => setTimeout(go, 10));
    }
  };
  /** The first replica is in the middle of the tool, with its intent committed. */
  const begin = async (verb: "note" | "fax") => {
    const thread = `t${count}`;
    await first.say(thread, thread, sayTo(verb, `${verb} line ${count}`));
    await until(() => outside.calls.length === 1);
    return thread;
  };
  const log = async (thread: string) =>
    (await readLog(db, thread)) as unknown as readonly { type: string; data: Record<string, string> }[];
  const replies = async (thread: string) =>
    (await log(thread)).filter(({ type }) => type === "reply.posted").map(({ data }) => data.text);
  const action = async (thread: string) =>
    (
      await db.query<{ status: string }>(
        "select status from actions a join sessions s on s.id = a.session_id where s.thread = $1",
        [thread],
      )
    )[0];

  it("a turn whose replica is killed goes on at another one within lease + 1 s, with the same key", async () => {
    const thread = await begin("note");
    const killedAt = Date.now();
    first.child.kill("SIGKILL");
    const again = await until(() => outside.calls[1]);
    expect(Date.now() - killedAt).toBeLessThan(LEASE_MS + 1_000);
    expect(again.key).toBe(outside.calls[0]?.key);
    again.answer();
    expect(await until(async () => (await replies(thread))[0])).toBe(`Noted: note line ${count}`);
    expect(outside.calls).toHaveLength(2);
  });

  it("an effect that took place before the replica died is found by its key and not sent again", async () => {
    const thread = await begin("note");
    outside.known.add(outside.calls[0]?.key ?? "");
    first.child.kill("SIGKILL");
    expect(await until(async () => (await replies(thread))[0])).toBe(`Noted: note line ${count}`);
    expect(outside.calls).toHaveLength(1);
    expect((await action(thread))?.status).toBe("succeeded");
  });

  it("what can be neither looked up nor repeated becomes unknown, is told, and is not sent again", async () => {
    const thread = await begin("fax");
    first.child.kill("SIGKILL");
    expect(await until(async () => (await replies(thread))[0])).toContain("stopped in the middle");
    expect((await action(thread))?.status).toBe("unknown");
    expect(outside.calls).toHaveLength(1);
  });

  it("a stalled replica that wakes up after another took its turn leaves no trace", async () => {
    const thread = await begin("note");
    first.child.kill("SIGSTOP");
    const again = await until(() => outside.calls[1]);
    again.answer();
    await until(async () => (await replies(thread))[0]);
    const before = await log(thread);
    first.child.kill("SIGCONT");
    outside.calls[0]?.answer();
    // It answers a message of another thread, so it is awake and its late write was tried.
    outside.answerAll();
    await first.say(`other${count}`, `other${count}`, sayTo("note", "note other"));
    await until(async () => (await replies(`other${count}`))[0]);
    expect(await log(thread)).toEqual(before);
    expect((await action(thread))?.status).toBe("succeeded");
  });

  it("a message that kills its worker is laid aside after three tries and told; other people go on", async () => {
    const thread = `t${count}`;
    outside.answerAll();
    let alive = [first, second];
    await first.say(thread, thread, "This is poison.").catch(() => {});
    for (let death = 1; death <= 3; death++) {
      const dead = await until(() => alive.find(({ child }) => child.signalCode === "SIGKILL"));
      const fresh = await startReplica(database.url, `after-${count}-${death}`, LEASE_MS, outside.origin);
      alive = [...alive.filter((one) => one !== dead), fresh];
    }
    const told = await until(async () => (await replies(thread))[0]);
    expect(told).toContain("nothing was done for it");
    expect((await log(thread)).map(({ type }) => type)).toContain("message.received");
    expect(alive.every(({ child }) => child.signalCode === null)).toBe(true);
    await alive[0]?.say(`other${count}`, `other${count}`, sayTo("note", "note other"));
    expect(await until(async () => (await replies(`other${count}`))[0])).toBe("Noted: note other");
    for (const { child } of alive) child.kill("SIGKILL");
  });
});
