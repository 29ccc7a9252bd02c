import type { Field, Finder, InvoiceFields } from "./extraction.ts";
import { toMinor } from "./money.ts";
import type { XmlNode } from "./xml-node.ts";

export const NO_FIELDS: InvoiceFields = {
  number: null,
  issueDate: null,
  dueDate: null,
  orderReference: null,
  currency: null,
  sellerName: null,
  sellerVatId: null,
  buyerName: null,
  buyerVatId: null,
  net: null,
  tax: null,
  gross: null,
  payable: null,
  iban: null,
};

/** Longer than any number, name or reference; a longer one is no value but an attack or a mistake. */
const MAX_TEXT = 500;

/** A text field of an element; null when it is absent, empty or longer than 500 characters. */
export function textField(node: XmlNode | undefined, by: Finder): Field<string> | null {
  const value = node?.text.replace(/\r\n?/g, "\n").trim();
  return node && value && value.length <= MAX_TEXT ? fieldOf(node, value, by) : null;
}

/** A date: ISO (`2026-11-02`, with or without zone) or CII format 102 (`20261102`). */
export function dateField(node: XmlNode | undefined, by: Finder): Field<string> | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:$|[TZ+-])/.exec(node?.text.trim() ?? "");
  if (!node || !match) return null;
  const [, year = "", month = "", day = ""] = match;
  return isRealDate(Number(year), Number(month), Number(day))
    ? fieldOf(node, `${year}-${month}-${day}`, by)
    : null;
}

/** An amount in minor units of a currency. */
export function amountField(node: XmlNode | undefined, currency: string, by: Finder): Field<number> | null {
  const minor = node ? toMinor(node.text, currency) : null;
  return node && minor !== null ? fieldOf(node, minor, by) : null;
}

/** An account number without spaces in upper case. */
export function accountField(node: XmlNode | undefined, by: Finder): Field<string> | null {
  const value = node?.text.replace(/\s/g, "").toUpperCase();
  return node && value && value.length <= MAX_TEXT ? fieldOf(node, value, by) : null;
}

/** A currency as its ISO 4217 code; anything else is no currency. */
export function currencyField(node: XmlNode | undefined, by: Finder): Field<string> | null {
  const field = textField(node, by);
  return field && /^[A-Z]{3}$/.test(field.value) ? field : null;
}

/** Whether a day exists in the Gregorian calendar, within 1900 to 2199. */
export function isRealDate(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2199) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function fieldOf<T>(node: XmlNode, value: T, by: Finder): Field<T> {
  return { value, text: node.text.trim(), page: null, path: node.path, box: null, confidence: 1, by };
}
