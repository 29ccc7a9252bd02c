import { DateTime } from "luxon";
import { z } from "zod";
import type { StoredRecord } from "../../src/types/record.ts";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { isNear, sharesStart, wordsOf } from "../match-words.ts";
import { plainText, table } from "../plain-text.ts";
import { listInvoicesManifest } from "./manifests.ts";
import { bareName } from "./match.ts";
import { formatMoney } from "./money.ts";
import { INVOICE, type Invoice, ORDER, type PurchaseOrder, VENDOR, type Vendor } from "./payables.ts";
import { invoiceData, invoiceRef } from "./show-invoice.ts";

const schema = z.strictObject({
  status: z.enum(["open", "overdue", "paid", "all"]).optional().describe("open when left out"),
  vendor: z.string().min(1).max(300).optional().describe("Name of the vendor"),
  order: z.enum(["largest", "smallest", "due"]).optional().describe("Default: due first"),
});
type Args = z.infer<typeof schema>;

const MAX_SHOWN = 50;
const WORDS = { open: "open", overdue: "overdue", paid: "paid", all: "booked" } as const;

/** Lists booked invoices, the one due first on top. Reads only. */
export const listInvoicesTool: Tool<Args> = {
  name: listInvoicesManifest.name,
  manifest: listInvoicesManifest,
  schema,
  run,
};

type Found = StoredRecord<Invoice>;
const byDue = (a: Found, b: Found) => (a.data.dueDate ?? "9999").localeCompare(b.data.dueDate ?? "9999");
const ORDERS = {
  due: byDue,
  largest: (a: Found, b: Found) => b.data.grossMinor - a.data.grossMinor,
  smallest: (a: Found, b: Found) => a.data.grossMinor - b.data.grossMinor,
};

/** The invoice that the order puts first, for each currency: sums of two currencies are never compared. */
function sayFirst(
  found: readonly Found[],
  order: keyof typeof ORDERS,
  nameOf: (invoice: Invoice) => string,
  locale: string,
): string {
  const each = order === "due" ? [found] : [...Map.groupBy(found, ({ data }) => data.currency).values()];
  const firsts = each.flatMap(([first]) =>
    first
      ? `**${plainText(first.data.number, 40)}** of ${plainText(nameOf(first.data), 60)}, ${formatMoney(first.data.grossMinor, first.data.currency, locale)}`
      : [],
  );
  return `${order === "due" ? "Due first" : `The ${order}`}: ${firsts.join("; ")}.`;
}

const sayDay = (iso: string, locale: string) =>
  DateTime.fromISO(iso, { zone: "utc" })
    .setLocale(locale)
    .toLocaleString({ day: "numeric", month: "short", year: "numeric" });

async function run(args: Args, context: ToolContext): Promise<ActionResult> {
  const { records, principal } = context;
  const status = args.status ?? "open";
  const today = context.now.toISOString().slice(0, 10);
  const [all, vendorList, orderList] = await Promise.all([
    records.list<Invoice>(INVOICE),
    records.list<Vendor>(VENDOR),
    records.list<PurchaseOrder>(ORDER),
  ]);
  const vendors = new Map(vendorList.map((one) => [one.id, one.data]));
  const orders = new Map(orderList.map((one) => [one.id, one.data]));
  const nameOf = (invoice: Invoice) =>
    (invoice.vendor === null ? null : vendors.get(invoice.vendor)?.name) ?? invoice.sellerName;
  const found = all
    .filter(({ data }) => isOf(data, status, today))
    .filter(({ data }) => args.vendor === undefined || isNamed(args.vendor, data, vendors))
    .sort(ORDERS[args.order ?? "due"]);
  const whose = args.vendor === undefined ? "" : ` from '${plainText(args.vendor, 80)}'`;
  if (found.length === 0) {
    return {
      status: "succeeded",
      summary: `No ${WORDS[status]} invoice${whose} is in the books.`,
      data: { invoices: [], totals: [] },
      records: [],
    };
  }
  const totals = sums(found);
  const shown = found.slice(0, MAX_SHOWN);
  const sumText = totals
    .map((sum) => formatMoney(sum.openMinor, sum.currency, principal.locale))
    .join(" and ");
  const count = `${found.length} ${WORDS[status]} ${found.length === 1 ? "invoice" : "invoices"}${whose}`;
  return {
    status: "succeeded",
    summary: [
      totals.length === 0 ? `${count}.` : `${count}, ${sumText} still to pay.`,
      ...(args.order && found.length > 1 ? [sayFirst(found, args.order, nameOf, principal.locale)] : []),
      table(
        ["Number", "Vendor", "Amount", "Due", "Status"],
        shown.map(({ data }) => [
          plainText(data.number, 40),
          plainText(nameOf(data), 60),
          formatMoney(data.grossMinor, data.currency, principal.locale),
          data.dueDate === null ? "not said" : sayDay(data.dueDate, principal.locale),
          stateOf(data, today),
        ]),
      ),
      ...(found.length > shown.length ? [`${found.length - shown.length} more are not shown.`] : []),
    ].join("\n\n"),
    data: {
      invoices: shown.map((one) =>
        invoiceData(
          one,
          one.data.vendor === null ? null : (vendors.get(one.data.vendor) ?? null),
          one.data.order === null ? null : (orders.get(one.data.order) ?? null),
        ),
      ),
      totals,
    },
    records: shown.map(invoiceRef),
  };
}

function isOf(invoice: Invoice, status: keyof typeof WORDS, today: string): boolean {
  if (status === "all") return true;
  if (status === "paid") return invoice.status === "paid";
  if (invoice.status === "paid") return false;
  return status === "open" || (invoice.dueDate !== null && invoice.dueDate < today);
}

function stateOf(invoice: Invoice, today: string): string {
  if (invoice.status === "paid") return `paid ${(invoice.paidAt ?? "").slice(0, 10)}`;
  return invoice.dueDate !== null && invoice.dueDate < today ? "overdue" : "open";
}

function isNamed(said: string, invoice: Invoice, vendors: ReadonlyMap<string, Vendor>): boolean {
  const vendor = invoice.vendor === null ? undefined : vendors.get(invoice.vendor);
  const words = wordsOf(bareName(said));
  return (vendor ? [vendor.name, ...vendor.aliases] : [invoice.sellerName]).some((name) => {
    const known = wordsOf(bareName(name));
    return (
      words.length > 0 && words.every((word) => known.some((k) => isNear(word, k) || sharesStart(word, k)))
    );
  });
}

function sums(found: readonly StoredRecord<Invoice>[]): { currency: string; openMinor: number }[] {
  const by = new Map<string, number>();
  for (const { data } of found) {
    if (data.status === "booked") by.set(data.currency, (by.get(data.currency) ?? 0) + data.openMinor);
  }
  return [...by].map(([currency, openMinor]) => ({ currency, openMinor }));
}
