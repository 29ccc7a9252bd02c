/** A number that a person wrote, with what stood around it. */
export type SaidNumber = {
  readonly value: number;
  readonly isPercent: boolean;
  /** After "by": a change, not a new value. */
  readonly isDelta: boolean;
};

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  tsd: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  millions: 1e6,
  bn: 1e9,
  billion: 1e9,
};
const WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  dozen: 12,
};
const FIGURES =
  /(?<![\p{L}\p{N}.,])([-−]?)(?:[€$£¥]\s?|(?:eur|usd|gbp|chf|jpy)\s?)?(\d{1,3}(?:[ \u00a0'’]\d{3})+(?:[.,]\d{1,2})?|\d[\d.,]*\d|\d)(?:\s?(k|m|mn|mio|bn|tsd|thousand|millions?|billion)\b)?(?:\s?(%|percent|per cent))?/giu;

/** All numbers of a text: separators of either style, "12k", "1.2 million", percentages, "twenty five". */
export function readNumbers(text: string): readonly SaidNumber[] {
  const numbers: SaidNumber[] = [];
  for (const match of text.matchAll(FIGURES)) {
    const [, sign, figures = "", scale, percent] = match;
    const isDelta = /\b(?:by|another|extra|additional|plus|minus)\s*$/i.test(
      text.slice(Math.max(0, match.index - 14), match.index),
    );
    for (const base of readFigures(figures)) {
      const value = round(base * (SCALES[scale?.toLowerCase() ?? ""] ?? 1));
      numbers.push({ value, isPercent: percent !== undefined, isDelta });
      if (sign) numbers.push({ value: -value, isPercent: percent !== undefined, isDelta });
    }
    if (numbers.length > 200) return numbers;
  }
  return [...numbers, ...readNumberWords(text)];
}

/** "12,500.00", "12.500,00", "12 500", "12'500": one value, or two where a single separator could mean either. */
export function readFigures(figures: string): readonly number[] {
  const bare = figures.replace(/[ \u00a0'’]/g, "");
  const lastDot = bare.lastIndexOf(".");
  const lastComma = bare.lastIndexOf(",");
  if (lastDot < 0 && lastComma < 0) return [Number(bare)];
  if (lastDot >= 0 && lastComma >= 0) {
    const decimal = lastDot > lastComma ? "." : ",";
    const whole = bare.replaceAll(decimal === "." ? "," : ".", "");
    return finite(Number(whole.replace(decimal, ".")));
  }
  const mark = lastDot >= 0 ? "." : ",";
  const parts = bare.split(mark);
  const isGrouped =
    parts.length > 1 && parts.slice(1).every((part) => part.length === 3) && (parts[0]?.length ?? 0) <= 3;
  if (parts.length > 2) return isGrouped ? finite(Number(parts.join(""))) : [];
  const asDecimal = finite(Number(bare.replace(mark, ".")));
  if (!isGrouped) return asDecimal;
  // "12,500" is twelve thousand five hundred; "12.500" is so only in half of Europe.
  return mark === "," ? finite(Number(parts.join(""))) : [...finite(Number(parts.join(""))), ...asDecimal];
}

function readNumberWords(text: string): readonly SaidNumber[] {
  const numbers: SaidNumber[] = [];
  let total: number | null = null;
  for (const word of [...text.toLowerCase().split(/[^a-z]+/), ""]) {
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    const scale = total === null || word.length < 2 ? undefined : SCALES[word];
    if (value !== undefined) {
      if (total !== null && !(total % 10 === 0 && total >= 20 && value < 10)) {
        numbers.push({ value: total, isPercent: false, isDelta: false });
        total = value;
      } else total = (total ?? 0) + value;
    } else if (word === "hundred" && total !== null) total *= 100;
    else if (scale !== undefined && total !== null) total *= scale;
    else if (total !== null) {
      numbers.push({ value: total, isPercent: false, isDelta: false });
      total = null;
    }
  }
  return numbers;
}

function finite(value: number): readonly number[] {
  return Number.isFinite(value) ? [value] : [];
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
