import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { castVote } from "../../src/actions/cast-vote.ts";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { findAction } from "../../src/store/actions/find-actions.ts";
import { findApproval } from "../../src/store/approvals/find-approvals.ts";
import type { Db } from "../../src/store/db.ts";
import { addInbox } from "../../src/store/inbox/add-inbox.ts";
import { newId } from "../../src/types/ids.ts";
import type { Principal } from "../../src/types/principal.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { readLog, readReplies } from "../setup/read-log.ts";
import { ALICE, BOB, CAROL, type House, openHouse } from "./harness.ts";

for (const kind of databaseKinds()) {
  describe(`turns on ${kind}`, () => {
    let db: Db;
    let house: House;
    const hooks: { runs: number; line?: string | undefined } = { runs: 0 };
    beforeAll(async () => {
      db = await freshDatabase(kind);
      house = openHouse(db, hooks);
    });
    afterAll(async () => {
      await house.worker.close();
      await db.close();
      expect(house.errors).toEqual([]);
    });

    const vote = async (
      approval: string | null | undefined,
      voter: Principal,
      verdict: "approve" | "refuse",
      edit: { amount: number } | null = null,
    ) => {
      await castVote(house.deps, {
        approval: approval ?? "",
        voter,
        verdict,
        reason: verdict === "refuse" ? "too dear" : null,
        edit,
      });
    };
    const settled = async (action: string | undefined, status: string) =>
      await house.until(async () => {
        const found = await findAction(db, action ?? "");
        return found?.status === status ? found : null;
      });

    it("answers a message", async () => {
      const result = await house.ask("hi");
      expect(result).toMatchObject({ status: "done", reply: "Hello.", actions: [], error: null });
    });

    it("runs what policy permits at once, and keeps the record of it", async () => {
      const result = await house.ask("spend 50");
      expect(result).toMatchObject({
        status: "done",
        reply: "Spent 50.",
        actions: [{ tool: "purse.spend", decision: "permit", status: "succeeded", args: { amount: 50 } }],
      });
      const trail = await db.query<{ type: string }>(
        "select type from audit where subject = $1 order by id",
        [result.actions[0]?.id],
      );
      expect(trail.map((row) => row.type)).toEqual(["action.started", "action.succeeded"]);
    });

    it("does not do what policy forbids, and names the rule", async () => {
      const before = await house.spent();
      const result = await house.ask("spend 5000");
      expect(result.actions[0]).toMatchObject({
        decision: "forbid",
        status: "forbidden",
        rules: ["too-much"],
      });
      expect(result.reply).toContain("Nobody may spend that much");
      expect(await house.spent()).toBe(before);
    });

    it("waits for the right person, then runs it and says so in the thread", async () => {
      const before = await house.spent();
      const result = await house.ask("spend 200");
      expect(result.status).toBe("waiting");
      expect(result.reply).toContain("Bob");
      expect(await house.spent()).toBe(before);
      await vote(result.actions[0]?.approval, BOB, "approve");
      await settled(result.actions[0]?.id, "succeeded");
      const after = await house.until(async () => {
        const rows = await readReplies(db, result.session);
        return rows.length === 2 ? rows : null;
      });
      expect(after[1]?.text).toBe("Spent 200.");
      expect(await house.spent()).toBe(before + 1);
    });

    it("runs once for twenty approvals at the same moment", async () => {
      const result = await house.ask("spend 150");
      const before = hooks.runs;
      await Promise.all(
        Array.from(
          { length: 20 },
          async (_, i) =>
            await vote(result.actions[0]?.approval, i % 2 ? BOB : CAROL, "approve").catch(() => {}),
        ),
      );
      await settled(result.actions[0]?.id, "succeeded");
      expect(hooks.runs).toBe(before + 1);
    });

    it("refuses the requester's own vote and says whom to ask", async () => {
      const result = await house.ask("spend 150");
      await expect(vote(result.actions[0]?.approval, ALICE, "approve")).rejects.toMatchObject({
        code: "APR-403",
        message: expect.stringContaining("Bob"),
      });
      expect((await findAction(db, result.actions[0]?.id ?? ""))?.status).toBe("awaiting");
    });

    it("waits until the quorum is whole", async () => {
      const result = await house.ask("spend 600");
      await vote(result.actions[0]?.approval, BOB, "approve");
      await vote(result.actions[0]?.approval, BOB, "approve");
      await house.until(
        async () =>
          (await db.query("select 1 from inbox where session_id = $1 and state = 'new'", [result.session]))
            .length === 0,
      );
      expect((await findAction(db, result.actions[0]?.id ?? ""))?.status).toBe("awaiting");
      await vote(result.actions[0]?.approval, CAROL, "approve");
      await settled(result.actions[0]?.id, "succeeded");
    });

    it("asks again when what was approved is no longer what would happen", async () => {
      const result = await house.ask("spend 150");
      hooks.line = "Spend 150 of somebody else's";
      await vote(result.actions[0]?.approval, BOB, "approve");
      await house.until(
        async () => (await findApproval(db, result.actions[0]?.approval ?? ""))?.status === "superseded",
      );
      expect((await findAction(db, result.actions[0]?.id ?? ""))?.status).toBe("awaiting");
      hooks.line = undefined;
    });

    it("does nothing after a refusal, and tells the reason", async () => {
      const before = await house.spent();
      const result = await house.ask("spend 150");
      await vote(result.actions[0]?.approval, BOB, "refuse");
      await settled(result.actions[0]?.id, "refused");
      const told = await house.until(async () => {
        const row = (await readReplies(db, result.session)).at(-1);
        return row?.text.includes("refused") ? row.text : null;
      });
      expect(told).toBe("Bob refused it: too dear");
      expect(await house.spent()).toBe(before);
    });

    it("asks more people when an edit raises the stakes, and voids the votes before it", async () => {
      const result = await house.ask("spend 150");
      await vote(result.actions[0]?.approval, BOB, "approve", { amount: 700 });
      const action = await house.until(async () => {
        const found = await findAction(db, result.actions[0]?.id ?? "");
        return found?.args.amount?.value === 700 ? found : null;
      });
      expect(action).toMatchObject({
        status: "awaiting",
        decision: { effect: "ask", approvers: { bosses: 2 } },
      });
      expect((await findApproval(db, result.actions[0]?.approval ?? ""))?.status).toBe("superseded");
      await expect(vote(result.actions[0]?.approval, CAROL, "approve")).rejects.toMatchObject({
        code: "APR-409",
      });
    });

    it("refuses an edit that policy forbids", async () => {
      const result = await house.ask("spend 150");
      await expect(
        vote(result.actions[0]?.approval, BOB, "approve", { amount: 5_000 }),
      ).rejects.toMatchObject({ code: "APR-422" });
    });

    it("closes what nobody decided in time", async () => {
      const result = await house.ask("spend 150");
      await db.query("update approvals set expires_at = now() - interval '1 second' where id = $1", [
        result.actions[0]?.approval,
      ]);
      await addInbox(db, {
        session: result.session,
        kind: "decide",
        dedupe: `expire:${result.turn}`,
        data: { action: result.actions[0]?.id ?? "" },
      });
      await settled(result.actions[0]?.id, "expired");
      await expect(vote(result.actions[0]?.approval, BOB, "approve")).rejects.toMatchObject({
        code: "APR-409",
      });
    });

    it("undoes once", async () => {
      const result = await house.ask("spend 20");
      const before = await house.spent();
      for (const click of [1, 2]) {
        await addInbox(db, {
          session: result.session,
          kind: "undo",
          dedupe: `undo:${result.turn}:${click}`,
          data: { action: result.actions[0]?.id ?? "", person: ALICE.id },
        });
      }
      await settled(result.actions[0]?.id, "undone");
      await house.until(
        async () =>
          (await db.query("select 1 from inbox where session_id = $1 and state = 'new'", [result.session]))
            .length === 0,
      );
      expect(await house.spent()).toBe(before - 1);
    });

    it("takes a message that arrives twice once", async () => {
      const session = await house.say("spend 30", null, "platform-event-1");
      await house.say("spend 30", session, "platform-event-1");
      await house.until(
        async () => (await readLog(db, session)).filter(({ type }) => type === "turn.ended").length > 0,
      );
      const turns = (await readLog(db, session)).filter(({ type }) => type === "turn.started");
      expect(turns).toHaveLength(1);
    });

    it("handles the messages of one session one after the other, in order", async () => {
      const session = await house.say("spend 1");
      for (let i = 2; i <= 6; i++) await house.say(`spend ${i}`, session);
      await house.until(
        async () => (await readLog(db, session)).filter(({ type }) => type === "turn.ended").length === 6,
      );
      const replies = await readReplies(db, session);
      expect(replies.map((row) => row.text)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Spent ${n}.`));
    });

    it("shows nobody a conversation that is not theirs, and makes none that somebody names", async () => {
      const { session } = await house.ask("hi");
      const say = async (to: string, as: string) =>
        await acceptMessage(
          db,
          {
            dedupe: `${as} to ${to}`,
            thread: { channel: "web", conversation: as, thread: to },
            session: to,
            principal: as,
            text: "hi",
            files: [],
          },
          "test",
          1_000,
        );
      for (const [to, as] of [
        [session, BOB.id],
        [newId("ses"), ALICE.id],
      ] as const)
        await expect(say(to, as)).rejects.toMatchObject({ code: "SES-404" });
      expect(await db.query("select 1 from inbox where kind = 'message'")).toEqual([]);
    });
  });
}
