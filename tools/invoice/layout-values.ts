import { isValidIBAN, ValidationErrorsIBAN, validateIBAN } from "ibantools";
import type { Parsed } from "./candidates.ts";
import { type AmountStyle, findAmounts } from "./find-amounts.ts";
import { type DateOrder, findDates } from "./find-dates.ts";
import type { Cell, TextLine } from "./text-line.ts";

/** A document number: at least one digit, no date, no amount of money; the first such word. */
export function parseNumber(text: string, isAfterLabel: boolean): readonly Parsed<string>[] {
  const rest = text.replace(/^[\s:.#№°º]*(?:(?:nr|no|n)\b\.?)?[\s:.#]*/i, "").trim();
  if (rest === "" || (!isAfterLabel && rest.length > 40)) return [];
  const word = /^([\p{L}\d][\p{L}\d/_.\-–#]*)(?:\s+([\d/-]{2,}))?/u.exec(rest);
  let value = word?.[1]?.replace(/[.,:;–-]+$/, "") ?? "";
  if (!/\d/.test(value)) {
    // "INV 2024-0012": letters, a space, figures.
    if (!/^[A-Z]{1,5}$/.test(value) || !word?.[2]) return [];
    value = `${value} ${word[2].replace(/[-/]+$/, "")}`;
  }
  if (value.length < 1 || value.length > 40) return [];
  if (findDates(value).length > 0 && !/[\p{L}]/u.test(value)) return [];
  const isPrice = /^\d+[.,]\d{2}$/.test(value) || /^\s*(?:%|€|\$|£|EUR|USD)/.test(rest.slice(value.length));
  if (isPrice || isValidIBAN(value)) return [];
  const quality = value.length >= 3 ? 1 : 0.6;
  return [{ value, text: value, quality: isAfterLabel ? quality : quality * (rest === value ? 0.9 : 0.6) }];
}

/** The first date of a text. */
export function parseDate(order: DateOrder) {
  return (text: string, isAfterLabel: boolean): readonly Parsed<string>[] => {
    const [first] = findDates(text, order);
    if (!first) return [];
    const distance = isAfterLabel ? first.index : 0;
    return [{ value: first.iso, text: first.text, quality: distance > 40 ? 0.7 : 1 }];
  };
}

/** Every amount of a text; what looks like a count or an id is worth less. */
export function parseAmount(currency: string, style: AmountStyle) {
  return (text: string, isAfterLabel: boolean): readonly Parsed<number>[] => {
    if (text.length > 120) return [];
    // A cell with words before its figure is text, not an amount, unless its label stands in it.
    if (!isAfterLabel && /\p{L}{4,}/u.test(text.replace(/\b[A-Z]{3}\b/g, ""))) return [];
    let plain = text;
    for (const date of findDates(text)) plain = plain.replace(date.text, " ".repeat(date.text.length));
    const amounts = findAmounts(plain, currency, style);
    return amounts.map((amount, i) => ({
      value: amount.minor,
      text: amount.text,
      quality: (amount.isMoney ? 1 : 0.45) * (i === amounts.length - 1 ? 1 : 0.9),
    }));
  };
}

export type FoundAccount = {
  readonly value: string;
  readonly text: string;
  readonly cell: Cell;
  readonly isValid: boolean;
  /** The word IBAN stands right before it. */
  readonly isLabelled: boolean;
};

/** Lengths of account numbers by country (SWIFT IBAN registry); others are read by their checksum alone. */
const IBAN_LENGTH: Readonly<Record<string, number>> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TR: 26,
};

/** IBANs in the text, with or without spaces; a bad checksum is kept, so that a person is told of it. */
export function findAccounts(lines: readonly TextLine[]): readonly FoundAccount[] {
  const found: FoundAccount[] = [];
  for (const line of lines) {
    for (const cell of line.cells) {
      const upper = cell.text.toUpperCase();
      // A lookahead, so that a VAT id before an account does not swallow the account's beginning.
      for (const match of upper.matchAll(
        /(?<![A-Z0-9])(?=([A-Z]{2}\d{2}(?:[ \u00a0]{0,2}[A-Z0-9]){11,30}))/g,
      )) {
        const written = match[1] ?? "";
        const length = IBAN_LENGTH[written.slice(0, 2)];
        if (length === undefined) continue;
        const value = written.replace(/[\s\u00a0]/g, "").slice(0, length);
        if (value.length < length || found.some((one) => one.value === value)) continue;
        const { valid, errorCodes } = validateIBAN(value);
        const before =
          `${line.cells[line.cells.indexOf(cell) - 1]?.text ?? ""} ${upper.slice(0, match.index)}`.toUpperCase();
        const isLabelled = /\bIBAN\b[^A-Z]{0,4}$/.test(before);
        // Without a valid checksum only its form and a label tell an account from a reference.
        const isForm = !errorCodes.includes(ValidationErrorsIBAN.WrongBBANFormat);
        if (!valid && !(isForm && (isLabelled || /KONTO|ACCOUNT|COMPTE|CUENTA|CONTO|BANK/.test(before))))
          continue;
        found.push({
          value,
          text: cell.text.slice(match.index, match.index + written.length).slice(0, 60),
          cell,
          isValid: valid,
          isLabelled,
        });
      }
    }
  }
  return found.sort((a, b) => Number(b.isLabelled) - Number(a.isLabelled));
}

const SIGNS: readonly (readonly [RegExp, string, number])[] = [
  [/€/g, "EUR", 2],
  [/\b[Ee]uros?\b/g, "EUR", 2],
  [/\b(?:[Rr]upees|RUPEES)\b/g, "INR", 2],
  [/£/g, "GBP", 2],
  [/₹|\bRs\.? ?\d/g, "INR", 2],
  [/(?<![A-Z])\$/g, "USD", 1],
  [/\b(?:CA\$|C\$)/g, "CAD", 3],
  [/\b(?:AU\$|A\$)/g, "AUD", 3],
  [/R\$/g, "BRL", 3],
  [/\bUS\$|\bUS Dollars?\b/g, "USD", 3],
  [/zł/g, "PLN", 3],
  [/Kč/g, "CZK", 3],
  [/\bFt\b/g, "HUF", 2],
  [/\bRM ?\d/g, "MYR", 2],
  [/¥/g, "JPY", 1],
];
const CODES =
  "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|INR|AUD|CAD|NZD|SGD|HKD|JPY|CNY|MYR|BRL|MXN|ZAR|AED|TRY|ISK|KWD|BHD|TND";

/** The currency that signs and codes in the text speak for most; null when there are none. */
export function findCurrency(
  text: string,
): { readonly code: string; readonly text: string; readonly share: number } | null {
  const votes = new Map<string, { count: number; text: string }>();
  const vote = (code: string, weight: number, sample: string) => {
    const present = votes.get(code);
    votes.set(code, { count: (present?.count ?? 0) + weight, text: present?.text ?? sample });
  };
  for (const match of text.matchAll(new RegExp(`(?<![A-Z])(${CODES})(?![A-Z])`, "g")))
    vote(match[1] ?? "", 3, match[0]);
  for (const [pattern, code, weight] of SIGNS) {
    for (const match of text.matchAll(pattern)) vote(code, weight, match[0].replace(/\d/g, "").trim());
  }
  // "$" stands for many dollars: a code of one of them decides.
  for (const code of ["CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]) {
    const usd = votes.get("USD");
    if (votes.has(code) && usd && usd.text === "$") {
      vote(code, usd.count, code);
      votes.delete("USD");
    }
  }
  const ranked = [...votes].sort((a, b) => b[1].count - a[1].count);
  const [best] = ranked;
  if (!best) return null;
  const all = ranked.reduce((sum, [, { count }]) => sum + count, 0);
  return { code: best[0], text: best[1].text, share: best[1].count / all };
}
