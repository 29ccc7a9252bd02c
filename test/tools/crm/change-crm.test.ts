import { describe, expect, test } from "vitest";
import type { ActionResult } from "../../../src/types/tool.ts";
import type { Deal } from "../../../tools/crm/crm-records.ts";
import { logNoteTool } from "../../../tools/crm/log-note.ts";
import { updateDealTool } from "../../../tools/crm/update-deal.ts";
import { demoWorld } from "../demo-world.ts";

async function update(args: object, as = "ben.okafor") {
  const world = demoWorld({ as });
  const preview = await updateDealTool.preview?.(args, world.context);
  const result: ActionResult = await updateDealTool.run(args, { ...world.context, key: "k" });
  return { world, preview, result };
}

describe("crm.updateDeal", () => {
  test("says before what it does after, with the delta in minor units", async () => {
    const { world, preview, result } = await update({
      dealName: "Renewal 2027",
      account: "Globex",
      amountMinor: 4_800_000,
    });
    expect(preview).toEqual({
      status: "ready",
      line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
      changes: [{ field: "Amount", before: "€38,000", after: "€48,000" }],
      resource: {
        id: "deal-globex-1",
        title: "Renewal 2027 of Globex",
        attributes: { owner: "ben.okafor@brightwell.example", amountMinor: 3_800_000 },
      },
      context: { deltaMinor: 1_000_000, stage: "negotiation", changesStage: false },
      risk: "normal",
      currency: "EUR",
      amountText: "€48,000",
    });
    expect(result).toMatchObject({
      summary: "Changed the deal **Renewal 2027** of Globex: amount from €38,000 to €48,000.",
    });
    expect((await world.records.get<Deal>("crm.deal", "deal-globex-1"))?.data.amountMinor).toBe(4_800_000);
  });

  test.each([
    [{ dealName: "the Globex renewal" }, "deal-globex-1"],
    [{ dealName: "renewal", account: "globex" }, "deal-globex-1"],
    [{ dealName: "Globex workshop deal" }, "deal-globex-2"],
    [{ dealName: "the Globex Logistics deal" }, "deal-globex-logistics-1"],
    [{ account: "Kestrel Aviation" }, "deal-kestrel-aviation-1"],
    [{ dealName: "Meridian Foods deal" }, "deal-meridian-foods-1"],
    [{ deal: "deal-petrel-shipping-1" }, "deal-petrel-shipping-1"],
    [{ deal: "Cold store" }, "deal-meridian-foods-1"],
    [{ dealName: "Ben's Petrel deal" }, "deal-petrel-shipping-1"],
    [{ dealName: "office renewal" }, "deal-norrland-timber-2"],
    [{ account: "Hangar 2" }, "deal-kestrel-aviation-1"],
  ])("%j means %s", async (words, id) => {
    expect((await update({ ...words, amountMinor: 100 })).preview).toMatchObject({ resource: { id } });
  });

  test("a deal that is not clear is asked about, with answers that work", async () => {
    for (const words of [
      { dealName: "Globex deal" },
      { account: "Norrland" },
      { dealName: "renewal" },
      { account: "Harbour" },
      {},
    ]) {
      const { result } = await update({ ...words, stage: "won" });
      if (result.status !== "asks") throw new Error(JSON.stringify(result));
      expect(result.arg).toBe("deal");
      const again = await update({ ...words, stage: "won", deal: String(result.options[0]?.value) });
      expect(again.result).toMatchObject({ status: "succeeded" });
    }
  });

  test("stage and amount together are both told to policy", async () => {
    const { preview } = await update(
      { dealName: "Hangar 2", stage: "won", amountMinor: 900_000 },
      "tom.becker",
    );
    expect(preview).toMatchObject({
      line: "Change the deal 'Hangar 2' of Kestrel Aviation: amount from £11,000 to £9,000, stage from negotiation to won",
      context: { deltaMinor: -200_000, stage: "won", changesStage: true },
    });
  });

  test("a change of 50,000 or more is of high risk and names the amount", async () => {
    expect((await update({ dealName: "Cold store", amountMinor: 16_200_000 })).preview).toMatchObject({
      risk: "high",
      amountText: "€162,000",
    });
  });

  test.each([
    [{ dealName: "Renewal 2027", account: "Globex", amountMinor: 100, currency: "GBP" }, "CRM-422"],
    [{ dealName: "Renewal 2027", account: "Globex", closeOn: "2027-01-01" }, "CRM-422"],
    [{ dealName: "Renewal 2027", account: "Globex", closeOn: "some day" }, "CAL-400"],
    [{ dealName: "Renewal 2027", account: "Globex", amountMinor: 3_800_000 }, "CRM-409"],
    [{ dealName: "Renewal 2027", account: "Globex" }, "CRM-409"],
    [{ dealName: "Moon base" }, "CRM-404"],
    [{ account: "Initech" }, "CRM-404"],
  ])("%j is refused with %s and changes nothing", async (args, code) => {
    const { world, result } = await update(args);
    expect(result).toMatchObject({ status: "failed", code });
    expect(world.records.keys()).toEqual([]);
  });

  test("two changes read from the same state: the second is refused, none is lost", async () => {
    const world = demoWorld();
    const { records } = world.context;
    // The other change lands between this one's reading and its writing.
    let isFirst = true;
    const racing = {
      ...records,
      write: async (key: string, changes: Parameters<typeof records.write>[1]) => {
        if (isFirst) {
          isFirst = false;
          await updateDealTool.run(
            { deal: "deal-globex-1", stage: "won" },
            { ...world.context, key: "other" },
          );
        }
        return records.write(key, changes);
      },
    };
    const result = await updateDealTool.run(
      { deal: "deal-globex-1", amountMinor: 1 },
      { ...world.context, records: racing, key: "k" },
    );
    expect(result).toMatchObject({ status: "failed", code: "REC-409" });
    expect((await records.get<Deal>("crm.deal", "deal-globex-1"))?.data).toMatchObject({
      stage: "won",
      amountMinor: 3_800_000,
    });
  });

  test.each([
    { amountMinor: 1.5 },
    { amountMinor: -1 },
    { amountMinor: 1e15 },
    { stage: "maybe" },
    { currency: "XXX" },
  ])("%j does not fit the schema", (bad) => {
    expect(updateDealTool.schema.safeParse({ deal: "deal-globex-1", ...bad }).success).toBe(false);
  });
});

describe("crm.logNote", () => {
  test("the note is kept word for word, in the name of who asked", async () => {
    const world = demoWorld();
    const body = 'Karin: "warranty *5 years*"\n- second line';
    await logNoteTool.run({ account: "Globex", body }, { ...world.context, key: "k" });
    const notes = await world.records.list<{ body: string; author: string }>("crm.note", {
      account: "acc-globex",
    });
    expect(notes.map((n) => n.data)).toContainEqual(
      expect.objectContaining({ body, author: "ben.okafor@brightwell.example" }),
    );
  });

  test("an empty note is asked for; an unclear account too", async () => {
    const context = { ...demoWorld().context, key: "k" };
    expect(await logNoteTool.run({ account: "Globex", body: "  " }, context)).toMatchObject({
      status: "asks",
      arg: "body",
    });
    expect(await logNoteTool.run({ account: "Harbour", body: "x" }, context)).toMatchObject({
      status: "asks",
      arg: "account",
    });
  });
});
