import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { appendEvents } from "../../src/store/events/append-events.ts";
import {
  readEventsAfter,
  readEventsBefore,
  readLastEvents,
  readTurnEvents,
} from "../../src/store/events/read-events.ts";
import { claimSession } from "../../src/store/sessions/claim-session.ts";
import { openSession } from "../../src/store/sessions/open-session.ts";
import { newId, newTurnId } from "../../src/types/ids.ts";
import type { NewSessionEvent } from "../../src/types/session-event.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";

const said = (text: string): NewSessionEvent => ({
  type: "reply.posted",
  data: { turn: null, message: newId("msg"), text, citations: [], note: null },
});
const begun = (turn: string): NewSessionEvent => ({ type: "turn.started", data: { turn, messages: [] } });
const ended = (turn: string): NewSessionEvent => ({
  type: "turn.ended",
  data: { turn, status: "done", error: null },
});

describe.each(databaseKinds())("the log on %s", (kind) => {
  let db: Db;
  beforeAll(async () => {
    db = await freshDatabase(kind);
  });
  afterAll(async () => await db.close());

  const open = async () => {
    const id = newId("ses");
    const thread = { channel: "web", conversation: "a@example.com", thread: id } as const;
    await openSession(db, { id, thread, principal: "a@example.com", title: "" });
    const claim = await claimSession(db, id, "test", 60_000);
    return { session: id, epoch: claim?.session.epoch ?? 0 };
  };
  const numbers = (events: readonly { readonly seq: number }[]) => events.map(({ seq }) => seq);
  const range = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

  it("reads the same from any place, however its events were split into commits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 12 }),
        async (commits, place, limit) => {
          const fence = await open();
          let head = 0;
          for (const size of commits) {
            const events = range(head + 1, head + size).map((n) => said(`${n}`));
            head = await appendEvents(db, fence, events);
          }
          const total = commits.reduce((sum, size) => sum + size, 0);
          expect(head).toBe(total);
          const after = await readEventsAfter(db, fence.session, place, limit);
          expect(numbers(after)).toEqual(range(place + 1, Math.min(total, place + limit)));
          const before = await readEventsBefore(db, fence.session, place, limit);
          const last = Math.min(total, place - 1);
          expect(numbers(before)).toEqual(range(Math.max(1, last - limit + 1), last));
          const latest = await readLastEvents(db, fence.session, limit);
          expect(numbers(latest)).toEqual(range(Math.max(1, total - limit + 1), total));
          for (const event of latest)
            expect(event.type === "reply.posted" && event.data.text).toBe(String(event.seq));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ["says where it begins", newTurnId(1), newTurnId(3)],
    ["is from before ids did", newId("trn"), newId("trn")],
    ["says another place", newTurnId(3), newTurnId(2 ** 34)],
  ])(
    "finds a turn whose id %s, also when two begin in one commit, and what came of it much later",
    async (_, first, second) => {
      const fence = await open();
      await appendEvents(db, fence, [begun(first), said("a"), begun(second), said("b")]);
      for (let i = 0; i < 250; i++) await appendEvents(db, fence, [said(`${i}`)]);
      await appendEvents(db, fence, [ended(second), ended(first)]);
      expect(numbers(await readTurnEvents(db, fence.session, first))).toEqual([1, 256]);
      expect(numbers(await readTurnEvents(db, fence.session, second))).toEqual([3, 255]);
      for (const none of [newId("trn"), newTurnId(1), newTurnId(3), "trn_no id"])
        expect(await readTurnEvents(db, fence.session, none)).toEqual([]);
    },
  );

  it("writes all statements of a batch or none, and gives the rows of each", async () => {
    const id = newId("tok");
    const insert = {
      text: "insert into settings (name, value) values ($1, '1') returning name",
      params: [id],
    };
    const rows = await db.batch([
      insert,
      { text: "select value from settings where name = $1", params: [id] },
    ]);
    expect(rows).toEqual([[{ name: id }], [{ value: 1 }]]);
    const other = newId("tok");
    const fails = { text: "select 1 / $1::int as none", params: [0] };
    await expect(db.batch([{ ...insert, params: [other] }, fails, insert])).rejects.toMatchObject({
      code: "22012",
    });
    expect(await db.query("select 1 from settings where name = $1", [other])).toEqual([]);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });
});
