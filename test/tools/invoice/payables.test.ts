import { afterAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/types/json.ts";
import type { ActionResult, Preview, ToolContext } from "../../../src/types/tool.ts";
import { stopExtracting } from "../../../tools/invoice/extract.ts";
import { ORDER, PAYMENT, type Payment, type PurchaseOrder } from "../../../tools/invoice/payables.ts";
import { invoiceTools } from "../../../tools/invoice/tools.ts";
import { payablesWorld, sample } from "./payables-world.ts";

afterAll(stopExtracting);

const LICHTWERK = "fil-lichtwerk-glas-LG-2026-1180.pdf";
const tool = (name: string) => {
  const found = invoiceTools.find((one) => one.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};
const run = (name: string, args: JsonObject, context: ToolContext, key = "k1") =>
  tool(name).run(args, { ...context, key });
const preview = async (name: string, args: JsonObject, context: ToolContext): Promise<Preview> => {
  const answer = await tool(name).preview?.(args, context);
  if (!answer) throw new Error(`no preview of ${name}`);
  return answer;
};
const ready = (answer: Preview) => {
  if (answer.status !== "ready") throw new Error(JSON.stringify(answer));
  return answer;
};
const succeeded = (result: ActionResult) => {
  if (result.status !== "succeeded") throw new Error(JSON.stringify(result));
  return result;
};
const failed = (result: ActionResult | Preview) => {
  if (result.status !== "failed") throw new Error(JSON.stringify(result));
  return result;
};

describe("what policy is told of an invoice", () => {
  const cases: readonly (readonly [file: string, attributes: JsonObject])[] = [
    [
      LICHTWERK,
      { poMatched: true, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 499_800 },
    ],
    [
      "fil-lampada-2026-0417.pdf",
      { poMatched: true, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 294_000 },
    ],
    [
      "fil-tilbury-metals-TM-3309.xml",
      { poMatched: true, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 1_530_000 },
    ],
    [
      "fil-verre-et-lumiere-F2026-218.xml",
      { poMatched: true, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 528_000 },
    ],
    [
      "fil-stadtwerke-spree-SW-2026-11-5521.pdf",
      { poMatched: false, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 147_548 },
    ],
    [
      "fil-nordkabel-NK-88213.pdf",
      { poMatched: false, vendorKnown: true, ibanMatches: true, isDuplicate: false, grossMinor: 861_560 },
    ],
    [
      "fil-thames-couriers-TC-20417.pdf",
      { poMatched: true, vendorKnown: true, ibanMatches: false, isDuplicate: false, grossMinor: 103_800 },
    ],
    [
      "fil-papierhaus-krone-PK-4471.pdf",
      { poMatched: true, vendorKnown: true, ibanMatches: false, isDuplicate: false, grossMinor: 37_176 },
    ],
  ];
  for (const [file, attributes] of cases) {
    test(`of ${file.slice(4)}, by booking and by paying alike`, async () => {
      const { context } = payablesWorld();
      expect(ready(await preview("invoice.book", { file }, context)).resource.attributes).toEqual(attributes);
      expect(ready(await preview("invoice.pay", { file }, context)).resource.attributes).toEqual(attributes);
    });
  }

  test("an invoice over its order says by how much, and still shows on the card", async () => {
    const { context } = payablesWorld();
    const card = ready(await preview("invoice.book", { file: "fil-nordkabel-NK-88213.pdf" }, context));
    expect(card.changes.find((one) => one.field === "Purchase order")?.after).toContain("€6,480.00 net");
  });

  test("an order of another vendor is never matched", async () => {
    const text = Buffer.from(sample("tilbury-metals-TM-3309.xml") ?? []).toString();
    const other = new TextEncoder().encode(text.replaceAll("PO-2026-0366", "PO-2026-0372"));
    const { context } = payablesWorld({ files: { "fil-x.xml": other } });
    const card = ready(await preview("invoice.book", { file: "fil-x.xml" }, context));
    expect(card.resource.attributes.poMatched).toBe(false);
  });

  test("a tampered sum is never matched, though net and order agree", async () => {
    const text = Buffer.from(sample("tilbury-metals-TM-3309.xml") ?? []).toString();
    const tampered = text.replaceAll("15300.00", "95300.00");
    const { context } = payablesWorld({ files: { "fil-x.xml": new TextEncoder().encode(tampered) } });
    const card = ready(await preview("invoice.book", { file: "fil-x.xml" }, context));
    expect(card.resource.attributes.poMatched).toBe(false);
    expect(card.changes.some((one) => one.field === "Check failed")).toBe(true);
  });
});

describe("booking", () => {
  test("marks the order as billed, and undoing opens it again", async () => {
    const { context, records } = payablesWorld();
    const before = await records.get<PurchaseOrder>(ORDER, "po-2026-0381");
    const done = succeeded(await run("invoice.book", { file: LICHTWERK }, context));
    expect((await records.get<PurchaseOrder>(ORDER, "po-2026-0381"))?.data.status).toBe("billed");
    succeeded(
      (await tool("invoice.book").undo?.(done.undo ?? {}, { ...context, key: "k1" })) as ActionResult,
    );
    expect((await records.get<PurchaseOrder>(ORDER, "po-2026-0381"))?.data).toEqual(before?.data);
  });

  test("refuses the same invoice a second time, from another copy of the file too", async () => {
    const copy = sample("lichtwerk-glas-LG-2026-1180.pdf") ?? new Uint8Array();
    const { context } = payablesWorld({ files: { "fil-copy.pdf": copy } });
    succeeded(await run("invoice.book", { file: LICHTWERK }, context));
    expect(
      ready(await preview("invoice.book", { file: "fil-copy.pdf" }, context)).resource.attributes.isDuplicate,
    ).toBe(true);
    expect(failed(await run("invoice.book", { file: "fil-copy.pdf" }, context, "k2")).code).toBe("INV-409");
  });

  test("two bookings at once write one", async () => {
    const { context, records } = payablesWorld();
    const results = await Promise.all([
      run("invoice.book", { file: LICHTWERK }, context, "a"),
      run("invoice.book", { file: LICHTWERK }, context, "b"),
    ]);
    expect(results.map((one) => one.status).sort()).toEqual(["failed", "succeeded"]);
    expect((await records.list("invoice", { number: "LG-2026-1180" })).length).toBe(1);
  });

  test("sees a duplicate behind other punctuation", async () => {
    const text = Buffer.from(sample("tilbury-metals-TM-3309.xml") ?? []).toString();
    const again = new TextEncoder().encode(text.replaceAll("TM-3309", "TM 3309"));
    const { context } = payablesWorld({ files: { "fil-again.xml": again } });
    succeeded(await run("invoice.book", { file: "fil-tilbury-metals-TM-3309.xml" }, context));
    expect(
      ready(await preview("invoice.book", { file: "fil-again.xml" }, context)).resource.attributes
        .isDuplicate,
    ).toBe(true);
  });

  test("a file of somebody else does not exist", async () => {
    const { context } = payablesWorld();
    const other = { ...context, principal: { ...context.principal, id: "tom.becker@brightwell.example" } };
    expect(failed(await run("invoice.book", { file: LICHTWERK }, other)).code).toBe("INV-404");
  });
});

describe("paying", () => {
  test("needs the booking first, and says so", async () => {
    const { context, records } = payablesWorld();
    const answer = failed(await run("invoice.pay", { file: LICHTWERK }, context));
    expect(answer.code).toBe("INV-409");
    expect(answer.message).toContain("not booked yet");
    expect(records.keys()).toEqual([]);
  });

  test("goes to the account in the books, never to the one on the invoice", async () => {
    const { context, records } = payablesWorld();
    const file = "fil-thames-couriers-TC-20417.pdf";
    succeeded(await run("invoice.book", { file }, context));
    const card = ready(await preview("invoice.pay", { file }, context));
    expect(card.line).toContain("GB84BARC20325348217706");
    expect(card.line).not.toContain("LT637300010117248836");
    succeeded(await run("invoice.pay", { file }, context, "k2"));
    const [payment] = await records.list<Payment>(PAYMENT, { reference: "TC-20417" });
    expect(payment?.data.iban).toBe("GB84BARC20325348217706");
    expect(payment?.data.amountMinor).toBe(103_800);
  });

  test("orders in an invoice change neither amount nor account", async () => {
    const { context } = payablesWorld();
    const file = "fil-papierhaus-krone-PK-4471.pdf";
    const read = succeeded(await run("invoice.extract", { file }, context));
    expect(read.summary).toContain("gives orders, which nobody follows");
    const card = ready(await preview("invoice.pay", { file }, context));
    expect(card.amountText).toBe("€371.76");
    expect(card.line).toContain("DE34120300000017203344");
    expect(card.resource.attributes.ibanMatches).toBe(false);
  });

  test("happens once, whoever asks again", async () => {
    const { context, records } = payablesWorld();
    succeeded(await run("invoice.book", { file: LICHTWERK }, context));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => run("invoice.pay", { file: LICHTWERK }, context, `p${i}`)),
    );
    expect(results.filter((one) => one.status === "succeeded").length).toBe(1);
    expect((await records.list(PAYMENT, { reference: "LG-2026-1180" })).length).toBe(1);
    expect(failed(await preview("invoice.pay", { file: LICHTWERK }, context)).message).toContain(
      "paid before",
    );
  });

  test("says before that it cannot be undone, and hands nothing back to undo", async () => {
    const { context } = payablesWorld();
    const card = ready(await preview("invoice.pay", { invoiceName: "PK-4290" }, context));
    expect(JSON.stringify(card.changes)).toContain("cannot be undone");
    expect(card.risk).toBe("high");
    expect(succeeded(await run("invoice.pay", { invoiceName: "PK-4290" }, context)).undo).toBeUndefined();
  });

  test("a booking that was paid cannot be undone any more", async () => {
    const { context } = payablesWorld();
    const done = succeeded(await run("invoice.book", { file: LICHTWERK }, context));
    succeeded(await run("invoice.pay", { file: LICHTWERK }, context, "k2"));
    const answer = (await tool("invoice.book").undo?.(done.undo ?? {}, {
      ...context,
      key: "k1",
    })) as ActionResult;
    expect(failed(answer).message).toContain("has been paid");
  });

  test("without a name it asks which of the open ones is meant", async () => {
    const { context } = payablesWorld();
    const answer = await preview("invoice.pay", {}, context);
    if (answer.status !== "asks") throw new Error(JSON.stringify(answer));
    expect(answer.options.length).toBe(2);
  });

  test("a booked invoice without an order stays unmatched for policy", async () => {
    const { context } = payablesWorld();
    const file = "fil-stadtwerke-spree-SW-2026-11-5521.pdf";
    succeeded(await run("invoice.book", { file }, context));
    const card = ready(await preview("invoice.pay", { invoiceName: "Stadtwerke Spree" }, context));
    expect(card.resource.attributes.poMatched).toBe(false);
  });
});

describe("asking", () => {
  test("lists what is open and what is overdue, with the sum still to pay", async () => {
    const { context } = payablesWorld();
    const open = succeeded(await run("invoice.list", {}, context));
    expect(open.data.totals).toEqual([{ currency: "EUR", openMinor: 498_000 + 88_655 }]);
    const overdue = succeeded(await run("invoice.list", { status: "overdue" }, context));
    expect(overdue.records.map((one) => one.id)).toEqual(["inv-pk-4290"]);
  });

  test("finds an invoice by number or by vendor, and says its state", async () => {
    const { context } = payablesWorld();
    expect(
      succeeded(await run("invoice.find", { invoiceName: "invoice LV-10877" }, context)).summary,
    ).toContain("not paid");
    expect(
      succeeded(await run("invoice.find", { invoiceName: "Verre et Lumiere" }, context)).summary,
    ).toContain("was paid");
    expect(failed(await run("invoice.find", { invoiceName: "Globex" }, context)).code).toBe("INV-404");
  });
});
