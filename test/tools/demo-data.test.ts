import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { demoCalendars } from "../../demo/calendars.ts";
import { demoCrm } from "../../demo/crm.ts";
import type { CalendarEvent } from "../../tools/calendar/calendar-event.ts";
import { readRule } from "../../tools/calendar/recurrence.ts";
import type { Contact, Deal } from "../../tools/crm/crm-records.ts";
import { directory, people } from "./demo-world.ts";

/** A Saturday, a Sunday, a Monday, the days of both clock changes, a leap day and the turn of the year. */
const DAYS = [
  "2027-02-13",
  "2027-02-14",
  "2027-02-15",
  "2027-03-28",
  "2027-10-31",
  "2028-02-29",
  "2026-12-31",
];

describe.each(DAYS)("the demo company on %s", (day) => {
  const now = new Date(`${day}T07:30:00Z`);
  const events = demoCalendars(now).map((c) => ({ id: c.id, data: c.data as unknown as CalendarEvent }));

  test("events stand on weekdays, at sane hours, and end after they start", () => {
    for (const { data } of events) {
      const start = DateTime.fromISO(data.start, { zone: data.zone });
      expect(start.isValid && start.weekday <= 5, data.title).toBe(true);
      expect(DateTime.fromISO(data.end) > start, data.title).toBe(true);
      if (!data.isAllDay) expect(start.hour, data.title).toBeGreaterThanOrEqual(8);
      if (data.recurrence) expect(readRule(data.recurrence), data.title).not.toBeNull();
    }
  });

  test("everybody has meetings and something private in the week to come", () => {
    for (const person of people) {
      const own = events.filter(
        (e) => e.data.organizer === person.id || e.data.attendees.includes(person.id),
      );
      expect(own.length, person.name).toBeGreaterThanOrEqual(3);
      if (person.id !== "grace.liu@x")
        expect(
          own.some((e) => e.data.isPrivate),
          person.name,
        ).toBe(true);
    }
  });

  test("no id stands twice and everyone internal is in the directory", () => {
    const changes = [...demoCalendars(now), ...demoCrm(now)];
    expect(new Set(changes.map((c) => `${c.kind}/${c.id}`)).size).toBe(changes.length);
    for (const { data } of events) {
      for (const id of [data.organizer, ...data.attendees]) {
        if (id.endsWith("@brightwell.example")) expect(directory.find(id), id).not.toBeNull();
      }
    }
  });
});

describe("the demo CRM", () => {
  const changes = demoCrm(new Date("2027-02-10T09:00:00Z"));
  const of = <T>(kind: string) => changes.filter((c) => c.kind === kind).map((c) => c.data as unknown as T);

  test("has fifteen accounts, deals of every stage, and owners who sell", () => {
    expect(changes.filter((c) => c.kind === "crm.account")).toHaveLength(15);
    const deals = of<Deal>("crm.deal");
    expect(new Set(deals.map((d) => d.stage)).size).toBe(6);
    for (const deal of deals) expect(directory.find(deal.owner)?.groups).toContain("sales");
  });

  test("gives every contact an address that can be written", () => {
    for (const { email } of of<Contact>("crm.contact")) expect(email).toMatch(/^[a-z.]+@[a-z-]+\.example$/);
  });
});
