/** A sum of money (or a bare number that may be one) in a text. */
export type AmountSpan = {
  readonly from: number;
  readonly to: number;
  /** Minor units (cents); negative only when a minus sign stands before it. */
  readonly minor: number;
  readonly currency: string | null;
  /** "raise by 10 %", "by 5k": a change, not a value. */
  readonly isRelative: boolean;
  /** No currency, thousands mark or "k": may be anything. */
  readonly isBare: boolean;
};

const SYMBOLS: Readonly<Record<string, string>> = { "€": "EUR", $: "USD", "£": "GBP" };
const NAMES: readonly [RegExp, string][] = [
  [/^(?:eur|euros?)$/i, "EUR"],
  [/^(?:usd|dollars?|bucks)$/i, "USD"],
  [/^(?:gbp|pounds?|quid)$/i, "GBP"],
  [/^(?:chf|francs?)$/i, "CHF"],
];

const PATTERN =
  /(?<![\p{L}\p{N}.,:/-])(-|−|minus )?(?:(€|\$|£|EUR|USD|GBP|CHF)\s?)?(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,3})?)\s?(k|thousand|grand|mio|million|m)?(?![\p{L}\p{N}]|[:/-]\d)(?:\s?(€|\$|£|%|EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?|percent|per cent)(?!\p{L}))?/giu;

/** Reads "48,000", "48.000", "48 000", "48.5", "48,50" as a number; null when it cannot be one. */
export function readNumber(text: string): number | null {
  let plain = text.replace(/['’ \u00a0\u202f]/g, "");
  const lastMark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  if (lastMark >= 0) {
    const decimals = plain.length - lastMark - 1;
    const mark = plain.charAt(lastMark);
    const isRepeated = plain.indexOf(mark) !== lastMark;
    // Money has two decimals: three digits behind the only mark are thousands.
    if (decimals === 3 || isRepeated) plain = plain.replace(/[.,]/g, "");
    else plain = `${plain.slice(0, lastMark).replace(/[.,]/g, "")}.${plain.slice(lastMark + 1)}`;
  }
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** Finds sums of money. Times ("11:30") and dates ("03/04", "2026-03-04") are not taken. */
export function findAmounts(text: string): readonly AmountSpan[] {
  const found: AmountSpan[] = [];
  for (const m of text.matchAll(PATTERN)) {
    const [all, minus, ahead, digits = "", scale, behind] = m;
    const value = readNumber(scale && /^\d+[.,]\d{3}$/.test(digits) ? digits.replace(",", ".") : digits);
    if (value === null) continue;
    const factor = !scale ? 1 : /^(?:m|mio|million)$/i.test(scale) ? 1_000_000 : 1_000;
    const isPercent = behind !== undefined && /%|per ?cent/i.test(behind);
    const before = text.slice(Math.max(0, m.index - 8), m.index);
    const sign = ahead ?? behind;
    const currency =
      sign && !isPercent ? (SYMBOLS[sign] ?? NAMES.find(([p]) => p.test(sign))?.[1] ?? null) : null;
    const minor = Math.round(value * factor * 100) * (minus ? -1 : 1);
    if (!Number.isSafeInteger(minor)) continue;
    const after = text.slice(m.index + all.length, m.index + all.length + 12);
    if (
      !currency &&
      /^\s*(?:am|pm|a\.m|p\.m|o'?clock|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|st\b|nd\b|rd\b|th\b)/i.test(
        after,
      )
    )
      continue;
    found.push({
      from: m.index,
      to: m.index + all.trimEnd().length,
      minor,
      currency,
      isRelative: isPercent || /\bby\s+$/i.test(before),
      isBare: !currency && !scale && !/\d[.,'’ \u00a0\u202f]\d{3}/.test(digits) && value < 1000,
    });
  }
  return found.filter((a) => !isPartOfName(text, a, found));
}

/** Words before which a bare number is a sum, whatever follows. */
const BEFORE_SUM =
  /^(?:to|at|by|of|is|be|for|from|on|about|around|over|under|up|than|worth|now|amount|value|total|price|sum|roughly|exactly|only|just|it|them|that|this|or|and|with|in|was|are|add|plus|minus|set|make|put|pay|no|not|say)$/i;

/** "Renewal 2027", "Hangar 2": a plain number behind a noun names something, where it can be no sum. */
function isPartOfName(text: string, sum: AmountSpan, all: readonly AmountSpan[]): boolean {
  if (!/^\d{1,4}$/.test(text.slice(sum.from, sum.to))) return false;
  const before = /(\p{L}[\p{L}'’-]*)\s$/u.exec(text.slice(0, sum.from))?.[1];
  if (before === undefined || BEFORE_SUM.test(before)) return false;
  const isYear = sum.minor >= 190_000 && sum.minor <= 210_000;
  return isYear || sum.minor < 100_000 || all.some((other) => other !== sum && !other.isBare);
}
