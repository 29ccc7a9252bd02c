import fc from "fast-check";
import type { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { readDays, readTime } from "../../tools/read-time.ts";

const BERLIN = "Europe/Berlin";
const iso = (at: DateTime) => at.toISO({ suppressMilliseconds: true });

describe("readTime", () => {
  test("an instant keeps its moment and comes back in the reader's zone", () => {
    const read = readTime("2027-02-11T09:00:00Z", BERLIN);
    if (read.kind !== "instant") throw new Error(read.kind);
    expect(iso(read.at)).toBe("2027-02-11T10:00:00+01:00");
  });

  test("a time without an offset is wall-clock time of the reader", () => {
    const read = readTime("2027-07-11T10:00", "Europe/London");
    if (read.kind !== "instant") throw new Error(read.kind);
    expect(iso(read.at)).toBe("2027-07-11T10:00:00+01:00");
  });

  test.each(["2027-03-28T02:30", "2027-03-28T02:30:00+01:00", "2027-03-28T02:30:00+02:00"])(
    "a time that the clocks leave out is named: %s",
    (text) => {
      const read = readTime(text, BERLIN);
      expect(read.kind).toBe("gap");
      if (read.kind === "gap")
        expect([read.text, read.instead.toFormat("HH:mm")]).toEqual(["02:30", "03:30"]);
    },
  );

  test("an instant of another zone is never taken for a missing wall-clock time", () => {
    expect(readTime("2027-03-28T02:30:00+05:30", BERLIN).kind).toBe("instant");
    expect(readTime("2027-03-28T01:30:00Z", "Europe/London").kind).toBe("instant");
  });

  test.each([
    "",
    "tomorrow",
    "2027-02-30",
    "2027-13-01T10:00",
    "24:30",
    "0001-01-01",
    "9999-12-31",
    "T",
    "10",
    "2027-02-11T",
  ])("what is no time is bad: '%s'", (text) => expect(readTime(text, BERLIN).kind).toBe("bad"));

  test("a time of day and a date are told apart", () => {
    expect(readTime("09:05", BERLIN)).toEqual({ kind: "clock", hour: 9, minute: 5 });
    expect(readTime("2027-02-11", BERLIN).kind).toBe("date");
  });

  test("no text throws", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => void [readTime(text, BERLIN), readDays(text, BERLIN)],
      ),
    );
  });
});

describe("readDays", () => {
  test.each([
    ["2027-02-11", "2027-02-11", "2027-02-12"],
    ["2027-02-11T15:00:00Z", "2027-02-11", "2027-02-12"],
    ["2027-W07", "2027-02-15", "2027-02-22"],
    ["2027-02", "2027-02-01", "2027-03-01"],
    ["2027-02-11/2027-02-13", "2027-02-11", "2027-02-14"],
  ])("%s runs from %s to before %s", (text, from, to) => {
    const span = readDays(text, BERLIN);
    expect([span?.from.toISODate(), span?.to.toISODate()]).toEqual([from, to]);
  });

  test.each(["2027-02-13/2027-02-11", "2027-W54", "2027-W", "2027-02-11/", "a/b/c", "11:00"])(
    "%s is no span of days",
    (text) => {
      expect(readDays(text, BERLIN)).toBeNull();
    },
  );
});
