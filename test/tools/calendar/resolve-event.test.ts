import { describe, expect, test } from "vitest";
import { resolveEvent } from "../../../tools/calendar/resolve-event.ts";
import { demoWorld, NOW } from "../demo-world.ts";

const find = (words: object, as = "sofia.marin", now = NOW) =>
  resolveEvent(words, demoWorld({ as, now }).context);
const titleOf = async (words: object, as?: string) => {
  const found = await find(words, as);
  return found.ok ? found.occurrence.event.title : found.result;
};

describe("an event named in words", () => {
  test.each([
    ["budget review", "sofia.marin", "Budget review"],
    ["the Budget Review meeting", "tom.becker", "Budget review"],
    ["budgetreview", "sofia.marin", "Budget review"],
    ["tomorrow's stand-up", "sofia.marin", "Sales stand-up"],
    ["standup", "sofia.marin", "Sales stand-up"],
    ["stand up", "omar.haddad", "Engineering stand-up"],
    ["1:1 with Ben", "sofia.marin", "1:1 Sofia and Ben"],
    ["one-on-one with Tom", "sofia.marin", "1:1 Sofia and Tom"],
    ["my 1-1 with Sofia", "ben.okafor", "1:1 Sofia and Ben"],
    ["the audit thing? audit kick-off", "ana.costa", null],
    ["call with Hanna", "ben.okafor", "Call with Lumen & Oak"],
    ["tomorrow's 4 pm call", "ben.okafor", "Call with Lumen & Oak"],
    ["the 16:00", "lena.fischer", "Patch window"],
    ["lunch with Helen", "nora.lindqvist", "Lunch with Helen"],
    ["friday's fire drill", "grace.liu", "Fire drill"],
    ["board meeting", "nora.lindqvist", "Board meeting"],
  ])("'%s' of %s is '%s'", async (eventName, as, title) => {
    if (title) expect(await titleOf({ eventName }, as)).toBe(title);
    else expect(await titleOf({ eventName }, as)).not.toBeTypeOf("string");
  });

  test("of a series it is the next that is not over", async () => {
    const found = await find({ eventName: "stand-up" });
    expect(found.ok && found.occurrence.rid).toBe("evt-series-1~20270211T0800Z");
  });

  test("a day narrows it", async () => {
    const found = await find({ eventName: "stand-up", day: "2027-02-16" });
    expect(found.ok && found.occurrence.rid).toBe("evt-series-1~20270216T0800Z");
    expect(await find({ eventName: "budget review", day: "2027-02-16" })).toMatchObject({
      result: { code: "CAL-404" },
    });
  });

  test("several that fit are asked about, with times, and each answer works", async () => {
    const found = await find({ eventName: "meeting with Tom" });
    if (found.ok || found.result.status !== "asks") throw new Error("not asked");
    expect(found.result.options.length).toBeGreaterThan(1);
    for (const option of found.result.options) {
      const again = await find({ event: String(option.value) });
      expect(again.ok && again.occurrence.rid).toBe(option.value);
    }
  });

  test("a slip of the fingers is asked about, not taken", async () => {
    expect(await find({ eventName: "bugdet reveiw" })).toMatchObject({
      result: { status: "asks", options: [{ value: "evt-16" }] },
    });
  });

  test("nothing that fits is said so, with the words repeated", async () => {
    expect(await find({ eventName: "yoga" })).toMatchObject({
      result: { code: "CAL-404", message: expect.stringContaining("'yoga'") },
    });
  });

  test("another person's event is not meant by words", async () => {
    expect(await find({ eventName: "VAT return" })).toMatchObject({
      ok: false,
      result: { status: "failed" },
    });
  });
});

describe("an event named by its id", () => {
  test.each(["evt-series-1~20270213T0800Z", "evt-series-1~x", "evt-nope", "~", "evt-16~20270210T1300Z~"])(
    "%s is not taken for another",
    async (event) => {
      expect((await find({ event })).ok).toBe(false);
    },
  );

  test("a series named whole means its next occurrence", async () => {
    const found = await find({ event: "evt-series-1" });
    expect(found.ok && found.occurrence.rid).toBe("evt-series-1~20270211T0800Z");
  });

  test("a colleague's open event is found by its id", async () => {
    expect(await titleOf({ event: "evt-16" }, "ben.okafor")).toBe("Budget review");
  });
});
