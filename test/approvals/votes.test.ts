import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Ballot, castVote } from "../../src/actions/cast-vote.ts";
import { delegate, endDelegation, MAX_DELEGATION_MS, readUntil } from "../../src/actions/delegate-votes.ts";
import { explainAction } from "../../src/actions/explain-action.ts";
import { DEFAULT_LADDER } from "../../src/actions/ladder.ts";
import { renderCard } from "../../src/actions/render-card.ts";
import { climbApprovals } from "../../src/flows/climb-approvals.ts";
import { findAction } from "../../src/store/actions/find-actions.ts";
import { findApproval } from "../../src/store/approvals/find-approvals.ts";
import type { Db } from "../../src/store/db.ts";
import { readTurnRequest } from "../../src/store/events/read-turn-request.ts";
import { addInbox } from "../../src/store/inbox/add-inbox.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Principal } from "../../src/types/principal.ts";
import { type House, openHouse } from "../flows/harness.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { readReplies } from "../setup/read-log.ts";
import {
  ALICE,
  BOB,
  CAROL,
  createRuledGate,
  DAVE,
  ERIN,
  FAY,
  GUS,
  loadRules,
  NINA,
  openDirectory,
} from "./company.ts";

const STRANGER: Principal = { ...BOB, id: "bob@elsewhere.example", groups: ["everyone", "bosses"] };
const HOUR_MS = 3_600_000;

for (const kind of databaseKinds()) {
  describe(`votes on ${kind}`, () => {
    let db: Db;
    let house: House;
    let policies = loadRules();
    const directory = openDirectory();
    const hooks = { runs: 0 };

    beforeAll(async () => {
      db = await freshDatabase(kind);
      house = openHouse(db, hooks, { gate: createRuledGate(() => policies), directory: directory.now });
    });
    afterEach(async () => {
      directory.reset();
      policies = loadRules();
      await db.query("update delegations set revoked_at = now() where revoked_at is null");
      await db.query("update grants set revoked_at = now() where revoked_at is null");
    });
    afterAll(async () => {
      await house.worker.close();
      await db.close();
      expect(house.errors).toEqual([]);
    });

    const held = async (amount: number): Promise<AskResult> => {
      const result = await house.ask(`spend ${amount}`);
      expect(result.actions[0]).toMatchObject({ decision: "ask", status: "awaiting" });
      return result;
    };
    const vote = async (result: AskResult, voter: Principal, more: Partial<Ballot> = {}) =>
      await castVote(house.deps, {
        approval: result.actions[0]?.approval ?? "",
        voter,
        verdict: "approve",
        reason: null,
        edit: null,
        ...more,
      });
    const handTo = async (from: Principal, to: Principal, hours = 1) =>
      await delegate(db, {
        key: `${from.id} ${to.id} ${Math.random()}`,
        from,
        to,
        until: new Date(Date.now() + hours * HOUR_MS),
      });
    const idle = async (result: AskResult) =>
      await house.until(
        async () =>
          (await db.query("select 1 from inbox where session_id = $1 and state = 'new'", [result.session]))
            .length === 0,
      );
    const status = async (result: AskResult) => {
      await idle(result);
      return (await findAction(db, result.actions[0]?.id ?? ""))?.status;
    };
    const refused = async (result: AskResult, voter: Principal, code = "APR-403") => {
      await expect(vote(result, voter)).rejects.toMatchObject({ code });
      expect(await status(result)).toBe("awaiting");
    };
    const approval = async (result: AskResult) => await findApproval(db, result.actions[0]?.approval ?? "");
    const card = async (result: AskResult, viewer: Principal) => {
      const request = await readTurnRequest(db, result.turn);
      return request && (await renderCard(house.deps, request, viewer))?.items[0];
    };
    const later = async (share: number) =>
      await climbApprovals(house.deps, DEFAULT_LADDER, new Date(Date.now() + share * HOUR_MS));
    const auditOf = async (subject: string | null | undefined) =>
      (
        await db.query<{ type: string }>("select type from audit where subject = $1 order by id", [subject])
      ).map((row) => row.type);

    describe("in one's own name", () => {
      it("are refused to the requester, to the wrong group, to a guest and to somebody unknown", async () => {
        const result = await held(150);
        for (const wrong of [ALICE, DAVE, NINA, GUS, STRANGER]) await refused(result, wrong);
      });

      it("are refused to a guest of the right group when policy wants employees", async () => {
        policies = loadRules(
          `@id("no-guests") forbid (principal, action == Action::"approve", resource) unless { principal in Group::"everyone" };`,
        );
        directory.change({ ...GUS, groups: ["bosses"] });
        await refused(await held(150), directory.now().find(GUS.id) ?? GUS);
      });

      it("are refused to a requester who is of the group", async () => {
        directory.change({ ...ALICE, groups: ["everyone", "bosses"] });
        await refused(await held(150), directory.now().find(ALICE.id) ?? ALICE);
      });

      it("are refused to everybody where the group is empty", async () => {
        const result = await held(850);
        for (const wrong of [ALICE, BOB, NINA, DAVE]) await refused(result, wrong);
        await later(0.9);
        expect((await approval(result))?.escalations).toEqual([]);
      });

      it("do not count any more when the role was lost before it ran", async () => {
        const result = await held(600);
        await vote(result, BOB);
        directory.change({ ...BOB, groups: ["everyone"] });
        await vote(result, CAROL);
        expect(await status(result)).toBe("awaiting");
        await vote(result, ERIN);
        expect(await status(result)).toBe("succeeded");
      });

      it("are refused when the time is over", async () => {
        const result = await held(150);
        await db.query("update approvals set expires_at = now() - interval '1 second' where id = $1", [
          result.actions[0]?.approval,
        ]);
        await refused(result, BOB, "APR-409");
      });

      it("are refused on a version that is no longer the current one", async () => {
        const result = await held(150);
        await vote(result, BOB, { edit: { amount: 700 } });
        await refused(result, CAROL, "APR-409");
        await expect(vote(result, CAROL, { digest: "0".repeat(64) })).rejects.toMatchObject({
          code: "APR-409",
        });
      });

      it("are refused when what was seen is not what it is", async () => {
        const result = await held(150);
        await expect(vote(result, BOB, { digest: "0".repeat(64) })).rejects.toMatchObject({
          code: "APR-409",
        });
        await vote(result, BOB, { digest: (await approval(result))?.digest ?? null });
        expect(await status(result)).toBe("succeeded");
      });

      it("count once when replayed, and cannot be turned round", async () => {
        const result = await held(600);
        await vote(result, BOB);
        await vote(result, BOB);
        expect((await approval(result))?.votes).toHaveLength(1);
        await expect(vote(result, BOB, { verdict: "refuse" })).rejects.toMatchObject({ code: "APR-409" });
        expect(await status(result)).toBe("awaiting");
      });

      it("cannot start a second run when replayed after it ran", async () => {
        const result = await held(150);
        await vote(result, BOB);
        expect(await status(result)).toBe("succeeded");
        const runs = hooks.runs;
        await vote(result, BOB);
        await idle(result);
        await expect(vote(result, CAROL)).rejects.toMatchObject({ code: "APR-409" });
        expect(hooks.runs).toBe(runs);
      });

      it("are void when the policies changed since", async () => {
        const result = await held(150);
        policies = loadRules(
          `@id("more") forbid (principal, action == Action::"purse.look", resource) when { false };`.replace(
            "when { false }",
            `when { context.effect == "never" }`,
          ),
        );
        await vote(result, BOB);
        await idle(result);
        expect((await approval(result))?.status).toBe("superseded");
        expect((await findAction(db, result.actions[0]?.id ?? ""))?.status).toBe("awaiting");
      });
    });

    describe("handed to a colleague", () => {
      it("are given in the delegator's place, and the card and the audit say whose they are", async () => {
        const { id } = await handTo(BOB, DAVE);
        const result = await held(150);
        expect((await card(result, DAVE))?.mayDecide).toBe(true);
        await vote(result, DAVE);
        expect(await status(result)).toBe("succeeded");
        expect((await card(result, ALICE))?.decidedBy[0]).toMatchObject({
          id: DAVE.id,
          name: "Dave for Bob",
        });
        const [row] = await db.query<{ data: object }>(
          "select data from audit where type = 'approval.approved' and subject = $1",
          [result.actions[0]?.approval],
        );
        expect(row?.data).toMatchObject({ onBehalfOf: BOB.id, delegation: id, group: "bosses" });
      });

      it("are refused after the delegation ended or was revoked", async () => {
        const result = await held(150);
        const ended = await handTo(BOB, DAVE);
        await db.query("update delegations set until_at = now() - interval '1 second' where id = $1", [
          ended.id,
        ]);
        await refused(result, DAVE);
        const revoked = await handTo(BOB, DAVE);
        await endDelegation(db, revoked.id, BOB.id);
        await refused(result, DAVE);
      });

      it("do not count at execution when the delegation was revoked after the click", async () => {
        const { id } = await handTo(BOB, DAVE);
        const result = await held(600);
        await vote(result, DAVE);
        await endDelegation(db, id, BOB.id);
        await vote(result, CAROL);
        expect(await status(result)).toBe("awaiting");
        expect(await explainAction(house.deps, result.actions[0]?.id ?? "", ALICE)).toContain(
          "no longer counts",
        );
        // A delegation that comes later does not bring the old vote back; a new click does.
        await handTo(BOB, DAVE);
        await addInbox(db, {
          session: result.session,
          kind: "decide",
          dedupe: `again:${result.turn}`,
          data: { action: result.actions[0]?.id ?? "" },
        });
        expect(await status(result)).toBe("awaiting");
        await vote(result, DAVE);
        expect(await status(result)).toBe("succeeded");
      });

      it("do not count when the delegator lost the role", async () => {
        await handTo(BOB, DAVE);
        const result = await held(150);
        directory.change({ ...BOB, groups: ["everyone"] });
        await refused(result, DAVE);
      });

      it("are never handed on, not to the requester, not for the requester, not to a guest", async () => {
        await handTo(BOB, DAVE);
        await handTo(DAVE, FAY);
        await handTo(CAROL, ALICE);
        const result = await held(150);
        await refused(result, FAY);
        await refused(result, ALICE);
        await expect(handTo(BOB, GUS)).rejects.toMatchObject({ code: "DLG-400" });
        await expect(handTo(BOB, BOB)).rejects.toMatchObject({ code: "DLG-400" });
        directory.change({ ...ALICE, groups: ["everyone", "bosses"] });
        await handTo(directory.now().find(ALICE.id) ?? ALICE, FAY);
        await refused(result, FAY);
      });

      it("cannot confirm in the requester's place what only the requester may confirm", async () => {
        await handTo(ALICE, DAVE);
        await refused(await held(950), DAVE);
      });

      it("count once, whoever gives them, however often and at the same moment", async () => {
        await handTo(BOB, DAVE);
        await handTo(BOB, FAY);
        const result = await held(600);
        const people = [BOB, DAVE, FAY];
        await Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            await vote(result, people[i % 3] ?? BOB).catch((error: { code?: string }) =>
              expect(["APR-403", "APR-409"]).toContain(error.code),
            );
          }),
        );
        expect(await status(result)).toBe("awaiting");
        const runs = hooks.runs;
        await Promise.all(Array.from({ length: 20 }, async () => await vote(result, CAROL).catch(() => {})));
        expect(await status(result)).toBe("succeeded");
        expect(hooks.runs).toBe(runs + 1);
      });

      it("give one who holds several of them one vote only", async () => {
        await handTo(BOB, DAVE);
        await handTo(CAROL, DAVE);
        const result = await held(600);
        for (let i = 0; i < 5; i++) await vote(result, DAVE);
        expect(await status(result)).toBe("awaiting");
        expect((await approval(result))?.votes).toHaveLength(1);
      });

      it("last 30 days at most, and not into the past", () => {
        const now = new Date("2026-05-04T10:00:00Z");
        expect(readUntil("2026-05-08", ALICE, now).toISOString()).toBe("2026-05-08T23:59:59.000Z");
        expect(readUntil("2026-05-08T17:00:00Z", ALICE, now).toISOString()).toBe("2026-05-08T17:00:00.000Z");
        const far = new Date(now.getTime() + MAX_DELEGATION_MS + 86_400_000).toISOString();
        for (const wrong of [far, "2026-05-03", "soon", "", "9999-99-99"]) {
          expect(() => readUntil(wrong, ALICE, now)).toThrow(expect.objectContaining({ code: "DLG-400" }));
        }
      });
    });

    describe("after a reminder and an escalation", () => {
      it("are asked of the manager as well, once over all replicas, and never of the requester", async () => {
        const result = await held(150);
        const id = result.actions[0]?.approval;
        await refused(result, NINA);
        expect(await later(0.4)).toBe(0);
        await Promise.all([later(0.5), later(0.5), later(0.5)]);
        expect((await approval(result))?.remindedAt).toBeInstanceOf(Date);
        await refused(result, NINA);
        await Promise.all([later(0.8), later(0.8), later(0.8)]);
        await idle(result);
        expect(
          (await auditOf(id)).filter((type) => type.startsWith("approval.re") || type.endsWith("ed")),
        ).toEqual(expect.arrayContaining(["approval.reminded", "approval.escalated"]));
        expect((await auditOf(id)).filter((type) => type === "approval.escalated")).toHaveLength(1);
        expect((await auditOf(id)).filter((type) => type === "approval.reminded")).toHaveLength(1);
        expect((await approval(result))?.escalations).toEqual([
          { group: "bosses", from: BOB.id, to: NINA.id },
          { group: "bosses", from: CAROL.id, to: NINA.id },
        ]);
        const shown = await card(result, NINA);
        expect(shown?.mayDecide).toBe(true);
        expect(shown?.reasons).toContain("Nobody had decided in time: escalated to Nina.");
        expect(await explainAction(house.deps, result.actions[0]?.id ?? "", ALICE)).toContain(
          "Nina was asked as well",
        );
        await refused(result, ALICE);
        await refused(result, DAVE);
        const told = (await readReplies(db, result.session)).at(-1);
        expect(told?.text).toContain("I have asked Nina as well");
        await vote(result, NINA);
        expect(await status(result)).toBe("succeeded");
      });

      it("count for one of the quorum, not for the whole of it", async () => {
        const result = await held(600);
        await later(0.8);
        await vote(result, NINA);
        expect(await status(result)).toBe("awaiting");
        await vote(result, BOB);
        expect(await status(result)).toBe("succeeded");
      });

      it("no longer count when the manager is somebody else now, or the silent one lost the role", async () => {
        const result = await held(150);
        await later(0.8);
        directory.change({ ...BOB, manager: DAVE.id });
        directory.change({ ...CAROL, groups: ["everyone"] });
        await refused(result, NINA);
        await refused(result, DAVE);
      });

      it("are not asked of the manager of somebody who voted", async () => {
        directory.change({ ...CAROL, groups: ["everyone"] });
        const result = await held(600);
        await vote(result, BOB);
        await later(0.8);
        expect((await approval(result))?.escalations).toEqual([]);
      });
    });

    describe("standing for a while", () => {
      const until = () => new Date(Date.now() + 24 * HOUR_MS);

      it("let the like of it happen at once, and say whose yes it was", async () => {
        const first = await held(200);
        await vote(first, BOB, { grantUntil: until() });
        expect(await status(first)).toBe("succeeded");
        const again = await house.ask("spend 180");
        expect(again.actions[0]).toMatchObject({ decision: "permit", status: "succeeded" });
        const why = await explainAction(house.deps, again.actions[0]?.id ?? "", ALICE);
        expect(why).toContain("Bob gave a standing yes until");
        const [started] = await db.query<{ data: { grants?: string[] } }>(
          "select data from audit where type = 'action.started' and subject = $1",
          [again.actions[0]?.id],
        );
        expect(started?.data.grants).toHaveLength(1);
      });

      it("reach no further than what was approved", async () => {
        const first = await held(200);
        await vote(first, BOB, { grantUntil: until() });
        await status(first);
        for (const more of [201, 450, 600]) await held(more);
        const other = await house.ask("spend 1000");
        expect(other.actions[0]?.decision).toBe("forbid");
      });

      it("end with their time, their revocation, or the granter's role", async () => {
        const ends = [
          async () => void (await db.query("update grants set until_at = now() - interval '1 second'")),
          async () => void (await db.query("update grants set revoked_at = now()")),
          async () => directory.change({ ...BOB, groups: ["everyone"] }),
        ];
        for (const end of ends) {
          const first = await held(200);
          await vote(first, BOB, { grantUntil: until() });
          expect(await status(first)).toBe("succeeded");
          await end();
          await held(200);
          await db.query("update grants set revoked_at = now()");
          directory.reset();
        }
      });

      it("count as one of several, and no longer once revoked", async () => {
        const first = await held(600);
        await vote(first, BOB, { grantUntil: until() });
        await vote(first, CAROL);
        expect(await status(first)).toBe("succeeded");
        const second = await held(600);
        expect((await card(second, ALICE))?.approvers[0]?.given[0]?.name).toBe("Bob (standing yes)");
        await db.query("update grants set revoked_at = now()");
        await vote(second, CAROL);
        expect(await status(second)).toBe("awaiting");
        await vote(second, BOB);
        expect(await status(second)).toBe("succeeded");
      });

      it("cannot be given for others, for too long, for what is changed, or with a no", async () => {
        await handTo(BOB, DAVE);
        const result = await held(150);
        const wrong: readonly [Principal, Partial<Ballot>][] = [
          [DAVE, { grantUntil: until() }],
          [BOB, { grantUntil: new Date(Date.now() + 31 * 24 * HOUR_MS) }],
          [BOB, { grantUntil: new Date(Date.now() - 1_000) }],
          [BOB, { grantUntil: new Date(Number.NaN) }],
          [BOB, { grantUntil: until(), edit: { amount: 120 } }],
          [BOB, { grantUntil: until(), verdict: "refuse" }],
        ];
        for (const [voter, more] of wrong) {
          await expect(vote(result, voter, more)).rejects.toMatchObject({ code: "APR-422" });
        }
        await refused(result, FAY);
        expect((await approval(result))?.votes).toEqual([]);
      });
    });
  });
}
