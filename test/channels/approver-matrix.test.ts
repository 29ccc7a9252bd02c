import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { chromiumOrSkip, launchChromium } from "../setup/chromium.ts";
import { MATRIX, MATRIX_RULES } from "./approver-matrix.ts";
import { openStages, type Stages } from "./open-stages.ts";
import { playRow } from "./play-matrix.ts";
import { click } from "./stage.ts";
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
const chromiumPath = await chromiumOrSkip("a request in the widget that is approved in Teams");

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
  test.each(MATRIX.map((row) => [row.what, row] as const))(
    "%s",
    async (_what, row) => {
      await playRow(row, { on: stages.on, house: stages.house, world, asked, decided });
      expect(await stages.house.quiet()).toBeUndefined();
    },
    LONG_MS,
  );
});

test.skipIf(chromiumPath === null)(
  "a request in the widget is approved in Teams, and seen in Slack and in the widget",
  async () => {
    const { house, on } = stages;
    const browser = await launchChromium(chromiumPath ?? "");
    try {
      const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(house.url);
      const [left, right] = ["left", "right"].map((side) =>
        page.locator(`#pane-${side} .chat > :not([role=log])`),
      );
      await left?.locator("textarea").fill("Change the Quayside refit deal of Quayside Studios to 99,000");
      await left?.locator("textarea").press("Enter");
      await right?.getByRole("button", { name: "Approve", exact: true }).waitFor();
      await house.quiet();
      const [row] = await house.db.query<{ turn: string }>(
        `select a.turn_id as turn from approvals p join actions a on a.id = p.action_id
         where p.status = 'pending' order by p.created_at desc limit 1`,
      );
      const turn = row?.turn ?? "";
      for (const place of ["slack", "teams"] as const) {
        const copies = await on[place].copies(turn);
        expect(copies.map(({ viewer }) => viewer).toSorted(), place).toEqual(["sofia.marin", "tom.becker"]);
        for (const { text, asksTwice } of copies) {
          expect(text, place).toMatch(/£15,900.*£99,000/s);
          expect(asksTwice, place).toBe(true);
        }
      }
      await click(on.teams, "tom.becker", "Approve", turn);
      for (const { text, buttons } of await on.slack.copies(turn)) {
        expect(text).toMatch(/^Done.*£99,000/ms);
        expect(buttons).not.toContain("Approve");
      }
      await left
        ?.getByText(/Changed the deal/)
        .first()
        .waitFor();
      await left
        ?.getByText(/Approved by Tom Becker/)
        .first()
        .waitFor();
      await right?.getByRole("button", { name: "Approve", exact: true }).waitFor({ state: "detached" });
    } finally {
      await browser.close();
    }
  },
  LONG_MS,
);
