import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import type { CalendarEvent } from "../../../tools/calendar/calendar-event.ts";
import { readRule, timesWithin } from "../../../tools/calendar/recurrence.ts";

const series = (
  start: string,
  minutes: number,
  recurrence: string | null,
  more: Partial<CalendarEvent> = {},
): CalendarEvent => {
  const zone = more.zone ?? "Europe/Berlin";
  const at = DateTime.fromISO(start, { zone });
  return {
    title: "Series",
    start: at.toISO() ?? "",
    end: at.plus({ minutes }).toISO() ?? "",
    zone,
    organizer: "a@x.example",
    attendees: [],
    location: null,
    description: null,
    isPrivate: false,
    isAllDay: false,
    showAs: "busy",
    recurrence,
    exceptions: [],
    ...more,
  };
};
const at = (text: string, zone = "Europe/Berlin") => DateTime.fromISO(text, { zone });
const starts = (event: CalendarEvent, from: string, to: string) =>
  timesWithin(event, at(from), at(to)).map(({ start }) => start.toFormat("yyyy-MM-dd HH:mm"));

describe("a series", () => {
  test("keeps its wall-clock time over the change of the clocks", () => {
    const event = series("2027-03-22T09:00", 15, "FREQ=WEEKLY");
    const times = timesWithin(event, at("2027-03-20"), at("2027-04-06"));
    expect(times.map((t) => t.start.toISO({ suppressMilliseconds: true }))).toEqual([
      "2027-03-22T09:00:00+01:00",
      "2027-03-29T09:00:00+02:00",
      "2027-04-05T09:00:00+02:00",
    ]);
  });

  test("at a time that one night leaves out comes later that night, and right again the next", () => {
    const event = series("2027-03-27T02:30", 15, "FREQ=DAILY");
    expect(starts(event, "2027-03-27", "2027-03-30")).toEqual([
      "2027-03-27 02:30",
      "2027-03-28 03:30",
      "2027-03-29 02:30",
    ]);
  });

  test("on given weekdays begins with its start, not before", () => {
    const event = series("2027-02-10T09:00", 15, "FREQ=WEEKLY;BYDAY=MO,WE,FR");
    expect(starts(event, "2027-02-01", "2027-02-16")).toEqual([
      "2027-02-10 09:00",
      "2027-02-12 09:00",
      "2027-02-15 09:00",
    ]);
  });

  test("every second week counts weeks from its start", () => {
    const event = series("2027-02-02T09:00", 15, "FREQ=WEEKLY;INTERVAL=2");
    expect(starts(event, "2027-02-15", "2027-03-15")).toEqual(["2027-02-16 09:00", "2027-03-02 09:00"]);
  });

  test("COUNT counts occurrences that were taken out too", () => {
    const event = series("2027-02-01T09:00", 15, "FREQ=DAILY;COUNT=3", {
      exceptions: ["2027-02-02T08:00:00Z"],
    });
    expect(starts(event, "2027-01-01", "2027-12-31")).toEqual(["2027-02-01 09:00", "2027-02-03 09:00"]);
  });

  test.each(["20270203T080000Z", "20270203"])("UNTIL=%s includes that day", (until) => {
    const event = series("2027-02-01T09:00", 15, `FREQ=DAILY;UNTIL=${until}`);
    expect(starts(event, "2027-01-01", "2027-12-31")).toHaveLength(3);
  });

  test("an occurrence that began before the span and reaches into it is there", () => {
    const event = series("2027-02-01T22:00", 180, "FREQ=DAILY");
    expect(starts(event, "2027-02-05T00:30", "2027-02-05T02:00")).toEqual(["2027-02-04 22:00"]);
  });

  test.each([
    "FREQ=MONTHLY",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=WEEKLY;BYSETPOS=1",
    "FREQ=DAILY;COUNT=99999",
    "x",
  ])("a rule outside the part understood is refused: %s", (rule) => {
    expect(readRule(rule)).toBeNull();
    expect(starts(series("2027-02-01T09:00", 15, rule), "2027-01-01", "2027-12-31")).toHaveLength(1);
  });

  test("leaping ahead finds what counting from the start finds", () => {
    const rule = fc.record({
      freq: fc.constantFrom("DAILY", "WEEKLY"),
      interval: fc.integer({ min: 1, max: 5 }),
      days: fc.subarray(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], { minLength: 1 }),
    });
    fc.assert(
      fc.property(
        rule,
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 20 }),
        ({ freq, interval, days }, skip, length) => {
          const text = `FREQ=${freq};INTERVAL=${interval}${freq === "WEEKLY" ? `;BYDAY=${days.join(",")}` : ""}`;
          const from = at("2025-01-01").plus({ days: skip });
          const to = from.plus({ days: length });
          const leapt = timesWithin(series("2025-01-01T09:00", 30, text), from, to);
          // With a COUNT it is counted from the first; the limit is not reached here.
          const counted = timesWithin(series("2025-01-01T09:00", 30, `${text};COUNT=1000`), from, to);
          expect(leapt.map((t) => t.start.toMillis())).toEqual(counted.map((t) => t.start.toMillis()));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a far span of an endless series costs no more than a near one", () => {
    const begin = performance.now();
    expect(starts(series("1999-01-01T09:00", 15, "FREQ=DAILY"), "2150-01-01", "2150-01-03")).toHaveLength(2);
    expect(performance.now() - begin).toBeLessThan(200);
  });

  test("whole days stay whole days over the change of the clocks", () => {
    const event = series("2027-03-27T00:00", 3 * 24 * 60, null, { isAllDay: true });
    const event2 = { ...event, end: "2027-03-30T00:00:00+02:00" };
    const [one] = timesWithin(event2, at("2027-03-29"), at("2027-03-30"));
    expect(one?.end.toFormat("yyyy-MM-dd HH:mm")).toBe("2027-03-30 00:00");
  });
});
