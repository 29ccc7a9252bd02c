import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { openPen } from "../../src/flows/session-pen.ts";
import type { Db } from "../../src/store/db.ts";
import { FencedError } from "../../src/store/events/append-events.ts";
import { claimSession } from "../../src/store/sessions/claim-session.ts";
import { layDownSession } from "../../src/store/sessions/lay-down-session.ts";
import { openSession } from "../../src/store/sessions/open-session.ts";
import { newId } from "../../src/types/ids.ts";
import { ALICE, openHouse } from "../flows/harness.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { readLog, readReplies } from "../setup/read-log.ts";

for (const kind of databaseKinds()) {
  describe(`one writer on ${kind}`, () => {
    let db: Db;
    beforeAll(async () => {
      db = await freshDatabase(kind);
    });
    afterAll(async () => await db.close());

    const session = async () => {
      const id = newId("ses");
      const thread = { channel: "web", conversation: ALICE.id, thread: id } as const;
      await openSession(db, { id, thread, principal: ALICE.id, title: "" });
      return id;
    };
    const claim = async (id: string, owner: string, leaseMs: number) => {
      const found = await claimSession(db, id, owner, leaseMs);
      if (!found) throw new Error("the session is held");
      return found;
    };
    const words = (text: string) =>
      ({
        type: "reply.posted",
        data: { turn: null, message: newId("msg"), text, citations: [], note: null },
      }) as const;
    const texts = async (id: string) =>
      (await readLog(db, id)).map((event) => ("text" in event.data ? event.data.text : ""));

    it("refuses whoever lost the session, events and rows alike", async () => {
      const id = await session();
      const stalled = await openPen(db, (await claim(id, "a", -1)).session);
      const living = await openPen(db, (await claim(id, "b", 60_000)).session);
      living.add(words("of the living"));
      await living.commit();
      stalled.add(words("of the stalled"));
      stalled.later(async (sql) => {
        await sql.query("update sessions set title = 'stolen' where id = $1", [id]);
      });
      await expect(stalled.commit()).rejects.toBeInstanceOf(FencedError);
      expect(await texts(id)).toEqual(["of the living"]);
      expect(await db.query("select 1 from sessions where title = 'stolen'")).toEqual([]);
    });

    it("writes nothing more after a commit that failed, so that the log has no hole", async () => {
      const id = await session();
      const pen = await openPen(db, (await claim(id, "a", 60_000)).session);
      pen.add(words("lost"));
      pen.later(async () => {
        throw new Error("the line broke");
      });
      await expect(pen.commit()).rejects.toThrow("the line broke");
      pen.add(words("after the hole"));
      await expect(pen.commit()).rejects.toThrow("the line broke");
      expect(await texts(id)).toEqual([]);
    });

    // One connection on the embedded database: nobody can wait for anybody there.
    it.runIf(kind === "postgres")("does work once that another finishes while it is claimed", async () => {
      const id = await session();
      const thread = { channel: "web", conversation: ALICE.id, thread: id } as const;
      const say = async () =>
        await acceptMessage(
          db,
          { dedupe: `once-${id}`, thread, session: id, principal: ALICE.id, text: "hi", files: [] },
          "a",
          60_000,
        );
      const first = await say();
      expect(first.claimed?.first?.dedupe).toBe(`once-${id}`);
      const epoch = first.claimed?.session.epoch;
      const again = await db.tx(async (sql) => {
        await sql.query("delete from inbox where session_id = $1", [id]);
        await sql.query("update sessions set owner = null where id = $1 and epoch = $2", [id, epoch]);
        // Comes while the end of the work is not committed yet, and waits for it.
        const waiting = say();
        await new Promise((go) => setTimeout(go, 200));
        return { waiting };
      });
      const second = await again.waiting;
      expect(second.claimed).not.toBeNull();
      expect(second.claimed?.first).toBeNull();
    });

    it("blames no work for a session that was laid down, and all work for one whose holder died", async () => {
      const id = await session();
      const first = await claim(id, "a", 60_000);
      expect(first.wasHeld).toBe(false);
      await layDownSession(db, id, first.session.epoch, -1);
      const second = await claim(id, "b", -1);
      expect(second.wasHeld).toBe(false);
      expect((await claim(id, "c", 60_000)).wasHeld).toBe(true);
    });

    it("lays a message that fails each time aside after three tries, and goes on with the next", async () => {
      const house = openHouse(db, { runs: 0 }, { leaseMs: 200, owner: `poisoned-${kind}` });
      const id = await house.say("please explode");
      await house.say("hi", id);
      const said = await house.until(async () => {
        const replies = await readReplies(db, id);
        return replies.length === 2 ? replies.map((row) => row.text) : null;
      });
      expect(said[0]).toContain("it stopped me each time I tried");
      expect(said[1]).toBe("Hello.");
      expect(house.errors).toHaveLength(3);
      await house.worker.close();
    });
  });
}
