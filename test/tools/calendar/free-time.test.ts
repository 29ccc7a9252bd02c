import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { findFreeTimeTool } from "../../../tools/calendar/find-free-time.ts";
import { freeSpans } from "../../../tools/calendar/free-time.ts";
import { demoWorld } from "../demo-world.ts";

const at = (text: string, zone = "Europe/Berlin") => DateTime.fromISO(text, { zone });
const day = { from: at("2027-02-11"), to: at("2027-02-12") };
const clocks = (spans: ReturnType<typeof freeSpans>) =>
  spans.map((s) => `${s.from.toFormat("HH:mm")}-${s.to.toFormat("HH:mm")}`);

describe("common free time", () => {
  test("lies within the working hours of each person's own zone", () => {
    const spans = freeSpans(
      [
        { zone: "Europe/Berlin", busy: [] },
        { zone: "Europe/London", busy: [] },
      ],
      day,
      30,
    );
    expect(clocks(spans)).toEqual(["10:00-17:00"]);
  });

  test("there is none on a weekend, nor where working hours never meet", () => {
    expect(
      freeSpans([{ zone: "Europe/Berlin", busy: [] }], { from: at("2027-02-13"), to: at("2027-02-15") }, 30),
    ).toEqual([]);
    expect(
      freeSpans(
        [
          { zone: "Europe/Berlin", busy: [] },
          { zone: "Pacific/Auckland", busy: [] },
        ],
        day,
        30,
      ),
    ).toEqual([]);
  });

  test("begins on the quarter of an hour", () => {
    const busy = [{ start: at("2027-02-11T09:00"), end: at("2027-02-11T09:40") }];
    expect(clocks(freeSpans([{ zone: "Europe/Berlin", busy }], day, 30))).toEqual(["09:45-17:00"]);
  });

  test("never touches anything busy, whatever the calendars", () => {
    const meeting = fc.record({
      start: fc.integer({ min: 0, max: 5 * 96 }),
      length: fc.integer({ min: 0, max: 40 }),
    });
    const zone = fc.constantFrom("Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata");
    const calendars = fc.array(fc.record({ zone, busy: fc.array(meeting, { maxLength: 12 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(calendars, fc.integer({ min: 5, max: 240 }), (raw, minutes) => {
        const week = { from: at("2027-03-26"), to: at("2027-03-31") };
        const people = raw.map((c) => ({
          zone: c.zone,
          busy: c.busy.map((m) => {
            const start = week.from.plus({ minutes: m.start * 15 });
            return { start, end: start.plus({ minutes: m.length * 15 }) };
          }),
        }));
        for (const span of freeSpans(people, week, minutes)) {
          expect(span.to.diff(span.from, "minutes").minutes).toBeGreaterThanOrEqual(minutes);
          for (const { zone: where, busy } of people) {
            const [from, to] = [span.from.setZone(where), span.to.setZone(where)];
            expect(from.hour).toBeGreaterThanOrEqual(9);
            expect(to.hour * 60 + to.minute).toBeLessThanOrEqual(17 * 60);
            expect(from.weekday).toBeLessThanOrEqual(5);
            for (const b of busy)
              expect(b.end <= b.start || b.end <= span.from || b.start >= span.to).toBe(true);
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe("calendar.findFreeTime", () => {
  const find = (args: object, as = "ben.okafor") => findFreeTimeTool.run(args, demoWorld({ as }).context);

  test("offers nothing that has already passed today", async () => {
    const result = await find({ attendees: ["Ana"], day: "2027-02-10" });
    expect(result).toMatchObject({ status: "succeeded" });
    if (result.status === "succeeded")
      expect((result.data.slots as { start: string }[])[0]?.start).toBe("2027-02-10T10:00:00+01:00");
  });

  test("says so when a whole day is taken, and names the next times", async () => {
    const result = await find({ attendees: ["Grace"], day: "2027-02-15/2027-02-19" });
    expect(result).toMatchObject({
      status: "succeeded",
      summary: expect.stringContaining("The next after that"),
    });
  });

  test("a person from outside is said not to be counted", async () => {
    const result = await find({ attendees: ["Ana", "dana@partner.example"], day: "2027-02-11" });
    expect(result).toMatchObject({
      status: "succeeded",
      summary: expect.stringContaining("I cannot see the calendar of dana@partner.example"),
    });
  });

  test("a day in the past is refused", async () => {
    expect(await find({ day: "2027-02-01" })).toMatchObject({ status: "failed", code: "CAL-410" });
  });

  test("each slot can be named later", async () => {
    const result = await find({ attendees: ["Ana"], durationMinutes: 60, day: "2027-02-11" });
    if (result.status !== "succeeded") throw new Error(result.status);
    expect(result.records[0]).toEqual({
      kind: "calendar.slot",
      id: "2027-02-11T11:30:00+01:00",
      title: "tomorrow, Thu 11 Feb, 11:30–12:30",
    });
  });
});
