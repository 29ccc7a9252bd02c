import { describe, expect, test } from "vitest";
import type { Principal } from "../../../src/types/principal.ts";
import type { CalendarEvent } from "../../../tools/calendar/calendar-event.ts";
import { createEventTool } from "../../../tools/calendar/create-event.ts";
import { demoWorld } from "../demo-world.ts";

const START = "2027-02-11T11:00:00+01:00";

async function book(args: object, as = "ben.okafor", change: Partial<Principal> = {}) {
  const world = demoWorld({ as });
  const context = { ...world.context, principal: { ...world.context.principal, ...change }, key: "k" };
  const preview = await createEventTool.preview?.(args, { ...context, key: "" });
  const result = await createEventTool.run(args, context);
  const stored = await world.records.list<CalendarEvent>("calendar.event");
  return { preview, result, event: stored.find((e) => e.id.length > 20)?.data, world };
}

describe("calendar.createEvent", () => {
  test("people are found by name, title and address, without doubles and without oneself", async () => {
    const { event } = await book({
      start: START,
      attendees: ["Ana", "head of finance", "me", "ana.costa@brightwell.example", "the sales lead"],
    });
    expect(event?.attendees).toEqual(["ana.costa@brightwell.example", "sofia.marin@brightwell.example"]);
  });

  test("a team is invited member by member", async () => {
    const { event } = await book({ start: START, attendees: ["the finance team"] });
    expect(event?.attendees).toHaveLength(3);
  });

  test("guests from outside are counted for policy, and no mail is claimed", async () => {
    const { preview, result } = await book({
      start: START,
      attendees: ["Ana", "dana@partner.example", "Eve <eve@evil.example>"],
    });
    expect(preview).toMatchObject({
      status: "ready",
      context: {
        externalAttendees: 2,
        attendeeDomains: ["brightwell.example", "evil.example", "partner.example"],
        isOrganizer: true,
      },
    });
    expect(result).toMatchObject({ summary: expect.stringContaining("This calendar sends no e-mail") });
  });

  test("a look-alike domain and a subdomain are outside", async () => {
    const { preview } = await book({
      start: START,
      attendees: [
        "ana@brightwell.example.evil.example",
        "ana@mail.brightwell.example",
        "ana@brіghtwell.example",
      ],
    });
    expect(preview).toMatchObject({ context: { externalAttendees: 3 } });
  });

  test("an address of the company that nobody has is not invited", async () => {
    const { result } = await book({ start: START, attendees: ["ceo@brightwell.example"] });
    expect(result).toMatchObject({ status: "failed", code: "DIR-404" });
  });

  test("of two people of one name it asks, with the others kept in the answers", async () => {
    const { result, event } = await book({ start: START, attendees: ["Sofia", "Ben"] }, "ana.costa");
    expect(event).toBeUndefined();
    expect(result).toMatchObject({
      status: "asks",
      arg: "attendees",
      options: [
        { value: ["Sofia", "ben.okafor@brightwell.example"] },
        { value: ["Sofia", "ben.carter@brightwell.example"] },
      ],
    });
  });

  test("a clash is said before and after, and booked all the same", async () => {
    const { preview, result, event } = await book({ start: "2027-02-11T10:00:00+01:00", attendees: ["Ana"] });
    expect(event).toBeDefined();
    expect(preview).toMatchObject({
      changes: expect.arrayContaining([expect.objectContaining({ field: "Clash" })]),
    });
    expect(result).toMatchObject({
      summary: expect.stringContaining("Ana Costa is busy 10:00–11:30 ('Audit kick-off')"),
    });
  });

  test("a clash with a colleague's private event does not tell what it is", async () => {
    const { result } = await book(
      { start: "2027-02-11T08:15:00+01:00", attendees: ["ben.okafor@brightwell.example"] },
      "ana.costa",
    );
    expect(result).toMatchObject({ summary: expect.stringContaining("Ben Okafor is busy 08:00–08:45.") });
    expect(JSON.stringify(result)).not.toMatch(/physio/i);
  });

  test("it lasts 30 minutes, or what was said", async () => {
    expect((await book({ start: START })).event?.end).toBe("2027-02-11T11:30:00+01:00");
    expect((await book({ start: START, durationMinutes: 45 })).event?.end).toBe("2027-02-11T11:45:00+01:00");
    expect((await book({ start: START, end: "12:15" })).event?.end).toBe("2027-02-11T12:15:00+01:00");
  });

  test("a length across the change of the clocks is real time", async () => {
    const { event } = await book({ start: "2027-03-28T01:30:00+01:00", durationMinutes: 60 });
    expect(event?.end).toBe("2027-03-28T03:30:00+02:00");
  });

  test("without a time it asks, and offers times when all are free", async () => {
    const { result } = await book({ attendees: ["Ana"], durationMinutes: 60 });
    if (result.status !== "asks") throw new Error(result.status);
    expect(result.arg).toBe("start");
    expect(result.options.length).toBeGreaterThan(2);
    const { result: booked } = await book({
      attendees: ["Ana"],
      durationMinutes: 60,
      start: String(result.options[0]?.value),
    });
    expect(booked).toMatchObject({ status: "succeeded", data: { clashes: [] } });
  });

  test("of a day alone it asks for the time on that day", async () => {
    const { result } = await book({ start: "2027-02-12", attendees: ["Ana"] });
    expect(result).toMatchObject({ status: "asks", question: "At what time on Fri 12 Feb should it start?" });
    if (result.status === "asks")
      for (const o of result.options) expect(String(o.value)).toContain("2027-02-12T");
  });

  test("days alone book whole days", async () => {
    const { event, result } = await book({ title: "Away", start: "2027-03-27", end: "2027-03-29" });
    expect(event).toMatchObject({
      isAllDay: true,
      start: "2027-03-27T00:00:00+01:00",
      end: "2027-03-30T00:00:00+02:00",
    });
    expect(result).toMatchObject({ summary: expect.stringContaining("Sat 27 Mar to Mon 29 Mar, all day") });
  });

  test.each([
    [{ start: "2027-02-09T10:00:00+01:00" }, "CAL-410"],
    [{ start: "2020-01-01" }, "CAL-410"],
    [{ start: START, end: "2027-02-11T10:00:00+01:00" }, "CAL-422"],
    [{ start: START, end: "10:00" }, "CAL-422"],
    [{ start: START, end: "2027-03-11T10:00:00+01:00" }, "CAL-422"],
    [{ start: "next week" }, "CAL-400"],
    [{ start: "2027-02-30T10:00" }, "CAL-400"],
  ])("%j is refused with %s and nothing is booked", async (args, code) => {
    const { result, event, preview } = await book(args);
    expect(result).toMatchObject({
      status: "failed",
      code,
      message: expect.stringContaining("Nothing was booked"),
    });
    expect(preview).toEqual(result);
    expect(event).toBeUndefined();
  });

  test("a time that has passed today is asked again, not moved silently", async () => {
    expect((await book({ start: "2027-02-10T08:00:00+01:00" })).result).toMatchObject({
      status: "asks",
      arg: "start",
      options: [{ value: "2027-02-11T08:00:00+01:00" }],
    });
  });

  test("a time that the clocks leave out is asked about", async () => {
    expect((await book({ start: "2027-03-28T02:30:00+01:00" })).result).toMatchObject({
      status: "asks",
      options: [{ value: "2027-03-28T03:30:00+02:00" }],
    });
  });

  test("a series on weekdays asked for on a Saturday begins on Monday", async () => {
    const { event } = await book({
      title: "Coffee",
      start: "2027-02-13T09:00:00+01:00",
      repeats: "weekdays",
    });
    expect(event).toMatchObject({
      start: "2027-02-15T09:00:00+01:00",
      recurrence: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    });
  });

  test("the words follow the reader's locale", async () => {
    const { result } = await book({ title: "Sync", start: START }, "ben.okafor", { locale: "en-US" });
    expect(result).toMatchObject({ summary: expect.stringMatching(/11:00\sAM–11:30\sAM/) });
  });

  test("the card names the zone and no relative day", async () => {
    const { preview } = await book({ title: "Sync", start: START });
    expect(preview).toMatchObject({ line: "Book 'Sync': Thu 11 Feb, 11:00–11:30, Berlin time" });
  });

  test("a title of several lines becomes one", async () => {
    expect((await book({ title: "a\n\u0000b", start: START })).event?.title).toBe("a b");
  });
});
