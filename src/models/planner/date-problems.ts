import { DateTime } from "luxon";

/** Why a date must be asked back, with the answers that would do (as words that can be read again). */
export type TimeProblem = {
  readonly kind: "impossible" | "ambiguous";
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly from: number;
  readonly to: number;
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
const WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
const ONE = `(?:(?:on |the )*(?:${DAY}(?: of)? ${MONTH}|${MONTH} ${DAY}|\\d{1,2}(?:st|nd|rd|th)|${WEEKDAY}|today|tomorrow|(?:at )?\\d{1,2}(?::\\d{2})?\\s*(?:am|pm)?))`;
const EITHER = new RegExp(
  `(?<!\\p{L})(${ONE}) or (${ONE})(?![\\p{L}\\d]| (?:minutes?|hours?|people|euros?))`,
  "iu",
);

const monthOf = (word: string) => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;

/** "Thursday 26 November" (with the year when it is another one). */
export function sayDay(day: DateTime, here: DateTime): string {
  return day.setLocale("en-GB").toFormat(day.year === here.year ? "cccc d MMMM" : "cccc d MMMM yyyy");
}

/** The first date in a text that does not exist or can mean two days; null when there is none. */
export function findDateProblem(text: string, here: DateTime): TimeProblem | null {
  return findImpossible(text) ?? findSlashes(text, here) ?? findEither(text);
}

function impossible(m: RegExpMatchArray, said: string, why: string): TimeProblem {
  const from = m.index ?? 0;
  return {
    kind: "impossible",
    question: `${said} does not exist: ${why}. Which date do you mean?`,
    options: [],
    from,
    to: from + m[0].length,
  };
}

function findImpossible(text: string): TimeProblem | null {
  const patterns: [RegExp, (m: RegExpMatchArray) => [number, number, number | null]][] = [
    [
      new RegExp(`\\b${DAY}(?: of)? ${MONTH}\\b(?:,? (\\d{4}))?`, "gi"),
      (m) => [Number(m[1]), monthOf(m[2] ?? ""), m[3] ? Number(m[3]) : null],
    ],
    [
      new RegExp(`\\b${MONTH} ${DAY}\\b(?!:|\\s*(?:am|pm)\\b)(?:,? (\\d{4}))?`, "gi"),
      (m) => [Number(m[2]), monthOf(m[1] ?? ""), m[3] ? Number(m[3]) : null],
    ],
    [/\b(\d{4})-(\d{2})-(\d{2})\b/g, (m) => [Number(m[3]), Number(m[2]), Number(m[1])]],
  ];
  for (const [pattern, read] of patterns)
    for (const m of text.matchAll(pattern)) {
      const [day, month, year] = read(m);
      // Without a year a leap day may exist: any leap year will do.
      if (DateTime.fromObject({ year: year ?? 2028, month, day }).isValid) continue;
      const days =
        month >= 1 && month <= 12 ? DateTime.fromObject({ year: year ?? 2028, month }).daysInMonth : null;
      const name = DateTime.fromObject({ month: Math.min(Math.max(month, 1), 12) })
        .setLocale("en-GB")
        .toFormat("MMMM");
      const why = days
        ? `${name}${year ? ` ${year}` : ""} has ${month === 2 && !year ? "28 or 29" : days} days`
        : "a year has twelve months";
      return impossible(m, `"${m[0].trim()}"`, why);
    }
  const clock =
    /\b(?:at |to )?(2[4-9]|[3-9]\d):(\d{2})\b|\b(\d{1,2}):([6-9]\d)\b|\b(1[3-9]|2\d)\s?(?:am)\b/i.exec(text);
  if (clock) return impossible(clock, `The time "${clock[0].trim()}"`, "a day has 24 hours of 60 minutes");
  return null;
}

function findSlashes(text: string, here: DateTime): TimeProblem | null {
  for (const m of text.matchAll(/(?<![\d/.-])(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?(?![\d/])/g)) {
    const [a, b] = [Number(m[1]), Number(m[2])];
    const year = m[3] ? Number(m[3].length === 2 ? `20${m[3]}` : m[3]) : null;
    const day = (d: number, month: number) => {
      const date = DateTime.fromObject({ year: year ?? here.year, month, day: d }, { zone: here.zone });
      return date.isValid
        ? year === null && date < here.startOf("day")
          ? date.plus({ years: 1 })
          : date
        : null;
    };
    const dayFirst = day(a, b);
    const monthFirst = day(b, a);
    const from = m.index;
    if (!dayFirst && !monthFirst) return impossible(m, `"${m[0]}"`, "no calendar has such a day");
    if (!dayFirst || !monthFirst || a === b) continue;
    const options = [dayFirst, monthFirst].map((d) => ({
      label: sayDay(d, here),
      value: d.toISODate() ?? "",
    }));
    return {
      kind: "ambiguous",
      question: `"${m[0]}" can mean ${options[0]?.label} or ${options[1]?.label}. Which one?`,
      options,
      from,
      to: from + m[0].length,
    };
  }
  return null;
}

function findEither(text: string): TimeProblem | null {
  const m = EITHER.exec(text);
  if (!m) return null;
  const first = (m[1] ?? "").trim();
  const second = (m[6] ?? "").trim();
  if (!first || !second || (/^\d{1,2}$/.test(first) && !/\d/.test(second))) return null;
  const before = text.slice(Math.max(0, m.index - 4), m.index);
  const isClock = /^(?:at )?\d{1,2}(?::\d{2})?\s*(?:am|pm)?$/i;
  if (isClock.test(first) && !/^at /i.test(first) && !/(?:at|to) $/i.test(before)) return null;
  const say = (words: string) => (isClock.test(words) && !/^at/i.test(words) ? `at ${words}` : words);
  return {
    kind: "ambiguous",
    question: `Which one do you mean: ${say(first)} or ${say(second)}?`,
    options: [first, second].map((words) => ({ label: say(words), value: say(words) })),
    from: m.index,
    to: m.index + m[0].length,
  };
}
