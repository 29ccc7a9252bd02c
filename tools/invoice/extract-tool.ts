import { z } from "zod";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { plainText } from "../plain-text.ts";
import { assessRead } from "./assess.ts";
import { extractInvoiceManifest } from "./manifests.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice } from "./payables.ts";
import { bookList, checkList, fieldTable, shownFields } from "./present.ts";
import { readFile } from "./read-file.ts";

const schema = z.strictObject({
  file: z.string().min(1).max(200).describe("Id of the attached file"),
});
type Args = z.infer<typeof schema>;

/** Shows what an attached invoice says, with evidence and checks, and what the books say of it. Reads only. */
export const extractInvoiceTool: Tool<Args> = {
  name: extractInvoiceManifest.name,
  manifest: extractInvoiceManifest,
  schema,
  run,
};

async function run(args: Args, context: ToolContext): Promise<ActionResult> {
  const opened = await readFile(args.file, context);
  if (opened.status === "failed") return opened;
  const { read, file } = opened;
  const { locale } = context.principal;
  const assessment = await assessRead(read, context);
  const booked = await context.records.get<Invoice>(INVOICE, assessment.id);
  const { gross, currency, dueDate, sellerName, number } = read.fields;
  const what = read.documentType === "credit-note" ? "Credit note" : "Invoice";
  const headline = [
    `${what} ${number ? plainText(number.value, 60) : "without a number"}`,
    sellerName ? `from ${plainText(sellerName.value, 80)}` : "",
    gross && currency ? `over ${formatMoney(gross.value, currency.value, locale)}` : "",
    dueDate ? `due ${dueDate.value}` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
  return {
    status: "succeeded",
    summary: [
      `${headline}.`,
      fieldTable(read, locale),
      checkList(read.checks),
      bookList(assessment),
      "All of this is what the file says; nothing was booked or paid.",
    ].join("\n\n"),
    data: {
      file: file.id,
      kind: read.kind,
      documentType: read.documentType,
      needsPerson: read.needsPerson,
      fields: shownFields(read, locale),
      checks: read.checks,
      vendor: assessment.vendor?.record.id ?? null,
      vendorName: assessment.vendor?.record.data.name ?? null,
      order: assessment.order.record?.id ?? null,
      orderNumber: assessment.order.record?.data.number ?? null,
      isBooked: booked !== null,
    },
    records: [
      { kind: "file", id: file.id, title: file.name },
      ...(booked ? [{ kind: INVOICE, id: booked.id, title: `Invoice ${booked.data.number}` }] : []),
    ],
  };
}
