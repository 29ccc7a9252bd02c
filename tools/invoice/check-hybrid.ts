import type { Check, Reading } from "./extraction.ts";
import { findAmounts } from "./find-amounts.ts";
import { findAccounts } from "./layout-values.ts";
import { findOrders } from "./orders-in-text.ts";
import type { TextLine } from "./text-line.ts";

/**
 * Whether the page that people see says what the embedded XML says: number, total and account. A hybrid
 * whose two halves differ can show one sum and bill another.
 */
export function checkHybrid(reading: Reading, lines: readonly TextLine[]): readonly Check[] {
  if (lines.length === 0) {
    return [check("visible", false, "The page shows no text to compare the embedded e-invoice with.")];
  }
  const { fields } = reading;
  const text = lines.map((line) => line.text).join("\n");
  const packed = text.replace(/[\s\u00a0]/g, "").toUpperCase();
  const currency = fields.currency?.value ?? "EUR";
  const shown = new Set(findAmounts(text, currency).map((amount) => Math.abs(amount.minor)));
  const missing: string[] = [];
  const number = fields.number?.value.replace(/\s/g, "").toUpperCase();
  if (number && !packed.includes(number)) missing.push(`number ${fields.number?.value}`);
  if (fields.gross && !shown.has(Math.abs(fields.gross.value))) missing.push(`total ${fields.gross.text}`);
  const onPage = findAccounts(lines);
  if (fields.iban && onPage.length > 0 && !packed.includes(fields.iban.value)) {
    missing.push(`account ${fields.iban.value}`);
  }
  const orders = findOrders(text);
  return [
    check(
      "visible",
      missing.length === 0,
      missing.length === 0
        ? "The page shows what the embedded e-invoice says."
        : `The page does not show what the embedded e-invoice says: ${missing.join(", ")}.`,
    ),
    ...(orders === null
      ? []
      : [check("no-orders-on-page", false, `The page gives orders, which nobody follows: "${orders}".`)]),
  ];
}

function check(name: string, ok: boolean, text: string): Check {
  return { name, ok, text };
}
