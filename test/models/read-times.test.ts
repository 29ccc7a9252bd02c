import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTimes } from "../../src/models/planner/times.ts";
import { NOW } from "./planner-world.ts";

/** Monday, 16 March 2026, 09:00 in Vienna. */
const read = (text: string) => readTimes(text, NOW, "Europe/Vienna");
const first = (text: string) => {
  const [span] = read(text).spans;
  if (!span) return null;
  const at = span.hasTime ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd";
  return span.start.toFormat(at);
};

describe("times in plain words", () => {
  it.each([
    ["tomorrow at five pm", "2026-03-17T17:00"],
    ["tomorrow at half past nine", "2026-03-17T09:30"],
    ["tomorrow with Ana at quarter to three", "2026-03-17T14:45"],
    ["ten to four on wednesday", "2026-03-18T15:50"],
    ["half eight tomorrow", "2026-03-17T08:30"],
    ["on Thursday at eleven thirty", "2026-03-19T11:30"],
    ["friday 15:00", "2026-03-20T15:00"],
    ["at 3 on friday", "2026-03-20T15:00"],
    ["today at 03:00", "2026-03-16T03:00"],
    ["tonight at 8", "2026-03-16T20:00"],
    ["8 in the evening tomorrow", "2026-03-17T20:00"],
    ["the first of april at noon", "2026-04-01T12:00"],
    ["30 March from 10 to 11:30", "2026-03-30T10:00"],
    ["the 14th", "2026-04-14"],
    ["20.03. at 10", "2026-03-20T10:00"],
    ["2026-03-20 14:00", "2026-03-20T14:00"],
    ["thursday next week at 9", "2026-03-26T09:00"],
    ["on monday", "2026-03-23"],
    ["mondays at 10", "2026-03-23T10:00"],
    ["in 2 hours", "2026-03-16T11:00"],
  ])("reads '%s'", (text, wanted) => {
    expect(first(text)).toBe(wanted);
  });

  it.each([
    ["next week", "2026-03-23", "2026-03-30"],
    ["this week", "2026-03-16", "2026-03-23"],
    ["the weekend", "2026-03-21", "2026-03-23"],
    ["next month", "2026-04-01", "2026-05-01"],
    ["from nine to five tomorrow", "2026-03-17", "2026-03-17"],
  ])("knows how long '%s' is", (text, start, end) => {
    const [span] = read(text).spans;
    expect([span?.start.toISODate(), span?.end?.toISODate()]).toEqual([start, end]);
  });

  it("takes part of a day for its hours, in the zone of the person and over the change to summer time", () => {
    const [span] = read("friday afternoon").spans;
    expect([span?.start.toISO(), span?.end?.toISO()]).toEqual([
      "2026-03-20T12:00:00.000+01:00",
      "2026-03-20T18:00:00.000+01:00",
    ]);
    expect(read("30 March at 10").spans[0]?.start.toISO()).toBe("2026-03-30T10:00:00.000+02:00");
  });

  it.each([
    ["for 45 minutes", 45],
    ["an hour and a half", 90],
    ["half an hour", 30],
    ["for two hours", 120],
    ["1h30", 90],
    ["a free hour", 60],
    ["for 1.5 hours", 90],
  ])("reads the length '%s'", (text, minutes) => {
    expect(read(text).minutes).toBe(minutes);
  });

  it.each(["on 30 February", "31 June at 9", "2026-02-30", "Feb 30th", "at 25:00", "at 10:75"])(
    "asks back for '%s', which does not exist",
    (text) => {
      expect(read(text).spans[0]?.problem?.kind).toBe("impossible");
    },
  );

  it.each(["on 03/04 at 10", "on the 5th or 6th", "Monday or Tuesday at 3", "tomorrow at 3 or 4"])(
    "asks back for '%s', which can mean two times",
    (text) => {
      const problem = read(text).spans.find((s) => s.problem)?.problem;
      expect(problem?.kind).toBe("ambiguous");
      expect(problem?.options).toHaveLength(2);
    },
  );

  it("asks which one 'next Thursday' is while this week's is still to come, and not otherwise", () => {
    expect(read("next Thursday").spans[0]?.problem?.options.map((o) => o.value)).toEqual([
      "2026-03-19",
      "2026-03-26",
    ]);
    expect(read("next Monday").spans[0]?.problem).toBeNull();
  });

  it("does not ask for a date that can be read in one way only", () => {
    for (const text of ["on 13/04", "on 4/4", "29 February 2028"]) {
      const reading = read(text);
      expect(reading.spans.every((s) => s.problem === null)).toBe(true);
    }
  });

  it("leaves words alone that only look like times", () => {
    for (const text of ["one of the may flowers", "it may be two much", "to one another"]) {
      expect(read(text).spans).toEqual([]);
    }
  });

  it("stays inside the text and ends soon, whatever the text is", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: "binary", maxLength: 200 })),
        (text) => {
          for (const { from, to } of read(text).used) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeGreaterThanOrEqual(from);
            expect(to).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives a span of the person's own words for each time", () => {
    const text = "please meet me tomorrow at half past nine sharp";
    const [span] = read(text).spans;
    expect(text.slice(span?.from, span?.to)).toBe("tomorrow at half past nine");
  });
});
