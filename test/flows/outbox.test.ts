import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { startOutboxSender } from "../../src/flows/outbox-sender.ts";
import { threadItemAt } from "../../src/flows/thread-items.ts";
import type { Db } from "../../src/store/db.ts";
import { listDeadOutbox, type OutboxRow, reviveOutbox } from "../../src/store/outbox/outbox.ts";
import type { Channel, Outbound } from "../../src/types/channel.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { ALICE, DIRECTORY, type House, openHouse } from "./harness.ts";

for (const kind of databaseKinds()) {
  describe(`outbox on ${kind}`, () => {
    let db: Db;
    let house: House;
    beforeAll(async () => {
      db = await freshDatabase(kind);
      house = openHouse(db, { runs: 0 });
    });
    afterAll(async () => {
      await house.worker.close();
      await db.close();
    });

    /** A platform that cannot replay the log, and that fails as often as it is told to. */
    const platform = (failures: { left: number; retryAfterMs?: number }) => {
      const arrived: Outbound[] = [];
      const channel: Channel = {
        name: "slack",
        capabilities: { streaming: false, edits: true },
        start: async () => {},
        stop: async () => {},
        post: async (message) => {
          if (failures.left > 0) {
            failures.left -= 1;
            throw Object.assign(new Error("try later"), { retryAfterMs: failures.retryAfterMs ?? 1 });
          }
          arrived.push(message);
        },
      };
      return { channel, arrived };
    };
    const prepare = async (row: OutboxRow) => {
      const viewer = DIRECTORY.find(row.viewer);
      const item = viewer && (await threadItemAt(house.deps, row.session, viewer, row.seq));
      return item && { item };
    };
    const say = async (text: string, thread: string) => {
      const accepted = await acceptMessage(
        db,
        {
          dedupe: `${thread}-${text}`,
          thread: { channel: "slack", conversation: "T1", thread },
          session: null,
          principal: ALICE.id,
          text,
          files: [],
        },
        "test",
        10_000,
      );
      if (accepted.claimed) house.worker.take(accepted.claimed);
      await house.until(
        async () =>
          (await db.query("select 1 from inbox where session_id = $1 and state = 'new'", [accepted.session]))
            .length === 0,
      );
    };
    const rest = async () => (await db.query<{ n: number }>("select count(*) as n from outbox"))[0]?.n ?? 0;

    it("sends every reply of a thread, in order, through failures", async () => {
      for (let i = 1; i <= 4; i++) await say(`spend ${i}`, "order");
      const { channel, arrived } = platform({ left: 5 });
      const sender = startOutboxSender(db, [channel], {
        pollMs: 10,
        prepare,
        onError: (error) => house.errors.push(error),
      });
      await house.until(async () => (await rest()) === 0);
      await sender.stop();
      const texts = arrived.flatMap(({ item }) => (item.kind === "message" ? [item.text] : []));
      expect(texts).toEqual([1, 2, 3, 4].map((n) => `Spent ${n}.`));
      expect(arrived.filter(({ item }) => item.kind === "card")).toHaveLength(4);
    });

    it("sends in other conversations while one has its turns later, and counts no try for a wait", async () => {
      const busy = Array.from({ length: 25 }, (_, i) => `busy ${i}`);
      for (const thread of busy) await say("hi", thread);
      await say("hi", "calm");
      await db.query("update outbox set conversation = 'T2' where thread = 'calm'");
      const { channel, arrived } = platform({ left: 0 });
      const started = Date.now();
      let [asked, refusals] = [0, 3];
      const paced: Channel = {
        ...channel,
        dueInMs: ({ conversation }) => {
          if (conversation !== "T1") return 0;
          asked += 1;
          return Date.now() < started + 400 ? 100 : 0;
        },
        post: async (message) => {
          // The platform itself says that it is too soon.
          if (message.thread.conversation === "T2" && refusals-- > 0)
            throw Object.assign(new Error("too soon"), { isTooSoon: true, retryAfterMs: 10 });
          await channel.post(message);
        },
      };
      const sender = startOutboxSender(db, [paced], {
        pollMs: 50,
        prepare,
        onError: (error) => house.errors.push(error),
      });
      await house.until(async () => arrived.length === 1);
      expect(arrived[0]?.thread.thread).toBe("calm");
      const rows = await db.query<{ attempts: number }>("select attempts from outbox where state = 'new'");
      expect(rows.every(({ attempts }) => attempts <= 1)).toBe(true);
      expect(asked).toBeGreaterThanOrEqual(busy.length);
      await house.until(async () => (await rest()) === 0);
      await sender.stop();
      expect(arrived).toHaveLength(26);
      expect(await listDeadOutbox(db)).toEqual([]);
    });

    it("lays aside what never arrives, and sends it again when told", async () => {
      await say("hi", "dead");
      await db.query("update outbox set attempts = 20");
      const failures = { left: 1 };
      const { channel, arrived } = platform(failures);
      const sender = startOutboxSender(db, [channel], {
        pollMs: 10,
        prepare,
        onError: (error) => house.errors.push(error),
      });
      const [dead] = await house.until(async () => {
        const rows = await listDeadOutbox(db);
        return rows.length > 0 && rows;
      });
      expect(dead).toMatchObject({ error: "try later", thread: { thread: "dead" } });
      expect(await reviveOutbox(db, dead?.id ?? 0)).toBe(1);
      await house.until(async () => arrived.length === 1);
      await sender.stop();
      expect(arrived[0]).toMatchObject({ item: { kind: "message", text: "Hello." } });
    });

    it("writes no row for a channel that replays from the log", async () => {
      const before = await rest();
      await house.ask("spend 3");
      expect(await rest()).toBe(before);
    });
  });
}
