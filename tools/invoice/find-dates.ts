import { isRealDate } from "./field.ts";

export type DateOrder = "day-first" | "month-first";
export type FoundDate = { readonly iso: string; readonly text: string; readonly index: number };

/** First letters of the months in the languages read; folded, so without accents. */
const MONTHS: readonly string[] = [
  "jan|janv|janvier|januar|january|enero|ene|gennaio|gen|januari|janeiro|jaenner|styczen|stycznia|tammikuuta|ledna",
  "feb|fev|fevr|fevrier|februar|february|febrero|febbraio|februari|fevereiro|lutego|helmikuuta|unora",
  "mar|mars|marz|maerz|march|marzo|maart|mrt|marco|mrz|marca|maaliskuuta|brezna",
  "apr|avr|avril|april|abril|abr|aprile|kwietnia|huhtikuuta|dubna",
  "may|mai|mayo|maggio|mag|mei|maio|maj|maja|toukokuuta|kvetna",
  "jun|juin|juni|june|junio|giugno|giu|junho|czerwca|kesakuuta|cervna",
  "jul|juil|juillet|juli|july|julio|luglio|lug|julho|lipca|heinakuuta|cervence",
  "aug|aout|august|agosto|ago|augustus|augusti|sierpnia|elokuuta|srpna",
  "sep|sept|septembre|september|septiembre|settembre|set|setembro|wrzesnia|syyskuuta|zari",
  "oct|octobre|oktober|october|octubre|ottobre|ott|okt|outubro|out|pazdziernika|lokakuuta|rijna",
  "nov|novembre|november|noviembre|novembro|listopada|marraskuuta",
  "dec|decembre|dezember|december|diciembre|dic|dicembre|dez|dezembro|des|grudnia|joulukuuta|prosince",
];
const MONTH_OF = new Map(
  MONTHS.flatMap((names, i) => names.split("|").map((name) => [name, i + 1] as const)),
);
const NAME = "[a-z]{3,13}";
const PATTERNS: readonly (readonly [RegExp, readonly ("y" | "m" | "d" | "M")[]])[] = [
  [/(?<![\d.])(\d{4})\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?!\d)/g, ["y", "m", "d"]],
  [/(?<![\d.])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})(?![\d.]\d)/g, ["d", "m", "y"]],
  [
    new RegExp(
      `(?<!\\d)(\\d{1,2})(?:\\.|st|nd|rd|th|er|º|ª)?[\\s-]*(?:de |of )?\\s*(${NAME})\\.?,?[\\s-]*(?:de |del )?\\s*(\\d{4}|\\d{2})(?!\\d)`,
      "g",
    ),
    ["d", "M", "y"],
  ],
  [
    new RegExp(`(?<![a-z])(${NAME})\\.?\\s*(\\d{1,2})(?:st|nd|rd|th)?\\s*,?\\s+(\\d{4})(?!\\d)`, "g"),
    ["M", "d", "y"],
  ],
];

/** Lower case without accents, of the same length, so that places carry over. */
export function fold(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const base = char.normalize("NFD").charAt(0).toLowerCase();
    out += base.length === 1 ? base : char;
  }
  return out;
}

/** All dates in a text that exist, in the order they stand. */
export function findDates(text: string, order: DateOrder = "day-first"): readonly FoundDate[] {
  const folded = fold(text.slice(0, 20_000));
  const found: FoundDate[] = [];
  for (const [pattern, parts] of PATTERNS) {
    for (const match of folded.matchAll(pattern)) {
      const value = { y: 0, m: 0, d: 0 };
      parts.forEach((part, i) => {
        const raw = match[i + 1] ?? "";
        if (part === "M") value.m = MONTH_OF.get(raw) ?? 0;
        else value[part] = part === "y" && raw.length === 2 ? 2000 + Number(raw) : Number(raw);
      });
      if (parts[0] === "d" && parts[1] === "m") {
        const isSwapped = value.m > 12 || (order === "month-first" && value.d <= 12);
        if (isSwapped) [value.d, value.m] = [value.m, value.d];
      }
      if (value.m < 1 || value.m > 12 || !isRealDate(value.y, value.m, value.d)) continue;
      if (found.some((other) => Math.abs(other.index - match.index) < 6)) continue;
      found.push({
        iso: `${value.y}-${String(value.m).padStart(2, "0")}-${String(value.d).padStart(2, "0")}`,
        text: text.slice(match.index, match.index + match[0].length),
        index: match.index,
      });
    }
  }
  return found.sort((a, b) => a.index - b.index);
}

/** Whether day or month comes first in dates with strokes: by a date that leaves no doubt, else by dollars. */
export function dateOrder(text: string, currency: string | null): DateOrder {
  let dayFirst = 0;
  let monthFirst = 0;
  for (const match of text.matchAll(/(?<!\d)(\d{1,2})\/(\d{1,2})\/\d{2,4}/g)) {
    if (Number(match[1]) > 12) dayFirst++;
    if (Number(match[2]) > 12) monthFirst++;
  }
  if (monthFirst !== dayFirst) return monthFirst > dayFirst ? "month-first" : "day-first";
  return currency === "USD" ? "month-first" : "day-first";
}
