import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStages, type Stages } from "./open-stages.ts";

const BOTH = ["slack", "teams"] as const;
const LONG_MS = 180_000;

/** Who asks for what, who may decide it, and who may not although they would like to. */
const MATRIX = [
  {
    what: "a deal above the limit",
    asks: "ben.okafor",
    say: "Change the Renewal 2027 deal of Globex to 52,000",
    may: ["sofia.marin", "tom.becker"],
    done: /€52,000/,
  },
  {
    what: "a deal closed as won",
    asks: "priya.nair",
    say: "mark the Hangar 2 deal as won",
    may: ["sofia.marin", "tom.becker"],
    done: /won/,
  },
] as const;

describe.each(BOTH)("asked in %s", (asked) => {
  const other = asked === "slack" ? "teams" : "slack";
  let stages: Stages<(typeof BOTH)[number]>;
  beforeAll(async () => {
    stages = await openStages(...BOTH);
  }, LONG_MS);
  afterAll(async () => {
    await stages?.close();
  });

  test.each(MATRIX)(
    `$what waits for the same people on both platforms, and is decided in ${other}`,
    async ({ asks, say, may, done }) => {
      const { on, house } = stages;
      const talk = on[asked].talk(asks);
      const { result } = await talk.say(say);
      const line = await on[asked].lineOf(asks, result.turn);
      const everybody = house.people.map(({ id }) => id.split("@")[0] ?? "");
      for (const platform of BOTH) {
        for (const name of everybody) {
          const sees = (await on[platform].waitsFor(name)).includes(line.slice(0, 40));
          expect(sees, `${name} in ${platform}`).toBe((may as readonly string[]).includes(name));
        }
        for (const thief of [asks, "julia.weiss"]) {
          const { told, waitsOn } = await on[platform].steal(thief, line);
          expect(told, `${thief} in ${platform}`).not.toBe("");
          expect(waitsOn, `${thief} in ${platform}`).toBe(true);
        }
      }
      await on[other].click(may[0], "Approve", line);
      expect(await talk.sees()).toMatch(done);
      for (const platform of BOTH) {
        for (const name of may)
          expect(await on[platform].waitsFor(name), `${name} in ${platform}`).not.toContain(
            line.slice(0, 40),
          );
      }
    },
    LONG_MS,
  );
});
