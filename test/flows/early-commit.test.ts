import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { readLastEvents } from "../../src/store/events/read-events.ts";
import { freshDatabase } from "../setup/database.ts";
import { openHouse } from "./harness.ts";

let db: Db;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(async () => {
  await db.close();
});

/** Longer than a turn may be before what it has is committed. */
const SLOW_MS = 700;

it("an action that waits for approval is written down with its card, however slow its turn is", async () => {
  // Who may decide is slow to be read the second time, when the action is held: the early commit falls into that.
  let reads = 0;
  const slow: Db = new Proxy(db, {
    get: (of, name) => {
      if (name !== "query") return Reflect.get(of, name);
      return async (text: string, values?: unknown[]) => {
        if (/from delegations/.test(text) && ++reads > 1) await new Promise((go) => setTimeout(go, SLOW_MS));
        return await of.query(text, values);
      };
    },
  });
  const house = openHouse(slow, { runs: 0 });
  const seen: string[][] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const [row] = await db.query<{ session: string }>(
        "select session_id as session from actions where status = 'awaiting'",
      );
      if (row) seen.push((await readLastEvents(db, row.session, 50)).map(({ type }) => type));
      await new Promise((go) => setTimeout(go, 10));
    }
  })();
  await house.ask("spend 150");
  await new Promise((go) => setTimeout(go, 50));
  isOver = true;
  await watching;
  await house.worker.close();
  expect(house.errors).toEqual([]);
  expect(seen.length).toBeGreaterThan(0);
  for (const types of seen) expect(types).toContain("card.changed");
});
