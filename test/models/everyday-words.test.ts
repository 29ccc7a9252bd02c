import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { focusRequest } from "../../src/models/planner/focus-request.ts";
import { readNegated } from "../../src/models/planner/negated-request.ts";
import { createOfflinePlanner } from "../../src/models/planner/offline-planner.ts";
import { sayOtherLanguage } from "../../src/models/planner/other-language.ts";
import { findPeople } from "../../src/models/planner/people.ts";
import { plainRequest } from "../../src/models/planner/plain-request.ts";
import { readTimes } from "../../src/models/planner/times.ts";
import { createSpeller } from "../../src/models/spelling.ts";
import { loadTestEncoder } from "./encoder.ts";
import { complete, directory, request, user, whoIs } from "./planner-world.ts";
import { realTools } from "./score-paraphrases.ts";

const planner = createOfflinePlanner({ encoder: loadTestEncoder() });
beforeAll(async () => await planner.warm(realTools), 120_000);
const ask = (text: string) => complete(planner, request([user(text)], { tools: realTools }));

describe("slips of the fingers", () => {
  const { correct, knows } = createSpeller(["how many vacation days do I have tomorrow", "show my deals"]);

  it.each([
    ["hwo mnay vacatoin days do i have", "how many vacation days do i have"],
    ["shwo my dieals tomorow", "show my deals tomorrow"],
  ])("reads %j as it was meant", (said, meant) => expect(correct(said)).toBe(meant));

  it("leaves names, addresses, numbers and words that nothing is near as they are", () => {
    const text = "Shwo vacatoin@deals.example LP-D60 xyzzy 38k";
    expect(correct(text)).toBe(text);
    expect(knows("deal")).toBe(true);
    expect(knows("xyzzy")).toBe(false);
  });

  it("takes any text, and keeps the number of its words", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(correct(text).split(/\s+/).length).toBe(text.split(/\s+/).length);
      }),
    );
  });
});

describe("what is not wanted", () => {
  it.each([
    "no, don't send it",
    "please do not change the Acme deal",
    "dont book it",
    "never pay that",
    "forget about the change",
  ])("%j asks for nothing to be done", async (text) => {
    expect(readNegated(text)).toEqual({ instead: null });
    const done = await ask(text);
    expect(done.calls).toEqual([]);
    expect(done.text).toContain("Nothing was done");
  });

  it.each([
    "don't forget to remind me at 9",
    "don't you think so?",
    "do not hesitate",
    "forget the reminder about the plants",
  ])("%j is no refusal", (text) => expect(readNegated(text)).toBeNull());

  it("does what is asked instead", async () => {
    expect(readNegated("Don't book anything, just tell me when Maya is free")?.instead).toBe(
      "tell me when Maya is free",
    );
    const done = await ask("Don't book anything, just tell me when Maya is free tomorrow");
    expect(done.calls.map((c) => c.tool)).toEqual(["calendar.findFreeTime"]);
  });
});

describe("questions about Steward", () => {
  it.each(["can you pay invoices?", "are you able to book meetings?", "can you list deals"])(
    "%j is answered, and nothing is done",
    async (text) => {
      const done = await ask(text);
      expect(done.calls).toEqual([]);
      expect(done.text).toMatch(/^Yes, I can /);
    },
  );

  it("says no to what no tool does", async () => {
    const done = await ask("can you send emails?");
    expect(done.calls).toEqual([]);
    expect(done.text).toMatch(/^No, I cannot do that/);
  });

  it("takes a question of ability that names something for a request", async () => {
    const done = await ask("can you book a meeting with Maya tomorrow at 10?");
    expect(done.calls.map((c) => c.tool)).toEqual(["calendar.createEvent"]);
  });

  it.each(["are you a real person?", "I want to speak to a human"])(
    "%j is told that it is an assistant",
    async (text) => {
      expect((await ask(text)).text).toContain("an assistant and not a person");
    },
  );

  it("does not claim a deed when asked what it did", async () => {
    expect((await ask("what did you just do?")).text).toBe("I have changed nothing in this conversation.");
  });

  it("says what it cannot do to a kind of thing, instead of doing it to another", async () => {
    const done = await ask("delete the deal Harbour 2");
    expect(done.calls).toEqual([]);
    expect(done.text).toMatch(/^I cannot delete a deal\. Nothing was done\./);
  });
});

describe("other languages", () => {
  it.each([
    "Termin mit Maya morgen um 10",
    "Quelle est la politique de voyage ?",
    "¿Cuántos días de vacaciones tengo?",
    "nein danke",
  ])("%j is told which language is understood", async (text) =>
    expect((await ask(text)).text).toContain("I understand English only for now."),
  );

  it.each([
    "put die cast on the list",
    "ask Jean de la Cruz",
    "El Nino report for Los Angeles",
    "what is on",
    "tell Sofia ciao",
    "",
  ])("%j is English", (text) => expect(sayOtherLanguage(text)).toBeNull());
});

describe("long and polite messages", () => {
  const people = (text: string) => findPeople(text, directory, whoIs("viktor.stein"));

  it("finds the request behind the story, and whom it is about", () => {
    const text =
      "So I was talking to Maya this morning and she said that we should sit down together soon because all of this gets out of hand, anyway, could you put something in for the two of us on Thursday at 9";
    expect(focusRequest(text, people)).toBe("could you put something in for me and Maya on Thursday at 9");
    expect(focusRequest("could you move it to 3", people)).toBe("could you move it to 3");
  });

  it("never cuts what is dictated", () => {
    const text = `log a note on Acme: ${"they said a lot ".repeat(8)}and then asked whether you could please move it`;
    expect(focusRequest(text, people)).toBe(text);
  });

  it.each([
    ["would you mind moving it to 3", "move it to 3"],
    ["whens my next call", "when is my next call"],
    ["I only want to know where the visit is", "where the visit is"],
    ["get rid of it", "delete it"],
    ['note: "whens my call"', 'note: "whens my call"'],
  ])("reads %j as %j", (said, plain) => expect(plainRequest(said, new Set(["move", "delete"]))).toBe(plain));

  it("answers two questions of one message", async () => {
    const done = await ask("how many deals does Maya have and what is on my calendar tomorrow?");
    expect(done.calls.map((c) => c.tool)).toEqual(["crm.listDeals", "calendar.listEvents"]);
  });
});

describe("times", () => {
  const now = new Date("2026-03-16T08:00:00Z");
  const read = (text: string) =>
    readTimes(text, now, "Europe/Vienna").spans.map((s) => [
      s.start.toFormat("dd HH:mm"),
      s.end?.toFormat("HH:mm") ?? null,
      s.hasTime,
    ]);

  it("takes two hours after a day for a stretch, never for one of them", () => {
    expect(read("block tomorrow 2 to 4 for the offer")).toEqual([["17 14:00", "16:00", true]]);
    expect(read("on Friday 9 till 11")).toEqual([["20 09:00", "11:00", true]]);
  });

  it("counts 'in an hour' from now, at night too", () => {
    expect(read("in an hour")).toEqual([["16 10:00", null, true]]);
    const night = readTimes("in 2 hours", new Date("2026-03-16T01:00:00Z"), "Europe/Vienna").spans[0];
    expect(night?.start.toFormat("dd HH:mm")).toBe("16 04:00");
  });
});
