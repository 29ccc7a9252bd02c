import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { MATRIX, MATRIX_RULES } from "./approver-matrix.ts";
import { openStages, type Stages } from "./open-stages.ts";
import { playRow } from "./play-matrix.ts";
import { type StageWorld, stageWorld } from "./stage-world.ts";

// How fast the platforms take messages is promised elsewhere: here only who may decide what.
vi.mock("../../channels/slack/send-queue.ts", () => ({
  createSendQueue: () => new Proxy({}, { get: () => () => 0 }),
}));
vi.mock("../../channels/teams/transport/send-gate.ts", () => ({
  createSendGate: () => ({
    run: async (_kind: string, _conversation: string, call: () => Promise<unknown>) => await call(),
    hold: () => {},
  }),
}));

const LONG_MS = 120_000;

let stages: Stages<"slack" | "teams">;
let world: StageWorld;
beforeAll(async () => {
  stages = await openStages(["slack", "teams"], { isPaced: false, rules: MATRIX_RULES });
  world = stageWorld(stages.house, MATRIX_RULES);
}, LONG_MS);
afterEach(async () => await world?.reset());
afterAll(async () => await stages?.close(), LONG_MS);

describe.each([
  ["web", ["slack", "teams"]],
  ["slack", ["teams", "web"]],
  ["teams", ["web", "slack"]],
] as const)("asked in %s, decided in %j", (asked, decided) => {
  test.each(MATRIX)(
    "$what",
    async (row) => {
      await playRow(row, { on: stages.on, house: stages.house, world, asked, decided });
      expect(await stages.house.quiet()).toBeUndefined();
    },
    LONG_MS,
  );
});
