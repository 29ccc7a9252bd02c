import { plainText, table } from "../plain-text.ts";
import type { Assessment } from "./assess.ts";
import type { Check, Field, FieldName, ReadInvoice } from "./extraction.ts";
import { formatMoney } from "./money.ts";

/** People's words for the fields, in the order they are shown. */
export const FIELD_WORDS: Readonly<Record<FieldName, string>> = {
  number: "Number",
  issueDate: "Issued",
  dueDate: "Due",
  sellerName: "Seller",
  sellerVatId: "Seller's VAT id",
  buyerName: "Buyer",
  buyerVatId: "Buyer's VAT id",
  orderReference: "Order reference",
  currency: "Currency",
  net: "Net",
  tax: "Tax",
  gross: "Total",
  payable: "Payable",
  iban: "Account",
};
const MONEY: readonly FieldName[] = ["net", "tax", "gross", "payable"];

export type ShownField = {
  readonly name: FieldName;
  readonly value: string | number;
  /** As a person reads it. */
  readonly shown: string;
  readonly text: string;
  readonly where: string;
  readonly confidence: number;
  readonly foundBy: string;
};

/** The fields that were found, with their evidence. */
export function shownFields(read: ReadInvoice, locale: string): readonly ShownField[] {
  const currency = read.fields.currency?.value ?? "XXX";
  return (Object.keys(FIELD_WORDS) as FieldName[]).flatMap((name) => {
    const field: Field<string | number> | null = read.fields[name];
    if (!field) return [];
    return [
      {
        name,
        value: field.value,
        shown:
          MONEY.includes(name) && typeof field.value === "number"
            ? formatMoney(field.value, currency, locale)
            : String(field.value),
        text: field.text.slice(0, 300),
        where: whereOf(field),
        confidence: field.confidence,
        foundBy: field.by,
      },
    ];
  });
}

/** A markdown table of fields with evidence. Everything in it was written by others. */
export function fieldTable(read: ReadInvoice, locale: string): string {
  return table(
    ["Field", "Value", "Where", "Sure"],
    shownFields(read, locale).map((field) => [
      FIELD_WORDS[field.name],
      plainText(field.shown, 120),
      plainText(field.where, 80),
      `${Math.round(field.confidence * 100)} %`,
    ]),
  );
}

/** The broken checks as a list, or one sentence when all are kept. */
export function checkList(checks: readonly Check[]): string {
  const broken = checks.filter((check) => !check.ok);
  if (broken.length === 0) return `All ${checks.length} checks passed.`;
  const items = broken.map((check) => `- ${plainText(check.text, 300)}`).join("\n");
  return `${broken.length === 1 ? "One check" : `${broken.length} checks`} failed; a person must look:\n${items}`;
}

/** What the books say of it, in sentences. */
export function bookList(assessment: Assessment): string {
  const { vendor, order, ibanMatches, duplicate } = assessment;
  return [
    vendor
      ? `- Vendor: ${plainText(vendor.record.data.name, 80)}, known ${vendor.how}.`
      : "- Vendor: not in the books.",
    order.record
      ? `- Purchase order: ${plainText(order.record.data.number, 40)}. ${plainText(order.why, 200)}`
      : `- Purchase order: none matches. ${plainText(order.why, 300)}`,
    ...(vendor && !ibanMatches
      ? ["- Account: not the one we know of this vendor. Ask the vendor by a number you know."]
      : []),
    ...(duplicate ? [`- Booked before, on ${duplicate.data.bookedAt.slice(0, 10)}.`] : []),
  ].join("\n");
}

function whereOf(field: Field<string | number>): string {
  if (field.page !== null) return `page ${field.page}`;
  return field.path?.split("/").slice(-3).join("/") ?? "";
}
