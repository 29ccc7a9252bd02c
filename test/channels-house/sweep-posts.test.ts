import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sweepOldPosts } from "../../src/compose/channels/sweep-old-posts.ts";
import { addOutbox } from "../../src/store/outbox/outbox.ts";
import { ALICE, BOB } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms } from "./open-platforms.ts";

for (const kind of databaseKinds()) {
  describe(`the places of old items, ${kind}`, () => {
    let all: Platforms;
    beforeAll(async () => {
      all = await openPlatforms(kind);
      await all.meet("slack", ALICE, BOB);
    });
    afterAll(async () => {
      await all.close();
      expect(all.house.errors).toEqual([]);
    });

    const ask = async (amount: number, thread: string) => {
      const session = await all.say(all.slack, ALICE, `spend ${amount}`, thread);
      await all.quiet();
      const [row] = await all.house.db.query<{ turn: string; approval: string }>(
        `select a.turn_id as turn, p.id as approval from actions a left join approvals p on p.action_id = a.id
         where a.session_id = $1`,
        [session],
      );
      return { session, turn: row?.turn ?? "", approval: row?.approval ?? "" };
    };
    const age = async (days: number) => {
      await all.house.db.query("update channel_posts set at = now() - $1 * interval '1 day'", [days]);
    };
    const places = async (turn: string) =>
      (await all.house.db.query("select 1 as one from channel_posts where item = $1", [`${turn}:card`]))
        .length;
    const total = async () => (await all.house.db.query("select 1 as one from channel_posts")).length;
    const sweep = async () => await sweepOldPosts(all.house.db, new Date());

    it("are kept while a card may change or something is on its way there, and forgotten when nothing can", async () => {
      const done = await ask(20, "done");
      const waiting = await ask(150, "waiting");
      expect(await places(waiting.turn)).toBeGreaterThan(1);

      await age(119);
      expect(await sweep()).toBe(0);

      await age(121);
      await all.house.db.query(
        "update actions set undo_until = now() + interval '1 day' where turn_id = $1",
        [done.turn],
      );
      await sweep();
      expect(await places(done.turn)).toBe(1);
      expect(await places(waiting.turn)).toBeGreaterThan(1);
      // What was said, and nothing else, is gone.
      const left = await all.house.db.query<{ item: string }>("select item from channel_posts");
      expect(left.every(({ item }) => item.endsWith(":card"))).toBe(true);

      await all.house.db.query("update actions set undo_until = null where turn_id = $1", [done.turn]);
      const [last] = await all.house.db.query<{ conversation: string; thread: string }>(
        "select conversation, thread from channel_posts where item = $1",
        [`${done.turn}:card`],
      );
      await all.house.db.tx(async (sql) => {
        await addOutbox(sql, {
          ...{ session: done.session, seq: 1, viewer: ALICE.id },
          thread: { channel: "slack", conversation: last?.conversation ?? "", thread: last?.thread ?? "" },
        });
        await sql.query("update outbox set state = 'dead'");
      });
      await sweep();
      expect(await places(done.turn)).toBe(1);
      await all.house.db.query("delete from outbox");
      expect(await sweep()).toBe(1);
      expect(await places(done.turn)).toBe(0);

      await all.slack.host().refuse(BOB.id, waiting.approval, "Too late.");
      await all.quiet();
      await age(121);
      await sweep();
      expect(await total()).toBe(0);
    });

    it("are swept however many there are", async () => {
      await all.house.db.query(
        `insert into channel_posts (channel, conversation, thread, item, viewer, ref, at)
         select 'slack', 'T/C' || n, '1.1', 'old-' || n, 'x', '{}', now() - interval '1 year'
         from generate_series(1, 12000) as n`,
      );
      await all.house.db.query(
        `insert into channel_posts (channel, conversation, thread, item, viewer, ref)
         values ('slack', 'T/C', '1.1', 'new', 'x', '{}')`,
      );
      expect(await sweep()).toBe(12_000);
      expect(await total()).toBe(1);
    });
  });
}
