import { z } from "zod";
import type { FileRef } from "../../src/types/file-ref.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { ActionResult, Change, Preview, Tool, ToolContext } from "../../src/types/tool.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { findReceipt, type Step, undoOnce, writeOnce } from "../write-once.ts";
import { type Assessment, assessRead, policyAttributes, whyNotBookable } from "./assess.ts";
import type { ReadInvoice } from "./extraction.ts";
import { bookInvoiceManifest } from "./manifests.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice, ORDER } from "./payables.ts";
import { bookList, checkList } from "./present.ts";
import { readFile } from "./read-file.ts";
import { invoiceData, invoiceRef } from "./show-invoice.ts";

const schema = z.strictObject({
  file: z.string().min(1).max(200).describe("Id of the attached file"),
});
type Args = z.infer<typeof schema>;

/** Books an invoice from a file; the same invoice cannot be booked twice. */
export const bookInvoiceTool: Tool<Args> = {
  name: bookInvoiceManifest.name,
  manifest: bookInvoiceManifest,
  schema,
  run,
  preview,
  reconcile: async (_args, context) => findReceipt(context),
  undo,
};

type Bookable = {
  readonly status: "bookable";
  readonly read: ReadInvoice;
  readonly file: FileRef;
  readonly assessment: Assessment;
  readonly invoice: Invoice;
};

async function run(args: Args, context: ToolContext): Promise<ActionResult> {
  const done = await findReceipt(context);
  if (done) return done;
  const bookable = await prepare(args, context);
  if (bookable.status === "failed") return bookable;
  const { assessment, invoice, read, file } = bookable;
  if (assessment.duplicate) return alreadyBooked(assessment.duplicate.data);
  const steps: Step[] = [
    { kind: INVOICE, id: assessment.id, before: null, after: invoice as unknown as JsonObject },
  ];
  const order = assessment.order.record;
  if (order) {
    const before = { version: order.version, data: order.data as unknown as JsonObject };
    const after = { ...before.data, status: "billed", invoice: assessment.id };
    steps.push({ kind: ORDER, id: order.id, before, after });
  }
  const stored = { id: assessment.id, version: 1, data: invoice };
  return writeOnce(context, steps, {
    summary: [
      `Booked ${plainText(title(invoice, context))}.`,
      bookList({ ...assessment, duplicate: null }),
      checkList(read.checks),
      "It has not been paid.",
    ].join("\n\n"),
    data: {
      invoice: invoiceData(stored, assessment.vendor?.record.data ?? null, order?.data ?? null),
      orderWhy: assessment.order.why,
      checks: read.checks,
    },
    records: [invoiceRef(stored), { kind: "file", id: file.id, title: file.name }],
  });
}

async function preview(args: Args, context: ToolContext): Promise<Preview> {
  const bookable = await prepare(args, context);
  if (bookable.status === "failed") return bookable;
  const { assessment, invoice, read } = bookable;
  const { vendor, order } = assessment;
  const changes: Change[] = [
    change("Vendor", vendor ? vendor.record.data.name : `${oneLine(invoice.sellerName)} (not in the books)`),
    change("Number", oneLine(invoice.number)),
    change("Amount", money(invoice, context)),
    ...(invoice.dueDate ? [change("Due", invoice.dueDate)] : []),
    change("Purchase order", order.record ? order.record.data.number : `none: ${oneLine(order.why)}`),
    ...(vendor && !assessment.ibanMatches
      ? [
          {
            field: "Account",
            before: vendor.record.data.iban,
            after: `${invoice.accounts.join(", ")} on the invoice, unknown to us`,
          },
        ]
      : []),
    ...read.checks.filter((check) => !check.ok).map((check) => change("Check failed", oneLine(check.text))),
  ];
  return {
    status: "ready",
    line: `Book ${title(invoice, context)}${order.record || invoice.isCreditNote ? "" : " (no purchase order matches it, and paying needs one)"}`,
    changes,
    resource: {
      id: assessment.id,
      title: `Invoice ${oneLine(invoice.number)}`,
      attributes: policyAttributes(assessment, invoice.grossMinor),
    },
    context: {},
    risk: "normal",
    amountText: money(invoice, context),
  };
}

async function undo(done: JsonObject, context: ToolContext): Promise<ActionResult> {
  const steps = (done.steps ?? []) as readonly { readonly kind: string; readonly id: string }[];
  const id = steps.find((step) => step.kind === INVOICE)?.id ?? "";
  const stored = await context.records.get<Invoice>(INVOICE, id);
  if (stored?.data.status === "paid") {
    return {
      status: "failed",
      code: "INV-409",
      message: `Invoice ${plainText(stored.data.number, 60)} has been paid, so its booking stays. Ask finance for a correction.`,
    };
  }
  const name = stored ? `invoice ${plainText(stored.data.number, 60)}` : "the invoice";
  return undoOnce(done, context, `Took ${name} out of the books again.`);
}

type Failed = Extract<ActionResult, { status: "failed" }>;

async function prepare(args: Args, context: ToolContext): Promise<Bookable | Failed> {
  const opened = await readFile(args.file, context);
  if (opened.status === "failed") return opened;
  const { read, file } = opened;
  const why = whyNotBookable(read);
  if (why) {
    return {
      status: "failed",
      code: "INV-427",
      message: `"${plainText(file.name, 80)}" cannot be booked. ${why} Nothing was booked; a person must type it in.`,
    };
  }
  const assessment = await assessRead(read, context);
  return { status: "bookable", read, file, assessment, invoice: toInvoice(read, file, assessment, context) };
}

/** The record of a readable invoice; only for one that `whyNotBookable` let pass. */
export function toInvoice(
  read: ReadInvoice,
  file: FileRef,
  assessment: Assessment,
  context: ToolContext,
): Invoice {
  const { fields } = read;
  const gross = fields.gross?.value ?? 0;
  const payable = fields.payable?.value ?? gross;
  return {
    number: fields.number?.value ?? "",
    vendor: assessment.vendor?.record.id ?? null,
    sellerName: fields.sellerName?.value ?? "",
    issueDate: fields.issueDate?.value ?? null,
    dueDate: fields.dueDate?.value ?? null,
    currency: fields.currency?.value ?? "",
    netMinor: fields.net?.value ?? null,
    taxMinor: fields.tax?.value ?? null,
    grossMinor: gross,
    openMinor: Math.min(payable, gross),
    isCreditNote: read.documentType === "credit-note" || gross < 0,
    accounts: read.accounts,
    orderReference: fields.orderReference?.value ?? null,
    order: assessment.order.record?.id ?? null,
    status: "booked",
    file: file.id,
    bookedBy: context.principal.id,
    bookedAt: context.now.toISOString(),
    paidAt: null,
  };
}

function title(invoice: Invoice, context: ToolContext): string {
  const what = invoice.isCreditNote ? "credit note" : "invoice";
  const seller = oneLine(invoice.sellerName).slice(0, 80);
  return `${what} ${oneLine(invoice.number).slice(0, 60)} of ${seller} over ${money(invoice, context)}`;
}

function money(invoice: Invoice, context: ToolContext): string {
  return formatMoney(invoice.grossMinor, invoice.currency, context.principal.locale);
}

function change(field: string, after: string): Change {
  return { field, before: null, after: after.slice(0, 300) };
}

function alreadyBooked(invoice: Invoice): Failed {
  const state = invoice.status === "paid" ? "and paid " : "";
  return {
    status: "failed",
    code: "INV-409",
    message: `Invoice ${plainText(invoice.number, 60)} was booked ${state}before, on ${invoice.bookedAt.slice(0, 10)}. Nothing was booked again.`,
  };
}
