import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { castVote } from "../../src/actions/cast-vote.ts";
import { createUndoTurnTool } from "../../src/actions/undo-turn-tool.ts";
import { offerUndo } from "../../src/agent/offer-undo.ts";
import { findAction, findTurnActions } from "../../src/store/actions/find-actions.ts";
import type { Db } from "../../src/store/db.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import { type House, openHouse } from "../flows/harness.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { readLog, readReplies } from "../setup/read-log.ts";
import { ALICE, BOB, createRuledGate, loadRules, openDirectory } from "./company.ts";

const OFFER = "can still be undone";

for (const kind of databaseKinds()) {
  describe(`several steps on ${kind}`, () => {
    let db: Db;
    let house: House;
    const policies = loadRules();

    beforeAll(async () => {
      db = await freshDatabase(kind);
      house = openHouse(
        db,
        { runs: 0 },
        {
          gate: createRuledGate(() => policies),
          directory: openDirectory().now,
          tools: (deps) => [createUndoTurnTool(deps)],
        },
      );
    });
    afterAll(async () => {
      await house.worker.close();
      await db.close();
      expect(house.errors).toEqual([]);
    });

    const lastReply = async (result: AskResult, nth: number) =>
      await house.until(async () => {
        const rows = await readReplies(db, result.session);
        return rows[nth - 1]?.text;
      });
    const undoAll = async (session: string) =>
      await house.deps.tools.get("steward.undoAll")?.run(
        {},
        {
          principal: ALICE,
          directory: house.deps.directory(),
          now: new Date(),
          session,
          key: "undo-all",
          signal: AbortSignal.timeout(5_000),
          records: house.deps.records,
          files: house.deps.files,
        },
      );

    it("are offered for undo when a later one is forbidden, and taken back together", async () => {
      const before = await house.spent();
      const result = await house.ask("spend 10, spend 20, spend 5000");
      expect(result.reply).toContain(`The 2 steps before that were done and ${OFFER}`);
      expect(await house.spent()).toBe(before + 2);
      expect(await undoAll(result.session)).toMatchObject({ status: "succeeded" });
      expect(await house.spent()).toBe(before);
      const actions = await findTurnActions(db, result.turn);
      expect(actions.map((action) => action.status)).toEqual(["undone", "undone", "forbidden"]);
      expect(await undoAll(result.session)).toMatchObject({ status: "failed", code: "ACT-409" });
      expect(await house.spent()).toBe(before);
    });

    it("are offered for undo once somebody refused the step that waited, not before", async () => {
      const result = await house.ask("spend 10, spend 150");
      expect(result.reply).not.toContain(OFFER);
      const held = result.actions.find((action) => action.status === "awaiting");
      await castVote(house.deps, {
        approval: held?.approval ?? "",
        voter: BOB,
        verdict: "refuse",
        reason: null,
        edit: null,
      });
      expect(await lastReply(result, 2)).toContain(`The step before that was done and ${OFFER}`);
      expect((await findAction(db, held?.id ?? ""))?.status).toBe("refused");
    });

    it("are not offered when all went well, when nothing was done, or when only an earlier one failed", async () => {
      for (const text of ["spend 10, spend 20", "spend 5000", "spend 5000, spend 10"]) {
        expect((await house.ask(text)).reply).not.toContain(OFFER);
      }
    });

    it("are not offered when the time to undo them is over", async () => {
      const { session, turn } = await house.ask("spend 10, spend 5000");
      const events = await readLog(db, session);
      const later = new Date(Date.now() + 61_000);
      expect(offerUndo(events, turn, house.deps.tools, later)).toBeNull();
    });
  });
}
