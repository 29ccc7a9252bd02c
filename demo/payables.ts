import { DateTime } from "luxon";
import type { JsonObject } from "../src/types/json.ts";
import type { RecordChange } from "../src/types/record.ts";
import {
  INVOICE,
  type Invoice,
  ORDER,
  PAYMENT,
  type Payment,
  type PurchaseOrder,
  VENDOR,
  type Vendor,
} from "../tools/invoice/payables.ts";

const ANA = "ana.costa@brightwell.example";
const JULIA = "julia.weiss@brightwell.example";
const PAUL = "paul.meyer@brightwell.example";
const HELEN = "helen.shaw@brightwell.example";

type VendorRow = Vendor & { readonly id: string };

/** Invented companies; account numbers and VAT ids have valid checksums and belong to nobody known. */
export const DEMO_VENDORS: readonly VendorRow[] = [
  vendor(
    "ven-lichtwerk",
    "Lichtwerk Glas GmbH",
    ["Lichtwerk Glas"],
    "DE274188305",
    "DE04700500000004711820",
    "EUR",
    "Regensburg",
  ),
  vendor("ven-nordkabel", "Nordkabel AG", [], "DE813449028", "DE17200700240008813400", "EUR", "Kiel"),
  vendor(
    "ven-krone",
    "Papierhaus Krone e.K.",
    ["Papierhaus Krone"],
    "DE299301573",
    "DE34120300000017203344",
    "EUR",
    "Potsdam",
  ),
  vendor(
    "ven-spree",
    "Stadtwerke Spree GmbH",
    ["Stadtwerke Spree"],
    "DE136624809",
    "DE29100500000190055512",
    "EUR",
    "Berlin",
  ),
  vendor(
    "ven-thames",
    "Thames Couriers Ltd",
    ["Thames Couriers"],
    "GB412773953",
    "GB84BARC20325348217706",
    "GBP",
    "London",
  ),
  vendor(
    "ven-tilbury",
    "Tilbury Metals Ltd",
    ["Tilbury Metals"],
    "GB288310545",
    "GB84HBUK40127611204433",
    "GBP",
    "Tilbury",
  ),
  vendor(
    "ven-verre",
    "Verre & Lumière SARL",
    ["Verre et Lumière"],
    "FR88418822907",
    "FR7630004015870002481739097",
    "EUR",
    "Lyon",
  ),
  vendor(
    "ven-lampada",
    "Lampada B.V.",
    ["Lampada"],
    "NL824519036B01",
    "NL14INGB0004519386",
    "EUR",
    "Eindhoven",
  ),
  vendor("ven-ljusverk", "Ljusverk AB", [], "SE556703112401", "SE6150000000054910000311", "EUR", "Malmö"),
  vendor(
    "ven-lumiparts",
    "Lumiparts Trading GmbH",
    ["Lumiparts Trading", "Lumiparts"],
    "ATU61482032",
    "AT772011100048190221",
    "EUR",
    "Linz",
  ),
];

type OrderRow = readonly [
  number: string,
  vendor: string,
  title: string,
  netMinor: number,
  currency: string,
  status: PurchaseOrder["status"],
  owner: string,
];

const ORDERS: readonly OrderRow[] = [
  ["PO-2026-0352", "ven-ljusverk", "Dimmer modules, 400 pieces", 498_000, "EUR", "billed", PAUL],
  ["PO-2026-0358", "ven-verre", "Blown glass shades, spring samples", 186_000, "EUR", "billed", HELEN],
  ["PO-2026-0361", "ven-krone", "Catalogue paper, second quarter", 74_500, "EUR", "billed", HELEN],
  ["PO-2026-0366", "ven-tilbury", "Aluminium profiles for Linear 40", 1_275_000, "GBP", "open", PAUL],
  ["PO-2026-0369", "ven-krone", "Office paper and labels, fourth quarter", 31_240, "EUR", "open", HELEN],
  ["PO-2026-0372", "ven-thames", "Courier runs October", 86_500, "GBP", "open", PAUL],
  ["PO-2026-0377", "ven-nordkabel", "Ribbon cable, 12 drums", 648_000, "EUR", "open", PAUL],
  ["PO-2026-0381", "ven-lichtwerk", "Opal glass covers, 600 pieces", 420_000, "EUR", "open", PAUL],
  ["PO-2026-0383", "ven-verre", "Blown glass shades, series", 528_000, "EUR", "open", HELEN],
  ["PO-2026-0384", "ven-lampada", "LED boards for Halo, 350 pieces", 294_000, "EUR", "open", PAUL],
  ["PO-2026-0388", "ven-ljusverk", "Dimmer modules, 250 pieces", 311_250, "EUR", "open", PAUL],
  ["PO-2026-0390", "ven-lumiparts", "Drivers LP-D60, 500 pieces", 1_170_000, "EUR", "open", PAUL],
];

/** Number, vendor, order, net, tax, days since issue, days until due, days since payment or null. */
type InvoiceRow = readonly [
  number: string,
  vendor: string,
  order: string | null,
  netMinor: number,
  taxMinor: number,
  currency: string,
  issuedAgo: number,
  dueIn: number,
  paidAgo: number | null,
];

const INVOICES: readonly InvoiceRow[] = [
  ["LV-10877", "ven-ljusverk", "PO-2026-0352", 498_000, 0, "EUR", 24, 6, null],
  ["F2026-131", "ven-verre", "PO-2026-0358", 186_000, 0, "EUR", 71, -41, 44],
  ["PK-4290", "ven-krone", "PO-2026-0361", 74_500, 14_155, "EUR", 49, -19, null],
  ["SW-2026-10-5102", "ven-spree", null, 118_740, 22_561, "EUR", 38, -24, 26],
];

/** Vendors, purchase orders, earlier invoices and payments of the demo company; dates are relative to `now`. */
export function demoPayables(now: Date): RecordChange[] {
  const today = DateTime.fromJSDate(now, { zone: "Europe/Berlin" }).startOf("day");
  const day = (inDays: number) => today.plus({ days: inDays }).toFormat("yyyy-MM-dd");
  const moment = (daysAgo: number) => today.minus({ days: daysAgo }).set({ hour: 11 }).toUTC().toISO() ?? "";
  const ibanOf = (id: string) => DEMO_VENDORS.find((one) => one.id === id)?.iban ?? "";
  const nameOf = (id: string) => DEMO_VENDORS.find((one) => one.id === id)?.name ?? "";
  const idOf = (number: string) => `inv-${number.toLowerCase()}`;
  return [
    ...DEMO_VENDORS.map(({ id, ...data }) => change(VENDOR, id, data)),
    ...ORDERS.map(([number, vendorId, title, netMinor, currency, status, owner]) => {
      const invoice = INVOICES.find((row) => row[2] === number);
      const order: PurchaseOrder = {
        number,
        vendor: vendorId,
        title,
        netMinor,
        currency,
        status,
        owner,
        invoice: invoice ? idOf(invoice[0]) : null,
      };
      return change(ORDER, number.toLowerCase(), order);
    }),
    ...INVOICES.flatMap(([number, vendorId, order, net, tax, currency, issuedAgo, dueIn, paidAgo]) => {
      const invoice: Invoice = {
        number,
        vendor: vendorId,
        sellerName: nameOf(vendorId),
        issueDate: day(-issuedAgo),
        dueDate: day(dueIn),
        currency,
        netMinor: net,
        taxMinor: tax,
        grossMinor: net + tax,
        openMinor: net + tax,
        isCreditNote: false,
        accounts: [ibanOf(vendorId)],
        orderReference: order,
        order: order?.toLowerCase() ?? null,
        status: paidAgo === null ? "booked" : "paid",
        file: null,
        bookedBy: JULIA,
        bookedAt: moment(issuedAgo - 2),
        paidAt: paidAgo === null ? null : moment(paidAgo),
      };
      const rows = [change(INVOICE, idOf(number), invoice)];
      if (paidAgo !== null) {
        const payment: Payment = {
          invoice: idOf(number),
          vendor: vendorId,
          iban: ibanOf(vendorId),
          amountMinor: net + tax,
          currency,
          reference: number,
          requestedBy: ANA,
          at: moment(paidAgo),
        };
        rows.push(change(PAYMENT, `pay_${idOf(number)}`, payment));
      }
      return rows;
    }),
  ];
}

function vendor(
  id: string,
  name: string,
  aliases: readonly string[],
  vatId: string,
  iban: string,
  currency: string,
  city: string,
): VendorRow {
  return { id, name, aliases, vatId, iban, currency, city };
}

function change(kind: string, id: string, data: unknown): RecordChange {
  return { kind, id, data: data as JsonObject };
}
