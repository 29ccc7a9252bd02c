import fc from "fast-check";
import { DateTime } from "luxon";
import { expect, it } from "vitest";
import { nextTime } from "../../src/flows/next-time.ts";

const at = (text: string, zone: string) => DateTime.fromISO(text, { zone }).toJSDate();
const iso = (date: Date | null, zone: string) =>
  date && DateTime.fromJSDate(date, { zone }).toISO({ suppressMilliseconds: true });

it("stays at nine in the morning when the clocks change", () => {
  const zone = "Europe/Berlin";
  const daily = { days: [1, 2, 3, 4, 5, 6, 7], time: "09:00" };
  expect(iso(nextTime(daily, zone, at("2027-03-27T10:00", zone)), zone)).toBe("2027-03-28T09:00:00+02:00");
  expect(iso(nextTime(daily, zone, at("2026-10-24T10:00", zone)), zone)).toBe("2026-10-25T09:00:00+01:00");
});

it("comes once where the hour does not exist or exists twice", () => {
  const zone = "Europe/Berlin";
  const daily = { days: [1, 2, 3, 4, 5, 6, 7], time: "02:30" };
  const gap = nextTime(daily, zone, at("2027-03-27T12:00", zone));
  expect(iso(gap, zone)).toBe("2027-03-28T03:30:00+02:00");
  const twice = nextTime(daily, zone, at("2026-10-24T12:00", zone));
  expect(iso(twice, zone)).toBe("2026-10-25T02:30:00+02:00");
  expect(iso(nextTime(daily, zone, twice ?? new Date(0)), zone)).toBe("2026-10-26T02:30:00+01:00");
});

it("finds the next month that has the day", () => {
  expect(iso(nextTime({ monthDay: 31, time: "08:00" }, "UTC", at("2027-01-31T09:00", "UTC")), "UTC")).toBe(
    "2027-03-31T08:00:00Z",
  );
});

it("is always later, and never more than a month and a half away for weekly rules", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("2024-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"),
      (after, days, hour, zone) => {
        const next = nextTime({ days, time: `${hour}:15` }, zone, after);
        expect(next).not.toBeNull();
        const ms = (next?.getTime() ?? 0) - after.getTime();
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThan(9 * 86_400_000);
      },
    ),
  );
});
