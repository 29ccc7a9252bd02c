import { describe, expect, test } from "vitest";
import { findAccountTool } from "../../../tools/crm/find-account.ts";
import { listDealsTool } from "../../../tools/crm/list-deals.ts";
import { demoWorld } from "../demo-world.ts";

const { context } = demoWorld();
const account = (words: string) => findAccountTool.run({ account: words }, context);

describe("crm.findAccount", () => {
  test.each([
    ["Globex", "Globex"],
    ["the Globex account", "Globex"],
    ["globex logistics", "Globex Logistics"],
    ["Northwind", "Northwind Retail"],
    ["lumen and oak", "Lumen & Oak"],
    ["Lumen & Oak", "Lumen & Oak"],
    ["norrland", "Norrland Timber"],
    ["acc-castell-pharma", "Castell Pharma"],
    ["Aldermoor", "Aldermoor Council"],
    ["Karin Vogt", "Globex"],
    ["dana.whitfield@northwind-retail.example", "Northwind Retail"],
    ["Brandt", "Brandt Bikes"],
  ])("'%s' is %s", async (words, name) => {
    expect(await account(words)).toMatchObject({ status: "succeeded", data: { account: { name } } });
  });

  test("a whole name is taken, and the similar one mentioned", async () => {
    expect(await account("Globex")).toMatchObject({
      summary: expect.stringContaining("There is also Globex Logistics."),
    });
  });

  test("a part that two share is asked about, with answers that work", async () => {
    const asked = await account("Harbour");
    if (asked.status !== "asks") throw new Error(asked.status);
    expect(asked.options).toHaveLength(2);
    for (const { value } of asked.options)
      expect(await account(String(value))).toMatchObject({ status: "succeeded" });
  });

  test("a slip of the fingers is asked about; an unknown name is not invented", async () => {
    expect(await account("Meridain Foods")).toMatchObject({
      status: "asks",
      options: [{ value: "acc-meridian-foods" }],
    });
    expect(await account("Initech")).toMatchObject({ status: "failed", code: "CRM-404" });
  });

  test("orders in a note are quoted as a note of its author, on one line, without live links", async () => {
    const found = await account("Globex");
    if (found.status !== "succeeded") throw new Error(found.status);
    const line = found.summary.split("\n").find((l) => l.includes("AI assistant"));
    expect(line).toMatch(/^- 17 Jan 2027, karin\.vogt@globex\.example: ".*"$/);
    expect(findAccountTool.manifest.output["$.notes[*].body"]?.integrity).toBe("external");
  });
});

describe("crm.listDeals", () => {
  const list = async (args: object) => {
    const result = await listDealsTool.run(args, context);
    if (result.status !== "succeeded") throw new Error(JSON.stringify(result));
    return { ...result, titles: (result.data.deals as { title: string }[]).map((d) => d.title) };
  };

  test("one's own open deals, with a total", async () => {
    const mine = await list({ owner: "me" });
    expect(mine.titles).toContain("Renewal 2027");
    expect(mine.titles).not.toContain("Maintenance 2025");
    expect(mine.summary).toMatch(/^You have 8 open deals, €283,800 in all\./);
  });

  test("totals of different currencies are never added up", async () => {
    const all = await list({});
    const totals = all.data.totals as { currency: string; amountMinor: number }[];
    expect(totals.map((t) => t.currency)).toEqual(["EUR", "GBP"]);
  });

  test("those of a colleague, an account and a stage", async () => {
    expect((await list({ owner: "Priya Nair", stage: "negotiation" })).titles).toEqual([
      "Clean room upgrade",
      "Flagship store Leeds",
    ]);
    expect((await list({ account: "Globex", stage: "all" })).titles).toHaveLength(3);
    expect((await list({ account: "Petrel", stage: "lost" })).titles).toEqual(["Crew quarters"]);
  });

  test("an account without open deals shows its closed ones and says so", async () => {
    expect((await list({ account: "Brandt" })).summary).toMatch(
      /^No open deals; there is 1 deal with Brandt Bikes/,
    );
  });

  test("nothing is said as nothing", async () => {
    expect((await list({ owner: "Marek" })).summary).toBe("Marek Novak has no open deals.");
  });
});

describe("somebody at a customer", () => {
  test("is found by their own name, first of all, and remembered as the one spoken of", async () => {
    const found = await account("Karin");
    if (found.status !== "succeeded") throw new Error(found.status);
    expect(found.summary).toMatch(
      /^\*\*Karin Vogt\*\*, Head of purchasing at Globex: karin\.vogt@globex\.example, \+49/,
    );
    expect(found.records.map((r) => r.kind)).toContain("crm.contact");
  });
});

describe("crm.listDeals by size, by closing date and by name", () => {
  const list = async (args: object) => {
    const result = await listDealsTool.run(args, context);
    if (result.status !== "succeeded") throw new Error(result.status);
    return { ...result, titles: (result.data.deals as { title: string }[]).map((d) => d.title) };
  };

  test("the largest stands first, told for each currency, since sums of two are never compared", async () => {
    const { summary, titles } = await list({ order: "largest" });
    expect(titles.slice(0, 2)).toEqual(["Operating theatre lights", "Cold store"]);
    expect(summary).toMatch(
      /^The largest: \*\*Operating theatre lights\*\* .*£.* and \*\*Cold store\*\* .*€/,
    );
    const { titles: small } = await list({ order: "smallest" });
    expect(small[0]).toBe("Showroom series");
  });

  test("those that close in a stretch of time are told as such, never as all", async () => {
    const all = await list({});
    const closings = (all.data.deals as { closeOn: string }[]).map((d) => d.closeOn).sort();
    const [first = "", , third = ""] = closings;
    const { data, summary } = await list({ closesFrom: first, closesTo: third });
    const found = (data.deals as { closeOn: string }[]).map((d) => d.closeOn);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((day) => day >= first && day < third)).toBe(true);
    expect(summary).toContain(" closing from ");
  });

  test.each([{ dealName: "Sawmill hall" }, { account: "Sawmill hall" }])(
    "%j is that one deal",
    async (args) => {
      expect((await list(args)).titles).toEqual(["Sawmill hall"]);
    },
  );

  test("a name that several have is asked about for this look, and nothing is said of changes", async () => {
    const asked = await listDealsTool.run({ dealName: "Globex" }, context);
    expect(asked).toMatchObject({ status: "asks", arg: "dealName" });
    const none = await listDealsTool.run({ dealName: "Zeppelin" }, context);
    expect(none).toMatchObject({
      status: "failed",
      code: "CRM-404",
      message: expect.not.stringContaining("changed"),
    });
  });
});
