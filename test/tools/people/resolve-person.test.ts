import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInternal, resolvePerson } from "../../../tools/people/resolve-person.ts";
import { directory, people } from "../demo-world.ts";

const ben = people.find((p) => p.id.startsWith("ben.okafor"));
if (!ben) throw new Error("no Ben");
const resolve = (words: string, as = ben) => resolvePerson(words, directory, as);
const idOf = (words: string) => {
  const match = resolve(words);
  return match.kind === "one" ? match.person.id.replace("@brightwell.example", "") : match.kind;
};
const idsOf = (words: string) => {
  const match = resolve(words);
  return "people" in match ? match.people.map((p) => p.id.replace("@brightwell.example", "")) : [];
};

describe("who is meant", () => {
  test.each([
    ["Ana", "ana.costa"],
    ["ana costa", "ana.costa"],
    ["Costa", "ana.costa"],
    ["Sofía Marín", "sofia.marin"],
    ["ANA.COSTA@brightwell.example", "ana.costa"],
    ["Ana Costa <ana.costa@brightwell.example>", "ana.costa"],
    ["Ben O.", "ben.okafor"],
    ["Ben Carter", "ben.carter"],
    ["Ben from engineering", "ben.carter"],
    ["Ben in sales", "ben.okafor"],
    ["Ben from London", "ben.carter"],
    ["me", "ben.okafor"],
    ["myself", "ben.okafor"],
    ["my manager", "sofia.marin"],
    ["my boss", "sofia.marin"],
    ["Priya's manager", "tom.becker"],
    ["Marek’s boss", "ana.costa"],
    ["head of sales", "sofia.marin"],
    ["the head of sales", "sofia.marin"],
    ["sales lead", "sofia.marin"],
    ["sales director", "sofia.marin"],
    ["Head of HR", "helen.shaw"],
    ["the CEO", "nora.lindqvist"],
    ["CFO", "ana.costa"],
    ["our accountant", "marek.novak"],
    ["the office manager", "grace.liu"],
    ["IT admin", "lena.fischer"],
    ["accounts payable", "julia.weiss"],
    ["UK sales manager", "tom.becker"],
    ["dana@partner.example", "dana@partner.example"],
  ])("'%s' is %s", (words, id) => expect(idOf(words)).toBe(id));

  test("a name that two have is never guessed", () => {
    expect(idsOf("Ben")).toEqual(["ben.okafor", "ben.carter"]);
    expect(idsOf("product engineer")).toEqual(["omar.haddad", "ben.carter"]);
    expect(idsOf("a sales manager")).toEqual(["sofia.marin", "tom.becker"]);
    expect(resolve("Ben's manager").kind).toBe("several");
  });

  test("a slip of the fingers is offered, not taken", () => {
    for (const words of ["Soifa", "Lindquist", "Marek Nowak", "Sof"]) {
      expect(resolve(words)).toMatchObject({ kind: "several", isGuess: true });
    }
  });

  test("a team is its members, without the one who asks", () => {
    expect(idsOf("the finance team")).toEqual(["ana.costa", "marek.novak", "julia.weiss"]);
    expect(idsOf("everyone in HR")).toEqual(["helen.shaw", "david.kim"]);
    expect(idsOf("sales team")).toEqual(["sofia.marin", "tom.becker", "priya.nair"]);
    expect(idsOf("everybody")).toHaveLength(people.length - 1);
  });

  test.each([
    "Zaphod",
    "",
    "  ",
    "...",
    "@",
    "a@b",
    "x".repeat(5000),
    "nobody@brightwell.example",
    "my",
    "the team",
  ])("'%s' is nobody", (words) => expect(resolve(words.slice(0, 5000)).kind).toBe("none"));

  test("no text throws, and none but a listed address is ever internal", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.emailAddress()), (words) => {
        const match = resolve(words);
        if (match.kind === "one" && !match.person.isExternal)
          expect(directory.find(match.person.id)).not.toBeNull();
        if (match.kind === "one" && match.person.isExternal)
          expect(isInternal(match.person.id, directory)).toBe(false);
      }),
    );
  });
});
