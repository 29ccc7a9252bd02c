import { describe, expect, test } from "vitest";
import { listEventsTool } from "../../../tools/calendar/list-events.ts";
import { demoWorld } from "../demo-world.ts";

const list = async (args: object, as = "ben.okafor", now?: Date) => {
  const result = await listEventsTool.run(args, demoWorld({ as, ...(now ? { now } : {}) }).context);
  if (result.status !== "succeeded") throw new Error(JSON.stringify(result));
  return result;
};

describe("calendar.listEvents", () => {
  test("a colleague's private event shows only that the time is taken", async () => {
    const result = await list({ person: "Ana", day: "2027-02-09" });
    const text = JSON.stringify(result);
    expect(text).not.toMatch(/dentist/i);
    const busy = (
      result.data.events as {
        title: string;
        id: string | null;
        attendees: string[];
        location: string | null;
      }[]
    ).find((e) => e.title === "Busy");
    expect(busy).toMatchObject({ id: null, attendees: [], location: null });
    expect(result.records.some((r) => r.title === "Busy")).toBe(false);
  });

  test("nobody finds a private event by looking for its title", async () => {
    const result = await list(
      { person: "Ana", day: "2027-02-11/2027-02-28", eventName: "dentist" },
      "ben.okafor",
      new Date("2027-02-15T08:00:00Z"),
    );
    expect(result.data.events).toEqual([]);
  });

  test("a meeting that is over is found on its day, and not when the next one is asked for", async () => {
    const past = await list({ day: "2027-02-08", eventName: "Globex offer" });
    expect(past.summary).toContain("Prepare Globex offer");
    expect((await list({ eventName: "Globex offer" })).data.events).toEqual([]);
  });

  test("who takes part in a private event sees it", async () => {
    const result = await list({ person: "Helen", day: "2027-02-12" }, "nora.lindqvist");
    expect(result.summary).toContain("Pay review");
  });

  test("one's own private events are shown", async () => {
    expect((await list({ day: "2027-02-11" })).summary).toContain("Physiotherapy");
  });

  test("times stand in the reader's zone", async () => {
    expect((await list({ person: "Sofia", day: "2027-02-10" }, "tom.becker")).summary).toContain(
      "13:00–14:00",
    );
    expect((await list({ day: "2027-02-10" }, "sofia.marin")).summary).toContain("14:00–15:00");
  });

  test("without a day it is today", async () => {
    expect((await list({})).summary).toMatch(/^You have 2 events today, Wed 10 Feb:/);
  });

  test("a free day is said to be free", async () => {
    expect((await list({ day: "2027-02-13" })).summary).toBe("You have nothing planned on Sat 13 Feb.");
  });

  test("more than three events come as a table", async () => {
    expect((await list({ day: "2027-W06" })).summary).toContain("| Day | Time | What | With |");
  });

  test("someone's holiday is seen in their week", async () => {
    expect((await list({ person: "Helen", day: "2027-W08" })).summary).toContain("Holiday");
  });

  test.each([
    [{ day: "soon" }, "CAL-400"],
    [{ from: "2027-02-12", to: "2027-02-10" }, "CAL-422"],
    [{ from: "2027-02-12", to: "2028-02-10" }, "CAL-422"],
    [{ person: "dana@partner.example" }, "DIR-404"],
    [{ person: "Zaphod" }, "DIR-404"],
  ])("%j is answered with %s", async (args, code) => {
    expect(await listEventsTool.run(args, demoWorld().context)).toMatchObject({ status: "failed", code });
  });

  test("an ambiguous name is asked back with answers that work", async () => {
    const { context } = demoWorld({ as: "ana.costa" });
    const asked = await listEventsTool.run({ person: "Ben" }, context);
    if (asked.status !== "asks") throw new Error(asked.status);
    expect(asked.options.map((o) => o.label)).toEqual([
      "Ben Okafor, Account executive",
      "Ben Carter, Product engineer",
    ]);
    expect(await listEventsTool.run({ person: String(asked.options[1]?.value) }, context)).toMatchObject({
      status: "succeeded",
    });
  });
});
