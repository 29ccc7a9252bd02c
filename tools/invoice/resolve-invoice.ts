import type { StoredRecord } from "../../src/types/record.ts";
import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { fold, isNear, sharesStart, wordsOf } from "../match-words.ts";
import { plainText } from "../plain-text.ts";
import { bareName, squash } from "./match.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice, VENDOR, type Vendor } from "./payables.ts";

export type FoundInvoice = { readonly status: "found"; readonly invoice: StoredRecord<Invoice> };
type NotFound = Exclude<ActionResult, { status: "succeeded" }>;

const FILLER = new Set(
  "the an a invoice invoices bill bills from of by for our that this number no nr one open unpaid booked supplier vendor".split(
    " ",
  ),
);
const MAX_OPTIONS = 8;

/**
 * The booked invoice that a person named by number or vendor. Several that fit are asked about, those that
 * `isWanted` before the rest; none is `INV-404`.
 */
export async function resolveInvoice(
  args: { readonly invoice?: string | undefined; readonly invoiceName?: string | undefined },
  isWanted: (invoice: Invoice) => boolean,
  context: ToolContext,
): Promise<FoundInvoice | NotFound> {
  const { records } = context;
  if (args.invoice !== undefined) {
    const stored = await records.get<Invoice>(INVOICE, args.invoice);
    if (stored) return { status: "found", invoice: stored };
    return notFound("There is no such invoice in the books.");
  }
  const all = await records.list<Invoice>(INVOICE);
  if (args.invoiceName === undefined) {
    const wanted = all.filter(({ data }) => isWanted(data));
    return wanted.length === 0 ? notFound("No open invoice is in the books.") : ask(wanted, context);
  }
  const vendors = new Map((await records.list<Vendor>(VENDOR)).map((one) => [one.id, one.data]));
  const name = args.invoiceName;
  const byNumber = all.filter(
    ({ data }) => squash(data.number) === squash(name) || saysNumber(name, data.number),
  );
  const fitting = byNumber.length > 0 ? byNumber : all.filter(({ data }) => saysVendor(name, data, vendors));
  const wanted = fitting.filter(({ data }) => isWanted(data));
  const [first, second] = wanted.length > 0 ? wanted : fitting;
  if (!first) {
    return notFound(`No invoice in the books is called '${plainText(name, 80)}', by number or by vendor.`);
  }
  return second ? ask(wanted.length > 0 ? wanted : fitting, context) : { status: "found", invoice: first };
}

function saysNumber(said: string, number: string): boolean {
  const wanted = squash(number);
  return wanted.length >= 3 && said.split(/[\s,;:"'()]+/).some((word) => squash(word) === wanted);
}

function saysVendor(said: string, invoice: Invoice, vendors: ReadonlyMap<string, Vendor>): boolean {
  const words = wordsOf(said).filter((word) => !FILLER.has(word));
  if (words.length === 0) return false;
  const vendor = invoice.vendor === null ? undefined : vendors.get(invoice.vendor);
  const names = vendor ? [vendor.name, ...vendor.aliases] : [invoice.sellerName];
  return names.some((name) => {
    const known = wordsOf(bareName(name));
    if (known.join("") === fold(words.join(""))) return true;
    return words.every((word) => known.some((other) => isNear(word, other) || sharesStart(word, other)));
  });
}

function ask(found: readonly StoredRecord<Invoice>[], context: ToolContext): NotFound {
  return {
    status: "asks",
    question: "Which invoice do you mean?",
    arg: "invoice",
    options: found.slice(0, MAX_OPTIONS).map(({ id, data }) => ({
      label: `${plainText(data.number, 60)} of ${plainText(data.sellerName, 60)}, ${formatMoney(data.openMinor, data.currency, context.principal.locale)}${data.dueDate ? `, due ${data.dueDate}` : ""}${data.status === "paid" ? ", paid" : ""}`,
      value: id,
    })),
  };
}

function notFound(what: string): NotFound {
  return {
    status: "failed",
    code: "INV-404",
    message: `${what} Nothing was done. Attach the invoice and have it booked first, or ask which ones are open.`,
  };
}
