import { isValidIBAN } from "ibantools";
import type { Check, FieldName, Reading } from "./extraction.ts";
import { formatMoney } from "./money.ts";
import { findOrders } from "./orders-in-text.ts";

const REQUIRED: readonly (readonly [FieldName, string])[] = [
  ["number", "invoice number"],
  ["issueDate", "issue date"],
  ["sellerName", "seller"],
  ["currency", "currency"],
  ["gross", "total"],
];
/** Below this a value is a guess; every required value must reach it. */
export const SURE = 0.6;
const YEAR_MS = 366 * 24 * 3_600_000;

/** The rules an invoice must keep to be taken without a person's look; each says in words what was found. */
export function checkReading(reading: Reading): readonly Check[] {
  return [
    checkComplete(reading),
    ...checkTotals(reading),
    ...checkPayee(reading),
    ...checkDates(reading),
    ...checkCurrency(reading),
    checkOrders(reading),
  ];
}

function checkComplete({ fields }: Reading): Check {
  const missing = REQUIRED.filter(([name]) => !fields[name]).map(([, words]) => words);
  const unsure = REQUIRED.filter(([name]) => (fields[name]?.confidence ?? 1) < SURE).map(
    ([, words]) => words,
  );
  if (missing.length > 0) return check("complete", false, `Not found: ${missing.join(", ")}.`);
  if (unsure.length > 0) return check("complete", false, `Not sure of: ${unsure.join(", ")}.`);
  return check("complete", true, "Number, date, seller, currency and total were found.");
}

function checkTotals({ fields, sums }: Reading): readonly Check[] {
  const currency = fields.currency?.value ?? "XXX";
  const money = (minor: number) => formatMoney(minor, currency);
  const checks: Check[] = [];
  const { net, tax, gross, payable } = fields;
  if (net && gross) {
    const stated = tax?.value ?? 0;
    const difference = gross.value - net.value - stated;
    checks.push(
      check(
        "totals",
        Math.abs(difference) <= sums.taxRates,
        difference === 0
          ? `Net ${money(net.value)} and tax ${money(stated)} make the total ${money(gross.value)}.`
          : `Net ${money(net.value)} and tax ${money(stated)} differ from the total ${money(gross.value)} by ${money(difference)}.`,
      ),
    );
    // No country's standard rate is above 27 % (Hungary); a higher share means a misread amount.
    if (tax && net.value !== 0) {
      const share = tax.value / net.value;
      const isUsual = share >= -0.0001 && share <= 0.285;
      checks.push(check("tax-rate", isUsual, `Tax is ${(share * 100).toFixed(1)} % of the net amount.`));
    }
  }
  if (sums.linesNet !== null && net) {
    const difference = sums.linesNet - net.value;
    checks.push(
      check(
        "lines",
        Math.abs(difference) <= Math.max(1, sums.taxRates),
        difference === 0
          ? "The lines add up to the net amount."
          : `The lines add up to ${money(sums.linesNet)}, not to the net amount ${money(net.value)}.`,
      ),
    );
  }
  if (sums.expectedPayable !== null && payable) {
    const difference = payable.value - sums.expectedPayable;
    checks.push(
      check(
        "payable",
        difference === 0,
        difference === 0
          ? `Payable is ${money(payable.value)}.`
          : `Payable is ${money(payable.value)}, but total less prepayments is ${money(sums.expectedPayable)}.`,
      ),
    );
  }
  return checks;
}

function checkPayee({ fields, accounts }: Reading): readonly Check[] {
  if (!fields.iban) return [];
  const bad = [...new Set(accounts)].filter(
    (account) => /^[A-Z]{2}\d{2}/.test(account) && !isValidIBAN(account),
  );
  return [
    check(
      "iban",
      bad.length === 0,
      bad.length === 0
        ? `The account number ${fields.iban.value} is well formed.`
        : `The account number ${bad[0]} fails its checksum: it is mistyped or made up.`,
    ),
  ];
}

function checkDates({ fields }: Reading): readonly Check[] {
  const { issueDate, dueDate } = fields;
  if (!issueDate || !dueDate) return [];
  const days = Date.parse(dueDate.value) - Date.parse(issueDate.value);
  if (days < 0) {
    return [
      check("dates", false, `It is due on ${dueDate.value}, before it was issued on ${issueDate.value}.`),
    ];
  }
  if (days > YEAR_MS) {
    return [
      check("dates", false, `It is due on ${dueDate.value}, more than a year after ${issueDate.value}.`),
    ];
  }
  return [check("dates", true, `Issued on ${issueDate.value}, due on ${dueDate.value}.`)];
}

function checkCurrency({ fields, sums }: Reading): readonly Check[] {
  const met = [...new Set([...(fields.currency ? [fields.currency.value] : []), ...sums.currencies])];
  if (met.length === 0) return [];
  return [
    check(
      "currency",
      met.length === 1,
      met.length === 1 ? `All amounts are in ${met[0]}.` : `It mixes currencies: ${met.join(", ")}.`,
    ),
  ];
}

function checkOrders({ freeText }: Reading): Check {
  const orders = findOrders(freeText);
  return check(
    "no-orders",
    orders === null,
    orders === null
      ? "Its text gives no orders."
      : `Its text gives orders, which nobody follows: "${orders}". Be careful with it.`,
  );
}

function check(name: string, ok: boolean, text: string): Check {
  return { name, ok, text };
}
