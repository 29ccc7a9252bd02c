import { describe, expect, test } from "vitest";
import { findPeopleTool } from "../../../tools/people/find-people.ts";
import { findPeopleManifest } from "../../../tools/people/manifests.ts";
import { demoWorld } from "../demo-world.ts";

async function namesFor(args: object, as = "ben.okafor"): Promise<string[]> {
  const result = await findPeopleTool.run(args, demoWorld({ as }).context);
  return result.status === "succeeded"
    ? (result.data.people as { name: string }[]).map((p) => p.name)
    : [result.status];
}

describe("people.find", () => {
  test.each([
    ["Who is Sofia Marin?", ["Sofia Marin"]],
    ["who is the head of sales", ["Sofia Marin"]],
    ["who's in charge of finance?", ["Ana Costa"]],
    ["who runs HR", ["Helen Shaw"]],
    ["who works in finance", ["Ana Costa", "Marek Novak", "Julia Weiss"]],
    ["list everyone in operations please", ["Paul Meyer", "Grace Liu"]],
    ["which people are in the IT team", ["Lena Fischer"]],
    ["Who is Ben Okafor's manager?", ["Sofia Marin"]],
    ["who does Priya report to?", ["Tom Becker"]],
    ["who manages Marek", ["Ana Costa"]],
    ["who reports to Ana Costa", ["Marek Novak", "Julia Weiss"]],
    ["who is my boss", ["Sofia Marin"]],
    ["what's Marek's e-mail address", ["Marek Novak"]],
    ["what is the e-mail of Julia Weiss?", ["Julia Weiss"]],
    ["how do I reach Lena Fischer", ["Lena Fischer"]],
    ["which time zone is Helen in", ["Helen Shaw"]],
    ["who is ben", ["Ben Okafor", "Ben Carter"]],
    ["who are the sales managers", ["Sofia Marin", "Tom Becker"]],
    ["who is the accountant", ["Marek Novak"]],
    ["who does Nora manage", ["Sofia Marin", "Ana Costa", "Helen Shaw", "Paul Meyer"]],
  ])("'%s'", async (query, names) => {
    expect(await namesFor({ query })).toEqual(names);
  });

  test.each(["who is Tom Smith?", "Who is Tom Fischer?"])(
    "'%s' is nobody, and whom it may mean is only named as near",
    async (query) => {
      const result = await findPeopleTool.run({ query }, demoWorld({ as: "ben.okafor" }).context);
      expect(result).toMatchObject({ status: "failed", code: "DIR-404" });
      expect(result.status === "failed" && result.message).toMatch(/nobody called 'Tom \w+'.*Tom Becker/);
    },
  );

  test("takes the parts apart when they are given", async () => {
    expect(await namesFor({ person: "Priya", relation: "manager" })).toEqual(["Tom Becker"]);
    expect(await namesFor({ person: "me", relation: "reports" }, "tom.becker")).toEqual(["Priya Nair"]);
    expect(await namesFor({})).toEqual(["Ben Okafor"]);
  });

  test("who has no manager and who has no reports is said", async () => {
    const { context } = demoWorld();
    expect(await findPeopleTool.run({ person: "Nora", relation: "manager" }, context)).toMatchObject({
      summary: "Nora Lindqvist has no manager in the directory.",
    });
    expect(await findPeopleTool.run({ person: "Marek", relation: "reports" }, context)).toMatchObject({
      summary: "Nobody reports to Marek Novak.",
    });
  });

  test("nobody is invented", async () => {
    for (const query of ["who is Zaphod", "who works in astrology", "dana@partner.example", "???"]) {
      expect(await findPeopleTool.run({ query }, demoWorld().context)).toMatchObject({
        status: "failed",
        code: "DIR-404",
      });
    }
  });

  test("answers every one of its own examples", async () => {
    for (const query of findPeopleManifest.examples) {
      expect(await findPeopleTool.run({ query }, demoWorld().context), query).toMatchObject({
        status: "succeeded",
      });
    }
  });
});

test("a name that is only nearly somebody's is never answered as if it were theirs", async () => {
  const result = await findPeopleTool.run({ query: "what is Karin's phone number" }, demoWorld().context);
  expect(result).toMatchObject({ status: "failed", code: "DIR-404" });
  if (result.status === "failed") expect(result.message).toContain("The nearest name: **Sofia Marin**");
});
