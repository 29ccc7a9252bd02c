import { createHash } from "node:crypto";
import type { Records, StoredRecord } from "../../src/types/record.ts";
import { fold } from "../match-words.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice, ORDER, type PurchaseOrder, VENDOR, type Vendor } from "./payables.ts";

export type MatchedVendor = { readonly record: StoredRecord<Vendor>; readonly how: string };
export type MatchedOrder = {
  readonly record: StoredRecord<PurchaseOrder> | null;
  /** In words why it matches, or why none does. */
  readonly why: string;
};

/** Legal forms, which invoices write in many ways or leave out. */
const LEGAL =
  /\b(gmbh|mbh|co|kg|kgaa|ag|se|ug|ohg|gbr|ev|ek|ltd|limited|plc|llp|llc|inc|incorporated|corp|corporation|company|sa|sas|sarl|srl|spa|bv|nv|ab|oy|aps|as|sl|lda|pvt|pty|sdn|bhd|haftungsbeschrankt)\b/g;

/** An invoice may differ from its order by 2 % of the order or 50.00, whichever is less. */
const TOLERANCE_SHARE = 0.02;
const TOLERANCE_MINOR = 5_000;

export type VendorClues = {
  readonly name: string | null;
  readonly vatId: string | null;
  readonly accounts: readonly string[];
};

/** The one vendor that fits by VAT id, else by name, else by account; null when none or several do. */
export async function matchVendor(records: Records, clues: VendorClues): Promise<MatchedVendor | null> {
  const vendors = await records.list<Vendor>(VENDOR);
  const only = (fits: (vendor: Vendor) => boolean) => {
    const found = vendors.filter(({ data }) => fits(data));
    return found.length === 1 ? found[0] : undefined;
  };
  const vatId = squash(clues.vatId ?? "");
  const byVat = vatId === "" ? undefined : only((vendor) => squash(vendor.vatId ?? "") === vatId);
  if (byVat) return { record: byVat, how: "by its VAT id" };
  const name = bareName(clues.name ?? "");
  const byName =
    name === ""
      ? undefined
      : only((vendor) => [vendor.name, ...vendor.aliases].some((other) => bareName(other) === name));
  if (byName) return { record: byName, how: "by its name" };
  const byAccount = only((vendor) => clues.accounts.includes(vendor.iban));
  return byAccount ? { record: byAccount, how: "by its account" } : null;
}

export type OrderClues = {
  readonly vendor: string | null;
  readonly reference: string | null;
  readonly netMinor: number | null;
  readonly currency: string;
  /** The invoice that may already stand on the order. */
  readonly invoice: string;
};

/**
 * The purchase order an invoice belongs to: the one it names, else the vendor's only open order of that
 * amount. The net amounts may differ by 2 % or 50.00, whichever is less.
 */
export async function matchOrder(records: Records, clues: OrderClues, locale: string): Promise<MatchedOrder> {
  if (clues.vendor === null) return { record: null, why: "The vendor is not in the books." };
  const orders = (await records.list<PurchaseOrder>(ORDER)).filter(
    ({ data }) => data.vendor === clues.vendor,
  );
  const isFree = ({ data }: StoredRecord<PurchaseOrder>) =>
    data.status === "open" || (data.status === "billed" && data.invoice === clues.invoice);
  const money = (minor: number) => formatMoney(minor, clues.currency, locale);
  const reference = squash(clues.reference ?? "");
  if (reference !== "") {
    const named = orders.find(({ data }) => squash(data.number) === reference);
    if (!named) {
      return { record: null, why: `The order it names (${short(clues.reference)}) is none of this vendor.` };
    }
    if (!isFree(named)) {
      return { record: null, why: `Order ${named.data.number} is ${named.data.status} already.` };
    }
    if (named.data.currency !== clues.currency) {
      return { record: null, why: `Order ${named.data.number} is in ${named.data.currency}.` };
    }
    if (clues.netMinor === null) return { record: null, why: "Its net amount was not found." };
    return isWithin(clues.netMinor, named.data.netMinor)
      ? { record: named, why: `It names order ${named.data.number} and the amount fits.` }
      : {
          record: null,
          why: `Order ${named.data.number} is over ${money(named.data.netMinor)} net, the invoice over ${money(clues.netMinor)} net.`,
        };
  }
  if (clues.netMinor === null) return { record: null, why: "Its net amount was not found." };
  const net = clues.netMinor;
  const fitting = orders.filter(
    (order) => isFree(order) && order.data.currency === clues.currency && isWithin(net, order.data.netMinor),
  );
  const [first, second] = fitting;
  if (first && !second) {
    return {
      record: first,
      why: `Order ${first.data.number} is this vendor's only open one of that amount.`,
    };
  }
  return {
    record: null,
    why: first
      ? "It names no order, and several open ones have that amount."
      : "It names no order, and no open order of this vendor has that amount.",
  };
}

/** An invoice of the same vendor with the same number, whatever its punctuation; not itself. */
export async function findDuplicate(
  records: Records,
  invoice: {
    readonly id: string;
    readonly number: string;
    readonly vendor: string | null;
    readonly sellerName: string;
  },
): Promise<StoredRecord<Invoice> | null> {
  const number = squash(invoice.number);
  const all = await records.list<Invoice>(INVOICE);
  return (
    all.find(
      ({ id, data }) =>
        id !== invoice.id &&
        squash(data.number) === number &&
        (data.vendor !== null || invoice.vendor !== null
          ? data.vendor === invoice.vendor
          : bareName(data.sellerName) === bareName(invoice.sellerName)),
    ) ?? null
  );
}

/**
 * Id of an invoice: the same seller and number give the same id, so that two bookings at once cannot both
 * be written.
 */
export function invoiceId(seller: string, number: string): string {
  const seed = `${seller}\n${number.replace(/\s/g, "").toUpperCase()}`;
  return `inv_${createHash("sha256").update(seed).digest("hex").slice(0, 20)}`;
}

/** A company's name without its legal form and punctuation. */
export function bareName(name: string): string {
  return fold(name)
    .replace(/(?<=\b\p{L})\.(?=\p{L})/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(LEGAL, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Letters and digits only, in upper case. */
export function squash(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function isWithin(minor: number, orderedMinor: number): boolean {
  return (
    Math.abs(minor - orderedMinor) <= Math.min(TOLERANCE_MINOR, Math.abs(orderedMinor) * TOLERANCE_SHARE)
  );
}

function short(text: string | null): string {
  return (text ?? "").replace(/\s+/g, " ").slice(0, 40);
}
