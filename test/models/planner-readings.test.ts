import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAmounts, readNumber } from "../../src/models/planner/amounts.ts";
import { splitClauses } from "../../src/models/planner/clauses.ts";
import { pickOption } from "../../src/models/planner/open-question.ts";
import { findPeople } from "../../src/models/planner/people.ts";
import { readText } from "../../src/models/planner/reading.ts";
import { findReference, pickRecord } from "../../src/models/planner/references.ts";
import { stemOf } from "../../src/models/words.ts";
import { directory, NOW, whoIs } from "./planner-world.ts";

describe("sums of money", () => {
  it.each([
    ["48k", 4_800_000, null],
    ["€48,000", 4_800_000, "EUR"],
    ["48.000 EUR", 4_800_000, "EUR"],
    ["48 000 euros", 4_800_000, "EUR"],
    ["£1,250.50", 125_050, "GBP"],
    ["1.234,56 €", 123_456, "EUR"],
    ["120 thousand", 12_000_000, null],
    ["1.2m", 120_000_000, null],
    ["$2.5 million", 250_000_000, "USD"],
    ["-500 EUR", -50_000, "EUR"],
  ])("reads %s", (text, minor, currency) => {
    expect(findAmounts(`to ${text}`)).toMatchObject([{ minor, currency }]);
  });

  it("takes percentages and 'by 5k' for changes, not for values", () => {
    expect(findAmounts("raise it by 10 %")[0]?.isRelative).toBe(true);
    expect(findAmounts("raise it by 5k")[0]?.isRelative).toBe(true);
    expect(findAmounts("raise it to 5k")[0]?.isRelative).toBe(false);
  });

  it("does not take clock times and dates for sums", () => {
    expect(findAmounts("at 11:30 on 2026-03-04 or 03/04 for 45 minutes")).toEqual([]);
  });

  it("reads back any sum as it is written in English and in German", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_00 }), (cents) => {
        const value = cents / 100;
        const options = { minimumFractionDigits: 2 } as const;
        expect(readNumber(value.toLocaleString("en-GB", options))).toBeCloseTo(value, 2);
        expect(readNumber(value.toLocaleString("de-DE", options))).toBeCloseTo(value, 2);
      }),
    );
  });
});

describe("people in a text", () => {
  const find = (text: string) =>
    findPeople(text, directory, whoIs("viktor.stein"))
      .filter((p) => p.how !== "self")
      .map((p) => [p.text, p.people.map((x) => x.name).join("|") || p.address]);

  const people = (text: string) =>
    findPeople(text, directory, whoIs("viktor.stein"))
      .filter((p) => p.how !== "self")
      .map((p) => [p.text, p.people.map((x) => x.name)] as const);

  it("knows full names, first names and addresses, in any case", () => {
    expect(find("ask carla rossi, Maya's team and oskar.lind@oakfield.example")).toEqual([
      ["carla rossi", "Carla Rossi"],
      ["Maya", "Maya Patel"],
      ["oskar.lind@oakfield.example", "Oskar Lind"],
    ]);
  });

  it("finds both people of one first name and never picks one", () => {
    expect(find("call Ben")).toEqual([["Ben", "Ben Adler|Ben Moreau"]]);
    expect(find("call Ben Adler")).toEqual([["Ben Adler", "Ben Adler"]]);
  });

  it.each([
    ["book Maya Smith tomorrow", "Maya Smith"],
    ["a call with Maya Rossi on Friday", "Maya Rossi"],
    ["when is Greta Patel free", "Greta Patel"],
    ["ask Maya Jean-Luc about it", "Maya Jean-Luc"],
  ])("takes no part of a whole name for somebody else: %j", (text, name) => {
    expect(people(text)).toEqual([[name, []]]);
  });

  it.each([
    ["Ask Maya Monday at 9", ["Maya Patel"]],
    ["tell Maya CRM is down", ["Maya Patel"]],
    ["Ask Patel about it", ["Maya Patel"]],
    ["Maya, Rossi and I", ["Maya Patel", "Carla Rossi"]],
    ["invite Maya Carla and Oskar", ["Maya Patel", "Carla Rossi", "Oskar Lind"]],
    ["call Ms Patel", ["Maya Patel"]],
    ["book maya smith", ["Maya Patel"]],
    ["Book A Meeting With Maya Tomorrow Morning", ["Maya Patel"]],
  ])("still knows who stands alone, beside a day or in a row: %j", (text, names) => {
    expect(people(text).flatMap(([, who]) => who)).toEqual(names);
  });

  it("reads titles as people say them, and the manager", () => {
    expect(find("with the sales lead")).toEqual([["the sales lead", "Carla Rossi"]]);
    expect(find("and our head of finance")).toEqual([["our head of finance", "Lucia Ferrari"]]);
    expect(find("the account executive")).toEqual([["the account executive", "Viktor Stein|Ben Adler"]]);
    expect(find("my manager")).toEqual([["my manager", "Carla Rossi"]]);
  });

  it("keeps an address from outside as it was written", () => {
    expect(find("invite Dana@Client.Example")).toEqual([["Dana@Client.Example", "dana@client.example"]]);
  });

  it("tells June the colleague from June the month", () => {
    expect(find("what is june doing")).toEqual([["june", "June Walker"]]);
    expect(find("in june")).toEqual([]);
    expect(find("30 June")).toEqual([]);
  });

  it("does not take 'the sales' or 'the meeting' for a person", () => {
    expect(find("the sales are good and the meeting was long")).toEqual([]);
  });
});

describe("words that point back", () => {
  it.each([
    ["cancel it", "it"],
    ["the second one please", "ordinal"],
    ["book option 3", "ordinal"],
    ["send them all", "them"],
  ])("sees that '%s' points back", (text, how) => {
    expect(findReference(text)?.how).toBe(how);
  });

  it.each(["note that they agreed", "this week", "on the first of May", "that is on monday"])(
    "does not take '%s' for pointing back",
    (text) => {
      expect(findReference(text)).toBeNull();
    },
  );

  it("never picks one of several for 'it'", () => {
    const shown = ["a", "b"].map((id) => ({ kind: "x", id, title: id }));
    expect(pickRecord({ how: "it", from: 0, to: 2 }, shown)).toBeNull();
    expect(pickRecord({ how: "ordinal", index: 1, from: 0, to: 2 }, shown)?.id).toBe("b");
    expect(pickRecord({ how: "ordinal", index: 7, from: 0, to: 2 }, shown)).toBeNull();
  });
});

describe("choosing an option", () => {
  const options = [
    { label: "Ben Adler (Account executive)", value: "ben.adler@oakfield.example" },
    { label: "Ben Moreau (Network engineer)", value: "ben.moreau@oakfield.example" },
  ];
  it.each([
    ["the account executive", 0],
    ["Adler", 0],
    ["the first", 0],
    ["2", 1],
    ["the second one", 1],
    ["the network guy", 1],
    ["the last one", 1],
    ["ben.moreau@oakfield.example", 1],
  ])("'%s' picks one", (text, index) => {
    expect(pickOption(text, options)).toBe(options[index]);
  });

  it.each(["Ben", "yes", "Carla", "", "12"])("'%s' picks none", (text) => {
    expect(pickOption(text, options)).toBeNull();
  });
});

describe("several requests in one message", () => {
  const verbs = new Set(["log", "book", "pay", "cancel", "look"].map(stemOf));
  const split = (text: string) => splitClauses(text, verbs, stemOf);

  it("splits where another verb begins, and nowhere else", () => {
    expect(split("look up Globex and log a note")).toEqual(["look up Globex", "log a note"]);
    expect(split("look up Lumen and Oak")).toHaveLength(1);
    expect(split("book it and then pay it")).toEqual(["book it", "pay it"]);
  });

  it("never splits what is dictated", () => {
    expect(split("log a note: they came and then cancel everything")).toHaveLength(1);
    expect(split('log "call and book it" for Globex')).toHaveLength(1);
  });
});

describe("any text at all", () => {
  it("is read in bounded time, without a throw", () => {
    const context = { directory, principal: whoIs("viktor.stein"), now: NOW };
    const nasty = [
      "a".repeat(20_000),
      "1,".repeat(10_000),
      "to ".repeat(6_000),
      "the ".repeat(5_000),
      '"'.repeat(20_000),
      "@".repeat(20_000),
      `${"a.".repeat(9_000)}@x`,
      "tomorrow at 3 ".repeat(1_400),
      "ن".repeat(20_000),
      "\u0000\u202e\ud800".repeat(5_000),
      "between 1 and ".repeat(1_500),
    ];
    for (const text of nasty) {
      const start = performance.now();
      readText(text, context);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it("keeps every place it finds inside the text", () => {
    const context = { directory, principal: whoIs("viktor.stein"), now: NOW };
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const reading = readText(text, context);
        for (const s of [...reading.people, ...reading.amounts, ...reading.quotes, ...reading.times.used])
          expect(s.from >= 0 && s.from <= s.to && s.to <= text.length).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
