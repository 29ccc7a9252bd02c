import type { StoredRecord } from "../../src/types/record.ts";
import type { ToolContext } from "../../src/types/tool.ts";
import type { ReadInvoice } from "./extraction.ts";
import {
  findDuplicate,
  invoiceId,
  type MatchedOrder,
  type MatchedVendor,
  matchOrder,
  matchVendor,
} from "./match.ts";
import { INVOICE, type Invoice, VENDOR, type Vendor } from "./payables.ts";

/** What the books say of an invoice, for policy and for the card. */
export type Assessment = {
  readonly id: string;
  readonly vendor: MatchedVendor | null;
  readonly order: MatchedOrder;
  /** The account on the invoice is the vendor's, or it names none. */
  readonly ibanMatches: boolean;
  readonly duplicate: StoredRecord<Invoice> | null;
};

/** Checks whose failure makes the amounts or the payee worthless for a match. */
const MATCH_NEEDS = ["totals", "payable", "currency", "iban", "visible", "embedded-xml", "complete"];

/**
 * Why a read invoice cannot be booked, in words; null when it can. What the file does not say is never
 * filled in.
 */
export function whyNotBookable(read: ReadInvoice): string | null {
  const { number, gross, currency, sellerName } = read.fields;
  const missing = [
    number ? null : "the invoice number",
    sellerName ? null : "the seller",
    gross ? null : "the total",
    currency ? null : "the currency",
  ].filter((word) => word !== null);
  if (missing.length === 0) return null;
  return `I could not find ${missing.join(", ")} in it.`;
}

/** Compares an extracted invoice with vendors, orders and booked invoices. */
export async function assessRead(read: ReadInvoice, context: ToolContext): Promise<Assessment> {
  const { fields } = read;
  const { records } = context;
  const vendor = await matchVendor(records, {
    name: fields.sellerName?.value ?? null,
    vatId: fields.sellerVatId?.value ?? null,
    accounts: read.accounts,
  });
  const number = fields.number?.value ?? "";
  const id = invoiceId(vendor?.record.id ?? fields.sellerName?.value ?? "", number);
  const broken = read.checks.find((check) => !check.ok && MATCH_NEEDS.includes(check.name));
  const order = broken
    ? { record: null, why: `Its amounts cannot be relied on. ${broken.text}` }
    : await matchOrder(
        records,
        {
          vendor: vendor?.record.id ?? null,
          reference: fields.orderReference?.value ?? null,
          netMinor: fields.net?.value ?? null,
          currency: fields.currency?.value ?? "",
          invoice: id,
        },
        context.principal.locale,
      );
  const booked = await records.get<Invoice>(INVOICE, id);
  const duplicate =
    booked ??
    (await findDuplicate(records, {
      id,
      number,
      vendor: vendor?.record.id ?? null,
      sellerName: fields.sellerName?.value ?? "",
    }));
  return {
    id,
    vendor,
    order,
    ibanMatches: accountsFit(read.accounts, vendor?.record.data ?? null),
    duplicate,
  };
}

/** The same for a booked invoice, as the books stand now. */
export async function assessBooked(stored: StoredRecord<Invoice>, context: ToolContext): Promise<Assessment> {
  const { records } = context;
  const { data, id } = stored;
  const record = data.vendor === null ? null : await records.get<Vendor>(VENDOR, data.vendor);
  const order = await matchOrder(
    records,
    {
      vendor: record?.id ?? null,
      reference: data.orderReference,
      netMinor: data.netMinor,
      currency: data.currency,
      invoice: id,
    },
    context.principal.locale,
  );
  // An invoice that was booked without a match stays without one until it is booked again on an order.
  const kept = data.order !== null && order.record?.id === data.order ? order : null;
  return {
    id,
    vendor: record ? { record, how: "as booked" } : null,
    order: kept ?? {
      record: null,
      why: data.order === null ? "It was booked without a purchase order." : order.why,
    },
    ibanMatches: accountsFit(data.accounts, record?.data ?? null),
    duplicate: await findDuplicate(records, { id, ...data }),
  };
}

/** Attributes of the Cedar resource for booking and paying. */
export function policyAttributes(assessment: Assessment, grossMinor: number) {
  return {
    poMatched: assessment.order.record !== null,
    vendorKnown: assessment.vendor !== null,
    ibanMatches: assessment.ibanMatches,
    isDuplicate: assessment.duplicate !== null,
    grossMinor,
  };
}

function accountsFit(accounts: readonly string[], vendor: Vendor | null): boolean {
  return vendor !== null && accounts.every((account) => account === vendor.iban);
}
