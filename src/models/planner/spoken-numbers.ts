import { type Replacement, type RewrittenText, rewrite } from "./rewritten-text.ts";

const ONES =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS: Readonly<Record<string, number>> = { twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50 };
const ORDINALS =
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(
    " ",
  );
const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

const small = ONES.slice(1).join("|");
const NUMBER = `(?:(?:twenty|thirty|fou?rty|fifty)(?:[ -](?:${ONES.slice(1, 10).join("|")}))?|${small})`;
const HOUR = `(?:${ONES.slice(1, 13).join("|")}|\\d{1,2})`;
const UNIT = "(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|thousand|hundred|million|percent|k)";

function readSmall(words: string): number | null {
  if (/^\d+$/.test(words)) return Number(words);
  let sum = 0;
  for (const word of words.toLowerCase().split(/[ -]+/)) {
    const one = ONES.indexOf(word);
    const value = one >= 0 ? one : TENS[word];
    if (value === undefined) return null;
    sum += value;
  }
  return sum;
}

const two = (value: number) => String(value).padStart(2, "0");

type Rule = { readonly pattern: RegExp; readonly write: (m: RegExpExecArray) => string | null };

function minutesPast(m: RegExpExecArray): string | null {
  const hour = readSmall(m[3] ?? "");
  const word = (m[1] ?? "").toLowerCase();
  const minutes = word === "half" ? 30 : word.includes("quarter") ? 15 : readSmall(word);
  if (hour === null || minutes === null || hour > 23 || minutes > 59) return null;
  const isTo = /^(to|before)$/i.test(m[2] ?? "");
  const total = isTo ? (hour === 1 ? 13 : hour) * 60 - minutes : hour * 60 + minutes;
  return `${Math.floor(total / 60)}:${two(total % 60)}`;
}

/** Clock times, durations and days as they are spoken, tried in this order. */
const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(
      `\\b(half|(?:a )?quarter|${NUMBER}|\\d{1,2})(?: minutes?)? (past|after|to|before) (${HOUR})\\b(?! *(?:%|percent|k\\b|[:.,]\\d|${UNIT}))`,
      "gi",
    ),
    // "from nine to five" is a span, not five past; only round minutes are spoken that way.
    write: (m) => {
      const word = (m[1] ?? "").toLowerCase();
      const isClock = /half|quarter/.test(word) || [5, 10, 20, 25].includes(readSmall(word) ?? -1);
      const before = m.input.slice(Math.max(0, m.index - 9), m.index).toLowerCase();
      const isSpan = /(from|between) $/.test(before) || (/^\d/.test(word) && !/minute/i.test(m[0]));
      return isClock && !isSpan ? minutesPast(m) : null;
    },
  },
  {
    pattern: new RegExp(`\\bhalf (${HOUR})\\b(?! *(?:hours?|days?|weeks?))`, "gi"),
    write: (m) => `${readSmall(m[1] ?? "")}:30`,
  },
  {
    pattern: new RegExp(
      `\\b(${ONES.slice(1, 13).join("|")}) (oh five|fifteen|twenty|thirty|fou?rty[- ]five|ten|fou?rty|fifty)\\b`,
      "gi",
    ),
    write: (m) => {
      const minutes = /oh five/i.test(m[2] ?? "") ? 5 : readSmall(m[2] ?? "");
      return minutes === null ? null : `${readSmall(m[1] ?? "")}:${two(minutes)}`;
    },
  },
  {
    pattern: new RegExp(`\\b(${NUMBER}) ?(?=(?:am|pm|a\\.m\\.|p\\.m\\.|o'?clock)(?!\\w))`, "gi"),
    write: (m) => String(readSmall(m[1] ?? "")),
  },
  {
    pattern: new RegExp(`\\b(${NUMBER})(?=[ -]${UNIT}\\b)`, "gi"),
    write: (m) => String(readSmall(m[1] ?? "")),
  },
  {
    pattern: new RegExp(
      `(?<=\\b(?:at|to|by|from|until|till|before|after|around|about|between|and) )(?!one of\\b)(${ONES.slice(1, 13).join("|")})(?= *(?:$|[.,?!]|on\\b|to\\b|until\\b|till\\b|and\\b|or\\b|instead\\b|today\\b|tomorrow\\b|in the\\b|sharp\\b|with\\b|tonight\\b|next\\b|this\\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day))`,
      "gi",
    ),
    write: (m) => String(readSmall(m[1] ?? "")),
  },
  {
    pattern: new RegExp(
      `\\b(?:the )?((?:twenty|thirty)[ -])?(${ORDINALS.join("|")})(?= (?:of )?(?:${MONTHS})\\b)`,
      "gi",
    ),
    write: ordinalOf,
  },
  {
    pattern: new RegExp(
      `(?<=\\b(?:${MONTHS}) )(?:the )?((?:twenty|thirty)[ -])?(${ORDINALS.join("|")})\\b`,
      "gi",
    ),
    write: ordinalOf,
  },
];

function ordinalOf(m: RegExpExecArray): string {
  const tens = m[1] ? (TENS[m[1].trim().replace("-", "").toLowerCase()] ?? 0) : 0;
  const value = tens + ORDINALS.indexOf((m[2] ?? "").toLowerCase()) + 1;
  return `${value}th`;
}

/** Writes spoken numbers in digits where they are part of a time, a duration or a date, and nowhere else. */
export function writeSpokenNumbers(text: string): RewrittenText {
  const found: Replacement[] = [];
  for (const { pattern, write } of RULES) {
    pattern.lastIndex = 0;
    for (const m of text.matchAll(pattern)) {
      const from = m.index;
      const to = from + m[0].length;
      if (found.some((f) => f.from < to && from < f.to)) continue;
      const written = write(m as RegExpExecArray);
      if (written === null || written.includes("null")) continue;
      const space = m[0].endsWith(" ") ? " " : "";
      found.push({ from, to, text: written + space });
    }
  }
  return rewrite(
    text,
    found.sort((a, b) => a.from - b.from),
  );
}
