/** How a language writes numbers. */
type Marks = { readonly group: string; readonly decimal: string; readonly zero: number };

/** Group thousands in every language. */
const SPACES_AND_APOSTROPHES = /[\s'\u2019]/g;

function marksOf(locale: string): Marks {
  let format: Intl.NumberFormat;
  try {
    format = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 });
  } catch {
    format = new Intl.NumberFormat("en", { useGrouping: true, minimumFractionDigits: 1 });
  }
  const parts = format.formatToParts(1_234_567.5);
  const find = (type: string, other: string) => parts.find((part) => part.type === type)?.value ?? other;
  const zero =
    format
      .formatToParts(0)
      .find(({ type }) => type === "integer")
      ?.value.codePointAt(0) ?? 0x30;
  return { group: find("group", ","), decimal: find("decimal", "."), zero };
}

/** Minor units as the reader writes amounts: 4800050 → "48,000.50", in German "48.000,50". Exact, no floating point. */
export function fromMinor(minor: number, digits: number, locale: string): string {
  const { group, decimal } = marksOf(locale);
  const text = BigInt(Math.trunc(minor))
    .toString()
    .replace("-", "")
    .padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(?:\d{3})+$)/g, group);
  const part = digits === 0 ? "" : decimal + text.slice(-digits);
  return `${minor < 0 ? "-" : ""}${whole}${part}`;
}

/**
 * What a person typed, in minor units; null when it is not one clear amount in the reader's language: "1.234" is
 * 1,234 in German and nothing in English (where it would have three digits after the point). The currency may stand
 * before or after it, another currency may not. Parsed digit by digit, without floating point.
 */
export function toMinor(
  typed: string,
  digits: number,
  { locale, currency }: { readonly locale: string; readonly currency?: string | undefined },
): number | null {
  if (typed.length > 100) return null;
  const { group, decimal, zero } = marksOf(locale);
  const text = withoutCurrency(latinDigits(typed.normalize("NFKC").trim(), zero), currency, locale)
    .replace(/[\u2212\ufe63\uff0d]/g, "-")
    .replace(/\u200e|\u200f|\u061c/g, "");
  const mark = /[\s'\u2019]/.test(group) ? "_" : group;
  const match = /^(-?)_?([^-]+)$/.exec(text.replace(SPACES_AND_APOSTROPHES, "_"));
  if (!match) return null;
  const [whole = "", part = "", ...more] = (match[2] ?? "").split(decimal);
  if (more.length > 0 || !isGrouped(whole, mark)) return null;
  if (!/^\d*$/.test(part) || part.length > digits || (part === "" && (match[2] ?? "").includes(decimal)))
    return null;
  const minor = BigInt(whole.replace(/\D/g, "") + part.padEnd(digits, "0"));
  if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return match[1] === "-" ? -Number(minor) : Number(minor);
}

/** Plain digits, or groups: three at the end, two (India) or three before, all by the same mark. */
function isGrouped(whole: string, mark: string): boolean {
  if (/^\d+$/.test(whole)) return true;
  const groups = whole.includes("_") ? whole.split("_") : whole.split(mark);
  if (groups.length < 2) return false;
  return groups.every((group, i) => {
    if (i === groups.length - 1) return /^\d{3}$/.test(group);
    return i === 0 ? /^\d{1,3}$/.test(group) : /^\d{2,3}$/.test(group);
  });
}

function latinDigits(text: string, zero: number): string {
  if (zero === 0x30) return text;
  return [...text]
    .map((char) => {
      const digit = (char.codePointAt(0) ?? 0) - zero;
      return digit >= 0 && digit <= 9 ? String(digit) : char;
    })
    .join("");
}

function withoutCurrency(text: string, currency: string | undefined, locale: string): string {
  if (currency === undefined) return text;
  const names = new Set([currency]);
  for (const currencyDisplay of ["symbol", "narrowSymbol"] as const) {
    try {
      const parts = new Intl.NumberFormat(locale, {
        style: "currency",
        currency,
        currencyDisplay,
      }).formatToParts(1);
      names.add(parts.find(({ type }) => type === "currency")?.value ?? currency);
    } catch {
      return text;
    }
  }
  for (const name of names) {
    const upper = text.toUpperCase();
    const mark = name.normalize("NFKC").toUpperCase();
    if (upper.startsWith(mark)) return text.slice(mark.length).trim();
    if (upper.endsWith(mark)) return text.slice(0, -mark.length).trim();
  }
  return text;
}
