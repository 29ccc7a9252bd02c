import { afterAll } from "vitest";
import type { JsonObject } from "../../../src/types/json.ts";
import { stopExtracting } from "../../../tools/invoice/extract.ts";
import { invoiceTools } from "../../../tools/invoice/tools.ts";
import { testTool } from "../tool-contract.ts";
import { payablesWorld } from "./payables-world.ts";

afterAll(stopExtracting);

const WORDS = [
  "fil-lichtwerk-glas-LG-2026-1180.pdf",
  "fil-tilbury-metals-TM-3309.xml",
  "fil-nothing.pdf",
  "inv-pk-4290",
  "inv-lv-10877",
  "inv-sw-2026-10-5102",
  "PK-4290",
  "LV 10877",
  "the Ljusverk invoice",
  "Verre & Lumière",
  "Papierhaus",
  "Nobody Ltd",
  "open",
  "",
  "<b>*x*</b>",
  "\u0000x\ud800",
  "../../etc/passwd",
];

const CALLS: Record<string, JsonObject> = {
  "invoice.extract": { file: "fil-lichtwerk-glas-LG-2026-1180.pdf" },
  "invoice.book": { file: "fil-tilbury-metals-TM-3309.xml" },
  "invoice.pay": { invoiceName: "PK-4290" },
  "invoice.list": {},
  "invoice.find": { invoiceName: "Ljusverk" },
};

for (const tool of invoiceTools) {
  testTool(tool, { world: () => payablesWorld(), args: CALLS[tool.name] ?? {}, words: WORDS, runs: 40 });
}
