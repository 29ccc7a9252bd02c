import { z } from "zod";
import type { JsonObject } from "../../src/types/json.ts";
import type { StoredRecord } from "../../src/types/record.ts";
import type { ActionResult, Preview, Tool, ToolContext } from "../../src/types/tool.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { findReceipt, type Step, writeOnce } from "../write-once.ts";
import { type Assessment, assessBooked, assessRead, policyAttributes, whyNotBookable } from "./assess.ts";
import { toInvoice } from "./book-tool.ts";
import { payInvoiceManifest } from "./manifests.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice, PAYMENT, type Payment } from "./payables.ts";
import { readFile } from "./read-file.ts";
import { resolveInvoice } from "./resolve-invoice.ts";
import { invoiceData, invoiceRef } from "./show-invoice.ts";

const schema = z.strictObject({
  invoice: z.string().min(1).max(200).optional().describe("Id of a booked invoice"),
  file: z.string().min(1).max(200).optional().describe("Id of the attached file it was booked from"),
  invoiceName: z.string().min(1).max(300).optional().describe("Its number or the vendor's name"),
});
type Args = z.infer<typeof schema>;

/** Pays a booked invoice once, to the vendor's account in the books and to no other. */
export const payInvoiceTool: Tool<Args> = {
  name: payInvoiceManifest.name,
  manifest: payInvoiceManifest,
  schema,
  run,
  preview,
  reconcile: async (_args, context) => withoutUndo(await findReceipt(context)),
};

type Failed = Extract<ActionResult, { status: "failed" }>;
type Target = {
  readonly status: "target";
  readonly stored: StoredRecord<Invoice>;
  readonly isBooked: boolean;
  readonly assessment: Assessment;
};

async function run(args: Args, context: ToolContext): Promise<ActionResult> {
  const done = await findReceipt(context);
  if (done) return withoutUndo(done) ?? done;
  const target = await findTarget(args, context);
  if (target.status !== "target") return target;
  const { stored, assessment } = target;
  const refusal = whyNotPayable(target);
  if (refusal) return refusal;
  const { vendor } = assessment;
  if (!vendor) return refuse(stored.data, "its vendor is not in the books, so there is no account to pay to");
  const at = context.now.toISOString();
  const paid: Invoice = { ...stored.data, status: "paid", paidAt: at };
  const payment: Payment = {
    invoice: stored.id,
    vendor: vendor.record.id,
    iban: vendor.record.data.iban,
    amountMinor: stored.data.openMinor,
    currency: stored.data.currency,
    reference: stored.data.number,
    requestedBy: context.principal.id,
    at,
  };
  // One id per invoice: a second payment of it cannot be written, whoever asks.
  const id = `pay_${stored.id}`;
  const steps: Step[] = [
    {
      kind: INVOICE,
      id: stored.id,
      before: { version: stored.version, data: stored.data as unknown as JsonObject },
      after: paid as unknown as JsonObject,
    },
    { kind: PAYMENT, id, before: null, after: payment as unknown as JsonObject },
  ];
  const shown = { ...stored, data: paid };
  const result = await writeOnce(context, steps, {
    summary: `Paid ${amount(stored.data, context)} to ${plainText(vendor.record.data.name, 80)}, account ${payment.iban}, for invoice ${plainText(stored.data.number, 60)}.`,
    data: {
      invoice: invoiceData(shown, vendor.record.data, assessment.order.record?.data ?? null),
      payment: {
        id,
        amountMinor: payment.amountMinor,
        currency: payment.currency,
        iban: payment.iban,
        at,
      },
    },
    records: [invoiceRef(shown), { kind: PAYMENT, id, title: `Payment for ${oneLine(stored.data.number)}` }],
  });
  return withoutUndo(result) ?? result;
}

async function preview(args: Args, context: ToolContext): Promise<Preview> {
  const target = await findTarget(args, context);
  if (target.status !== "target") return target;
  const { stored, assessment, isBooked } = target;
  if (isBooked || stored.data.isCreditNote || stored.data.openMinor <= 0) {
    const refusal = whyNotPayable({ ...target, isBooked: true });
    if (refusal) return refusal;
  }
  const { vendor, order } = assessment;
  const sum = amount(stored.data, context);
  const payee = vendor?.record.data.name ?? `${oneLine(stored.data.sellerName)} (not in the books)`;
  const account = vendor?.record.data.iban ?? "no account known";
  return {
    status: "ready",
    line: `Pay ${sum} to ${payee.slice(0, 90)}, account ${account}, for invoice ${oneLine(stored.data.number).slice(0, 60)}${isBooked ? "" : ", once it is booked"}`,
    changes: [
      {
        field: "Status",
        before: isBooked ? "booked" : "not booked yet",
        after: "paid, which cannot be undone",
      },
      { field: "Amount", before: null, after: sum },
      { field: "To", before: null, after: payee },
      { field: "Account", before: null, after: `${account} (from our books)` },
      {
        field: "Purchase order",
        before: null,
        after: order.record ? order.record.data.number : `none: ${oneLine(order.why)}`.slice(0, 300),
      },
      ...(vendor && !assessment.ibanMatches
        ? [
            {
              field: "Account on the invoice",
              before: vendor.record.data.iban,
              after: `${stored.data.accounts.join(", ").slice(0, 120)}, unknown to us`,
            },
          ]
        : []),
    ],
    resource: {
      id: stored.id,
      title: `Invoice ${oneLine(stored.data.number)}`,
      attributes: policyAttributes(assessment, stored.data.grossMinor),
    },
    context: {},
    risk: "high",
    amountText: sum,
  };
}

/** The booked invoice meant; from a file that is not booked yet, the invoice as it would be booked. */
async function findTarget(
  args: Args,
  context: ToolContext,
): Promise<Target | Exclude<ActionResult, { status: "succeeded" }>> {
  if (args.invoice === undefined && args.file !== undefined) return fromFile(args.file, context);
  const found = await resolveInvoice(args, isPayable, context);
  if (found.status !== "found") return found;
  const assessment = await assessBooked(found.invoice, context);
  return { status: "target", stored: found.invoice, isBooked: true, assessment };
}

async function fromFile(file: string, context: ToolContext): Promise<Target | Failed> {
  const [booked] = await context.records.list<Invoice>(INVOICE, { file });
  if (booked) {
    return {
      status: "target",
      stored: booked,
      isBooked: true,
      assessment: await assessBooked(booked, context),
    };
  }
  const opened = await readFile(file, context);
  if (opened.status === "failed") return opened;
  const why = whyNotBookable(opened.read);
  if (why) {
    return {
      status: "failed",
      code: "INV-427",
      message: `"${plainText(opened.file.name, 80)}" cannot be paid. ${why} Nothing was paid; a person must look at it.`,
    };
  }
  const assessment = await assessRead(opened.read, context);
  const stored = await context.records.get<Invoice>(INVOICE, assessment.id);
  // The same invoice was booked from another copy of the file.
  if (stored) {
    return { status: "target", stored, isBooked: true, assessment: await assessBooked(stored, context) };
  }
  const invoice = toInvoice(opened.read, opened.file, assessment, context);
  return {
    status: "target",
    stored: { id: assessment.id, version: 0, data: invoice },
    isBooked: false,
    assessment,
  };
}

function whyNotPayable({ stored, isBooked }: Target): Failed | null {
  const { data } = stored;
  if (data.status === "paid")
    return refuse(data, `it was paid before, on ${(data.paidAt ?? "").slice(0, 10)}`);
  if (data.isCreditNote) return refuse(data, "it is a credit note: they owe us");
  if (data.openMinor <= 0) return refuse(data, "nothing is left to pay on it");
  if (!isBooked) return refuse(data, "it is not booked yet. Have it booked first, then ask again to pay it");
  return null;
}

function isPayable(invoice: Invoice): boolean {
  return invoice.status === "booked" && !invoice.isCreditNote && invoice.openMinor > 0;
}

function refuse(invoice: Invoice, why: string): Failed {
  return {
    status: "failed",
    code: "INV-409",
    message: `Invoice ${plainText(invoice.number, 60)} was not paid: ${why}.`,
  };
}

function amount(invoice: Invoice, context: ToolContext): string {
  return formatMoney(invoice.openMinor, invoice.currency, context.principal.locale);
}

/** A payment leaves the house: what `writeOnce` keeps for an undo is not handed out. */
function withoutUndo(result: ActionResult | null): ActionResult | null {
  if (result?.status !== "succeeded") return result;
  const { undo: _undo, ...rest } = result;
  return rest;
}
