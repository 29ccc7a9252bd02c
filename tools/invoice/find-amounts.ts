import { minorDigits, toMinor } from "./money.ts";

export type AmountStyle = "comma" | "point";

export type FoundAmount = {
  /** Integer minor units. */
  readonly minor: number;
  readonly text: string;
  readonly index: number;
  /** A currency sign or the currency's decimals stand with it, so that it is hardly a count or an id. */
  readonly isMoney: boolean;
};

const SIGN = "€|\\$|£|¥|₹|zł|Kč|kr\\.?|Ft|Rs\\.?|RM|R\\$|CHF|EUR|USD|GBP|[A-Z]{3}";
/** Digits, perhaps in groups by point, comma, apostrophe or space (also Indian 2-3 groups), perhaps decimals. */
const NUMBER =
  "\\d{1,3}(?:[.,'’]\\d{2,3})+(?:[.,]\\d{1,4})?|\\d{1,3}(?:[ \\u00a0\\u202f]\\d{3})+(?:[.,]\\d{1,4})?|\\d+(?:[.,]\\d{1,4})?";
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\d.,/#_-])(?<open>\\(?)(?<minus>[-−–]?)\\s?(?<before>(?:${SIGN})?)\\s?(?<inner>[-−–]?)(?<number>${NUMBER})(?<dash>(?:,-|,–|\\.-)?)(?<trail>-?)(?<close>\\)?)\\s?(?<after>(?:${SIGN})?)(?![\\p{L}\\d%/]|\\s?%|[.,:-]\\d)`,
  "gu",
);

/** All amounts in a text, in the order they stand. Percentages, dates and parts of words are left out. */
export function findAmounts(text: string, currency: string, style?: AmountStyle): readonly FoundAmount[] {
  const found: FoundAmount[] = [];
  for (const match of text.slice(0, 200_000).matchAll(AMOUNT)) {
    const groups = match.groups ?? {};
    const decimal = toDecimal(groups.number ?? "", style, minorDigits(currency));
    if (decimal === null) continue;
    const isNegative =
      groups.minus !== "" ||
      groups.inner !== "" ||
      groups.trail !== "" ||
      (groups.open === "(" && groups.close === ")");
    const minor = toMinor(decimal, currency);
    if (minor === null) continue;
    found.push({
      minor: isNegative && minor !== 0 ? -minor : minor,
      text: match[0].trim(),
      index: match.index,
      isMoney:
        groups.before !== "" ||
        groups.after !== "" ||
        groups.dash !== "" ||
        /[.,]\d{2}$/.test(groups.number ?? ""),
    });
  }
  return found;
}

/** Whether a text writes decimals with comma or point, by its amounts that leave no doubt. */
export function amountStyle(text: string): AmountStyle {
  const comma = text.match(/\d,\d{2}(?![\d,.]|\s?%)/g)?.length ?? 0;
  const point = text.match(/\d\.\d{2}(?![\d,.]|\s?%)/g)?.length ?? 0;
  return comma > point ? "comma" : "point";
}

/** A written number as a plain decimal; null when its signs make no sense. */
function toDecimal(written: string, style: AmountStyle | undefined, digits: number): string | null {
  const plain = written.replace(/['’ \u00a0\u202f]/g, "");
  const lastComma = plain.lastIndexOf(",");
  const lastPoint = plain.lastIndexOf(".");
  if (lastComma < 0 && lastPoint < 0) return plain;
  if (lastComma >= 0 && lastPoint >= 0) {
    const decimal = lastComma > lastPoint ? "," : ".";
    const group = decimal === "," ? "." : ",";
    const [whole = "", fraction = "", ...rest] = plain.replaceAll(group, "").split(decimal);
    return rest.length > 0 ? null : `${whole}.${fraction}`;
  }
  const mark = lastComma >= 0 ? "," : ".";
  const parts = plain.split(mark);
  const last = parts.at(-1) ?? "";
  const isDecimalMark = style === undefined || (style === "comma") === (mark === ",");
  if (parts.length > 2)
    return last.length === 3 && parts.slice(1).every((part) => part.length === 3 || part.length === 2)
      ? parts.join("")
      : null;
  // One mark and three digits: a group, unless the currency has three minor digits or the style says so.
  if (last.length === 3 && !(isDecimalMark && digits === 3)) {
    const isGroup = style === undefined || !isDecimalMark || (parts[0] ?? "").length <= 3;
    return isGroup && parts[0] !== "0" ? parts.join("") : `${parts[0]}.${last}`;
  }
  return `${parts[0]}.${last}`;
}
