import { describe, expect, test } from "vitest";
import type { ActionResult } from "../../../src/types/tool.ts";
import { addAttendeeTool } from "../../../tools/calendar/add-attendee.ts";
import type { CalendarEvent } from "../../../tools/calendar/calendar-event.ts";
import { cancelEventTool } from "../../../tools/calendar/cancel-event.ts";
import { moveEventTool } from "../../../tools/calendar/move-event.ts";
import { demoWorld } from "../demo-world.ts";

const done = (result: ActionResult) => {
  if (result.status !== "succeeded") throw new Error(JSON.stringify(result));
  return result;
};
const eventOf = async (world: ReturnType<typeof demoWorld>, title: string) =>
  (await world.records.list<CalendarEvent>("calendar.event")).filter((e) => e.data.title === title);

function setUp(as: string) {
  const world = demoWorld({ as });
  return { world, context: { ...world.context, key: "k" } };
}

describe("calendar.moveEvent", () => {
  test("a time of day alone keeps the day, a date alone keeps the time, and the length stays", async () => {
    const a = setUp("sofia.marin");
    await moveEventTool.run({ eventName: "budget review", start: "16:30" }, a.context);
    expect((await eventOf(a.world, "Budget review"))[0]?.data).toMatchObject({
      start: "2027-02-10T16:30:00+01:00",
      end: "2027-02-10T17:30:00+01:00",
    });
    const b = setUp("sofia.marin");
    await moveEventTool.run({ eventName: "budget review", start: "2027-02-19" }, b.context);
    expect((await eventOf(b.world, "Budget review"))[0]?.data).toMatchObject({
      start: "2027-02-19T14:00:00+01:00",
      end: "2027-02-19T15:00:00+01:00",
    });
  });

  test("the organizer's colleague in another zone moves by their own clock", async () => {
    const { world, context } = setUp("tom.becker");
    await moveEventTool.run({ eventName: "Harbour Hotels", start: "11:00" }, context);
    expect((await eventOf(world, "Harbour Hotels: tender"))[0]?.data.start).toBe("2027-02-12T11:00:00+00:00");
  });

  test("only who called it moves it: policy is told, and the tool holds by itself", async () => {
    const { world, context } = setUp("ana.costa");
    const before = world.records.dump();
    expect(
      await moveEventTool.preview?.({ eventName: "budget review", start: "16:30" }, context),
    ).toMatchObject({
      status: "ready",
      context: { isOrganizer: false },
      resource: { attributes: { owner: "sofia.marin@brightwell.example" } },
    });
    expect(await moveEventTool.run({ eventName: "budget review", start: "16:30" }, context)).toMatchObject({
      status: "failed",
      code: "CAL-403",
    });
    expect(world.records.dump()).toEqual(before);
  });

  test("of a series only the one moves, and undo puts it back into the series", async () => {
    const { world, context } = setUp("sofia.marin");
    const before = await eventOf(world, "Sales stand-up");
    const moved = done(await moveEventTool.run({ eventName: "stand-up", start: "09:30" }, context));
    const after = await eventOf(world, "Sales stand-up");
    expect(after).toHaveLength(2);
    expect(after.find((e) => e.data.recurrence)?.data.exceptions).toEqual(["2027-02-11T08:00:00Z"]);
    expect(after.find((e) => !e.data.recurrence)?.data).toMatchObject({
      start: "2027-02-11T09:30:00+01:00",
      exceptions: [],
    });
    expect(moved.summary).toContain("Only this one of the series");
    done((await moveEventTool.undo?.(moved.undo ?? {}, context)) as ActionResult);
    expect((await eventOf(world, "Sales stand-up")).map((e) => e.data)).toEqual(before.map((e) => e.data));
  });

  test("an event does not clash with itself when it moves by a little", async () => {
    const { context } = setUp("ana.costa");
    const moved = done(await moveEventTool.run({ eventName: "audit kick-off", start: "10:15" }, context));
    expect(moved.data.clashes).toEqual([]);
  });

  test("guests from outside are counted when their meeting moves", async () => {
    const { context } = setUp("ana.costa");
    expect(
      await moveEventTool.preview?.({ eventName: "audit kick-off", start: "13:00" }, context),
    ).toMatchObject({ context: { externalAttendees: 1 } });
  });

  test("a meeting that has begun can be made longer, not moved into the past", async () => {
    const world = demoWorld({ as: "sofia.marin", now: new Date("2027-02-10T13:20:00Z") });
    const context = { ...world.context, key: "k" };
    expect(await moveEventTool.run({ eventName: "budget review", start: "13:00" }, context)).toMatchObject({
      status: "asks",
    });
    expect(
      await moveEventTool.run({ eventName: "budget review", durationMinutes: 90 }, context),
    ).toMatchObject({ status: "succeeded" });
  });

  test("without a new time it asks for one; the same time again is said to be so", async () => {
    const { context } = setUp("sofia.marin");
    expect(await moveEventTool.run({ eventName: "budget review" }, context)).toMatchObject({
      status: "asks",
      arg: "start",
    });
    expect(await moveEventTool.run({ eventName: "budget review", start: "14:00" }, context)).toMatchObject({
      status: "failed",
      code: "CAL-409",
    });
  });

  test("whole days move as whole days", async () => {
    const { world, context } = setUp("helen.shaw");
    done(await moveEventTool.run({ eventName: "holiday", start: "2027-03-01" }, context));
    expect(
      (await eventOf(world, "Holiday")).find((e) => e.data.organizer.startsWith("helen"))?.data,
    ).toMatchObject({
      start: "2027-03-01T00:00:00+00:00",
      end: "2027-03-06T00:00:00+00:00",
      isAllDay: true,
    });
  });
});

describe("calendar.cancelEvent", () => {
  test("of a series the one goes and the rest stays; with scope series all go", async () => {
    const one = setUp("sofia.marin");
    done(await cancelEventTool.run({ eventName: "pipeline review" }, one.context));
    expect((await eventOf(one.world, "Pipeline review"))[0]?.data.exceptions).toHaveLength(1);
    const all = setUp("sofia.marin");
    done(await cancelEventTool.run({ eventName: "pipeline review", scope: "series" }, all.context));
    expect(await eventOf(all.world, "Pipeline review")).toEqual([]);
  });

  test("who was only invited cannot cancel it", async () => {
    const { context } = setUp("ben.okafor");
    expect(await cancelEventTool.run({ eventName: "pipeline review" }, context)).toMatchObject({
      status: "failed",
      code: "CAL-403",
    });
  });

  test("a private event of a colleague is not found, even by its id", async () => {
    const { world, context } = setUp("ben.okafor");
    const [dentist] = await eventOf(world, "Dentist");
    const preview = await cancelEventTool.preview?.({ event: dentist?.id ?? "" }, context);
    expect(preview).toMatchObject({ status: "failed", code: "CAL-404" });
    expect(JSON.stringify(preview)).not.toMatch(/dentist/i);
  });

  test("a cancelled occurrence cannot be named again", async () => {
    const { context } = setUp("sofia.marin");
    const gone = done(await cancelEventTool.run({ eventName: "pipeline review" }, context));
    const again = await cancelEventTool.run({ event: gone.records[0]?.id ?? "" }, { ...context, key: "k2" });
    expect(again).toMatchObject({ status: "failed", code: "CAL-404" });
  });
});

describe("calendar.addAttendee", () => {
  test("policy is told of those who are added, not of those already there", async () => {
    const { context } = setUp("ben.okafor");
    expect(
      await addAttendeeTool.preview?.({ eventName: "Lumen", attendees: ["Sofia Marin"] }, context),
    ).toMatchObject({
      context: { externalAttendees: 0, attendeeDomains: ["brightwell.example"] },
    });
    expect(
      await addAttendeeTool.preview?.({ eventName: "Lumen", attendees: ["x@evil.example"] }, context),
    ).toMatchObject({ context: { externalAttendees: 1 } });
  });

  test("someone already there is not added twice", async () => {
    const { context } = setUp("sofia.marin");
    expect(
      await addAttendeeTool.run({ eventName: "budget review", attendees: ["Ana"] }, context),
    ).toMatchObject({ status: "failed", code: "CAL-409" });
  });

  test("nobody invites others to a meeting that they are not in", async () => {
    const { world, context } = setUp("omar.haddad");
    const [review] = await eventOf(world, "Budget review");
    expect(await addAttendeeTool.run({ event: review?.id ?? "", attendees: ["me"] }, context)).toMatchObject({
      status: "failed",
      code: "CAL-403",
    });
  });

  test("the clash of the one added is said", async () => {
    const { context } = setUp("sofia.marin");
    const added = done(
      await addAttendeeTool.run({ eventName: "budget review", attendees: ["Paul"] }, context),
    );
    expect(added.summary).toContain("Paul Meyer is busy");
  });
});
