import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LADDER } from "../../src/actions/ladder.ts";
import { climbApprovals } from "../../src/flows/climb-approvals.ts";
import { listDeadOutbox } from "../../src/store/outbox/outbox.ts";
import type { Card } from "../../src/types/card.ts";
import { ALICE, BOB, CAROL, DAVE, ERIN, NINA } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms } from "./open-platforms.ts";
import type { Recorder } from "./recorder.ts";

const own = (person: { readonly id: string }) => ({ conversation: person.id, thread: "approvals" });

for (const kind of databaseKinds()) {
  describe(`cards on platforms, ${kind}`, () => {
    let all: Platforms;
    let count = 0;
    beforeAll(async () => {
      all = await openPlatforms(kind);
      await all.meet("slack", ALICE, BOB, CAROL, DAVE);
      await all.meet("teams", BOB, ERIN, NINA);
    });
    afterEach(() => {
      for (const recorder of [all.slack, all.teams]) {
        recorder.before = () => {};
        recorder.after = () => {};
        recorder.open.clear();
      }
      all.removed.clear();
      all.directory.reset();
    });
    afterAll(async () => {
      await all.close();
      expect(all.house.errors).toEqual([]);
    });

    const cardIn = (recorder: Recorder, place: { conversation: string; thread: string }, turn: string) => {
      const found = recorder.shown(place).filter(({ outbound }) => outbound.item.id === `${turn}:card`);
      expect(found.length).toBeLessThanOrEqual(1);
      const [standing] = found;
      return standing?.outbound.item.kind === "card" ? standing.outbound.item.card : null;
    };
    const stateOf = (card: Card | null) => card?.items.map(({ status }) => status);
    /** Asks on the web; resolves when what follows from it has been sent. */
    const askOnWeb = async (amount: number) => {
      const result = await all.house.ask(`spend ${amount}`);
      await all.quiet();
      return result;
    };
    const askOn = async (recorder: Recorder, amount: number) => {
      count += 1;
      const session = await all.say(recorder, ALICE, `spend ${amount}`, `ask${count}`);
      const [row] = await all.house.db.query<{ turn: string; id: string }>(
        `select a.turn_id as turn, p.id from actions a left join approvals p on p.action_id = a.id
         where a.session_id = $1 order by a.id desc limit 1`,
        [session],
      );
      return { session, turn: row?.turn ?? "", approval: row?.id ?? "", thread: `ask${count}/${ALICE.id}` };
    };
    const spent = async (session: string) =>
      (
        await all.house.db.query(
          "select 1 as one from audit a join actions on actions.id = a.subject where session_id = $1 and type = 'action.started'",
          [session],
        )
      ).length;

    it("asked for on the web come to approvers on their platforms, and to nobody else", async () => {
      const { turn, actions } = await askOnWeb(150);
      expect(cardIn(all.slack, own(BOB), turn)?.items[0]).toMatchObject({
        status: "awaiting",
        mayDecide: true,
      });
      expect(cardIn(all.slack, own(CAROL), turn)?.items[0]?.mayDecide).toBe(true);
      expect(cardIn(all.teams, own(BOB), turn)?.items[0]?.mayDecide).toBe(true);
      expect(cardIn(all.teams, own(ERIN), turn)?.items[0]?.mayDecide).toBe(true);
      for (const person of [ALICE, DAVE]) expect(cardIn(all.slack, own(person), turn)).toBeNull();
      expect(cardIn(all.teams, own(NINA), turn)).toBeNull();
      expect(actions[0]?.status).toBe("awaiting");
    });

    it("are decided on one platform, and every copy shows the same", async () => {
      const { session, turn, actions } = await askOnWeb(160);
      const decided = await all.teams.host().approve(ERIN.id, actions[0]?.approval ?? "", null);
      expect(decided.message).toContain("Spent 160");
      await all.quiet();
      for (const [recorder, person] of [
        [all.slack, BOB],
        [all.slack, CAROL],
        [all.teams, BOB],
        [all.teams, ERIN],
      ] as const) {
        const card = cardIn(recorder, own(person), turn);
        expect(stateOf(card)).toEqual(["succeeded"]);
        expect(card?.items[0]).toMatchObject({
          mayDecide: false,
          decidedBy: [{ id: ERIN.id, verdict: "approve" }],
        });
      }
      expect(await spent(session)).toBe(1);
    });

    it("asked for on one platform are decided on the other, and the thread shows the outcome once", async () => {
      const { session, turn, approval, thread } = await askOn(all.slack, 170);
      const place = { conversation: "C1", thread };
      expect(stateOf(cardIn(all.slack, place, turn))).toEqual(["awaiting"]);
      await all.teams.host().refuse(BOB.id, approval, "Not this month.");
      await all.quiet();
      expect(stateOf(cardIn(all.slack, place, turn))).toEqual(["refused"]);
      expect(stateOf(cardIn(all.slack, own(CAROL), turn))).toEqual(["refused"]);
      expect(stateOf(cardIn(all.teams, own(ERIN), turn))).toEqual(["refused"]);
      expect(cardIn(all.slack, own(ALICE), turn)).toBeNull();
      const said = all.slack
        .shown(place)
        .flatMap(({ outbound: { item } }) => (item.kind === "message" ? [item.text] : []));
      expect(said.filter((text) => text.includes("Not this month."))).toHaveLength(1);
      expect(await spent(session)).toBe(0);
    });

    it.each([
      ["a boss", BOB, true],
      ["another boss", CAROL, true],
      ["the requester", ALICE, false],
      ["a manager of bosses", NINA, false],
      ["a colleague", DAVE, false],
    ] as const)("let %s decide as on the web", async (_who, person, isAllowed) => {
      for (const recorder of [all.slack, all.teams]) {
        const { approval, session } = await askOn(recorder, 180);
        const vote = recorder.host().approve(person.id, approval, null);
        if (isAllowed) await vote;
        else await expect(vote).rejects.toMatchObject({ code: "APR-403" });
        await all.quiet();
        expect(await spent(session)).toBe(isAllowed ? 1 : 0);
        if (!isAllowed) await recorder.host().refuse(BOB.id, approval, "");
      }
    });

    it("run once for twenty clicks over two platforms and the web", async () => {
      const { session, approval } = await askOn(all.slack, 190);
      const ways = [all.slack.host(), all.teams.host(), all.ports];
      const clicks = Array.from({ length: 20 }, async (_, i) => {
        const way = ways[i % ways.length];
        return await way?.approve([BOB, CAROL, ERIN][i % 3]?.id ?? "", approval, null);
      });
      const ends = await Promise.allSettled(clicks);
      expect(ends.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
      await all.quiet();
      expect(await spent(session)).toBe(1);
    });

    it("take two votes from two platforms where two are asked for", async () => {
      const { session, approval, turn } = await askOn(all.teams, 600);
      await all.slack.host().approve(CAROL.id, approval, null);
      await all.quiet();
      expect(cardIn(all.slack, own(BOB), turn)?.items[0]?.approvers[0]?.given).toHaveLength(1);
      expect(await spent(session)).toBe(0);
      await all.teams.host().approve(ERIN.id, approval, null);
      await all.quiet();
      expect(await spent(session)).toBe(1);
    });

    it("are shown once when the sender dies between the post and its mark", async () => {
      let deaths = 0;
      all.slack.after = () => {
        deaths += 1;
        if (deaths <= 3) throw Object.assign(new Error("gone in the middle"), { retryAfterMs: 1 });
      };
      const { turn } = await askOnWeb(200);
      expect(deaths).toBeGreaterThan(3);
      expect(stateOf(cardIn(all.slack, own(BOB), turn))).toEqual(["awaiting"]);
      expect(stateOf(cardIn(all.slack, own(CAROL), turn))).toEqual(["awaiting"]);
    });

    it("show the decision also where the card was on its way when it fell", async () => {
      let isLate = false;
      all.slack.before = async ({ viewer, item }) => {
        if (isLate || viewer !== BOB.id || item.kind !== "card") return;
        isLate = true;
        const approval = item.card.items[0]?.approval ?? "";
        await all.teams.host().approve(ERIN.id, approval, null);
        // What the decision sends on is worked out, and did not find this copy.
        const fanOuts = "select 1 from outbox where channel = 'fan-out'";
        await all.house.until(async () => (await all.house.db.query(fanOuts)).length === 0 || null);
      };
      const { turn } = await askOnWeb(195);
      expect(isLate).toBe(true);
      expect(stateOf(cardIn(all.slack, own(BOB), turn))).toEqual(["succeeded"]);
    });

    it("that can never arrive are laid aside at once, and hold up nobody", async () => {
      all.slack.before = ({ viewer }) => {
        if (viewer === CAROL.id) throw Object.assign(new Error("user is gone"), { isPermanent: true });
      };
      const { turn, actions } = await askOnWeb(210);
      expect(stateOf(cardIn(all.slack, own(BOB), turn))).toEqual(["awaiting"]);
      const dead = (await listDeadOutbox(all.house.db)).filter(({ viewer }) => viewer === CAROL.id);
      expect(dead).toMatchObject([{ attempts: 1, error: "user is gone" }]);
      await all.ports.refuse(BOB.id, actions[0]?.approval ?? "", "no");
      await all.quiet();
      expect((await listDeadOutbox(all.house.db)).filter(({ viewer }) => viewer === CAROL.id)).toHaveLength(
        1,
      );
      await all.house.db.query("delete from outbox");
    });

    it("go where people want them: the thread they read, or one card for a channel of several", async () => {
      await all.slack.host().setApprovalPlace(BOB.id, { kind: "thread" });
      await all.slack
        .host()
        .setApprovalPlace(CAROL.id, { kind: "channel", channel: "slack", id: "C0APPROVALS" });
      try {
        const inThread = await askOn(all.slack, 220);
        expect(cardIn(all.slack, own(BOB), inThread.turn)).not.toBeNull();
        all.slack.open.add(`C1\nask${count + 1}/${ALICE.id}\n${BOB.id}`);
        const { turn } = await askOn(all.slack, 220);
        expect(cardIn(all.slack, own(BOB), turn)).toBeNull();
        expect(cardIn(all.slack, own(CAROL), turn)).not.toBeNull();
        await all.slack
          .host()
          .setApprovalPlace(BOB.id, { kind: "channel", channel: "slack", id: "C0APPROVALS" });
        const shared = await askOn(all.slack, 220);
        const copies = [BOB, CAROL].filter((person) => cardIn(all.slack, own(person), shared.turn));
        expect(copies).toHaveLength(1);
        expect(cardIn(all.teams, own(BOB), shared.turn)).toBeNull();
        expect(cardIn(all.teams, own(ERIN), shared.turn)).not.toBeNull();
      } finally {
        for (const person of [BOB, CAROL])
          await all.slack.host().setApprovalPlace(person.id, { kind: "direct" });
      }
    });

    it("ask again as reminders, and ask the manager on the platform they are on", async () => {
      const { turn } = await askOnWeb(230);
      const at = (share: number) => new Date(Date.now() + share * 3_600_000);
      const climb = async (share: number) => {
        await climbApprovals({ ...all.house.deps }, DEFAULT_LADDER, at(share));
        await all.quiet();
      };
      await climb(0.55);
      const reminded = all.slack.posts.filter(({ item }) => item.id === `${turn}:card`);
      expect(
        reminded
          .filter(({ isReminder }) => isReminder)
          .map(({ viewer }) => viewer)
          .toSorted(),
      ).toEqual([BOB.id, CAROL.id]);
      expect(cardIn(all.slack, own(BOB), turn)?.items).toHaveLength(1);
      await climb(0.85);
      expect(cardIn(all.teams, own(NINA), turn)?.items[0]?.mayDecide).toBe(true);
    });

    it("show nothing to somebody who left, and take no click from them", async () => {
      all.removed.add(CAROL.id);
      const { turn, actions } = await askOnWeb(240);
      expect(cardIn(all.slack, own(CAROL), turn)).toBeNull();
      const approval = actions[0]?.approval ?? "";
      await expect(all.slack.host().approve(CAROL.id, approval, null)).rejects.toMatchObject({
        code: "DIR-404",
      });
      await all.slack.host().refuse(BOB.id, approval, "");
    });
  });

  describe(`without a platform, ${kind}`, () => {
    it("nothing is written for one", async () => {
      const none = { ...(await import("../../src/compose/channels/settings.ts")).NO_CHANNELS };
      const all = await openPlatforms(kind, { settings: none });
      await all.house.ask("spend 150");
      expect(await all.house.db.query("select 1 as one from outbox")).toEqual([]);
      await all.close();
    });
  });
}
