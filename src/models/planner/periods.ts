import type { DateTime } from "luxon";
import { sayDay, type TimeProblem } from "./date-problems.ts";

/** A stretch of days or part of a day, end exclusive. */
export type Period = {
  readonly from: number;
  readonly to: number;
  readonly start: DateTime;
  readonly end: DateTime;
  readonly problem: TimeProblem | null;
};

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const WEEKDAY = "(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?";
const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  morning: [8, 12],
  afternoon: [12, 18],
  evening: [17, 22],
  night: [17, 24],
};

function weekdayOf(word: string): number {
  return WEEKDAYS.findIndex((day) => day.startsWith(word.toLowerCase().slice(0, 3))) + 1;
}

type Rule = {
  readonly pattern: RegExp;
  readonly read: (m: RegExpMatchArray, here: DateTime) => readonly [DateTime, DateTime] | null;
};

const week = (here: DateTime, by: number): readonly [DateTime, DateTime] => {
  const start = here.startOf("week").plus({ weeks: by });
  return [start, start.plus({ weeks: 1 })];
};
const shift = (word: string) =>
  /next|following|coming/i.test(word) ? 1 : /last|past|previous/i.test(word) ? -1 : 0;
const oneDay = (start: DateTime): readonly [DateTime, DateTime] => [start, start.plus({ days: 1 })];

/** The coming such weekday; today only when nothing else is possible. */
function coming(here: DateTime, weekday: number): DateTime {
  const today = here.startOf("day");
  return today.plus({ days: (weekday - today.weekday + 7) % 7 || 7 });
}

/** The next day of the month with this number, from today on. */
function nextDayOfMonth(here: DateTime, day: number): DateTime | null {
  for (let by = 0; by < 3; by++) {
    const month = here.startOf("month").plus({ months: by });
    if (day < 1 || day > (month.daysInMonth ?? 31)) continue;
    const found = month.set({ day });
    if (found >= here.startOf("day")) return found;
  }
  return null;
}

const MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

const RULES: readonly Rule[] = [
  {
    // "20.03." is always day and month, as those who write it so mean it.
    pattern: /(?<![\d.])(?:on )?(?:the )?(\d{1,2})\.\s?(\d{1,2})\.(?!\d)/g,
    read: (m, here) => {
      const day = here.startOf("day").set({ day: 1, month: Number(m[2]) });
      if (Number(m[2]) > 12 || Number(m[1]) > (day.daysInMonth ?? 31)) return null;
      const date = day.set({ day: Number(m[1]) });
      return oneDay(date < here.startOf("day") ? date.plus({ years: 1 }) : date);
    },
  },
  {
    pattern: new RegExp(
      `\\b(?:on )?the (\\d{1,2})(?:st|nd|rd|th)\\b(?! (?:of )?(?:${MONTHS})| (?:one|time|slot|option|floor|deal|meeting|quarter))`,
      "gi",
    ),
    read: (m, here) => {
      const day = nextDayOfMonth(here, Number(m[1]));
      return day ? oneDay(day) : null;
    },
  },
  {
    pattern: /\b(?:on )?(mon|tues|wednes|thurs|fri|satur|sun)days\b/gi,
    read: (m, here) => oneDay(coming(here, weekdayOf(m[1] ?? ""))),
  },
  {
    pattern: new RegExp(
      `\\b(?:on )?${WEEKDAY},?(?: of| in)? (?:the )?(next|this|last|following) week\\b`,
      "gi",
    ),
    read: (m, here) => oneDay(week(here, shift(m[2] ?? ""))[0].plus({ days: weekdayOf(m[1] ?? "") - 1 })),
  },
  {
    pattern: new RegExp(`\\b(next|this|last|following) week,?(?: on)? ${WEEKDAY}\\b`, "gi"),
    read: (m, here) => oneDay(week(here, shift(m[1] ?? ""))[0].plus({ days: weekdayOf(m[2] ?? "") - 1 })),
  },
  {
    pattern: /\b(?:the |for the )?rest of (?:the|this) week\b|\blater this week\b/gi,
    read: (_, here) => [here.startOf("day"), week(here, 0)[1]],
  },
  {
    pattern: /\b(?:the )?week after next\b|\bin two weeks'? time\b/gi,
    read: (_, here) => week(here, 2),
  },
  {
    // On a weekend the week that people still plan for is the coming one.
    pattern: /\b(?:this|my|our) week\b(?!\s*(?:end|day))/gi,
    read: (m, here) => {
      const isOver = here.weekday >= 6 && !/\b(?:did|was|were|been|had|last|past)\b/i.test(m.input ?? "");
      return isOver ? [here.startOf("day"), week(here, 1)[1]] : week(here, 0);
    },
  },
  {
    pattern: /\b(?:my|our) day\b/gi,
    read: (_, here) => oneDay(here.startOf("day")),
  },
  {
    pattern:
      /\b(?:the )?(next|this|last|following|coming|current|past|previous|whole) (week|month|quarter|year)(?!end)\b/gi,
    read: (m, here) => {
      const by = shift(m[1] ?? "");
      if (/week/i.test(m[2] ?? "")) return week(here, by);
      const unit = (m[2] ?? "").toLowerCase() as "month" | "quarter" | "year";
      const start = here.startOf(unit).plus({ [`${unit}s`]: by });
      return [start, start.plus({ [`${unit}s`]: 1 })];
    },
  },
  {
    pattern: /\b(?:the |this |on the |at the )?(next )?weekend\b/gi,
    read: (m, here) => {
      const saturday = here.startOf("week").plus({ days: 5, weeks: m[1] ? 1 : 0 });
      return [saturday, saturday.plus({ days: 2 })];
    },
  },
  {
    pattern:
      /\b(?:in |over |for |within )?(?:the )?(?:next|coming) (\d{1,2}|few|couple of) (working )?(days|weeks)\b/gi,
    read: (m, here) => {
      const count = Number(m[1]) || 3;
      return [here.startOf("day"), here.startOf("day").plus({ [(m[3] ?? "days").toLowerCase()]: count })];
    },
  },
  {
    pattern: new RegExp(
      `\\b(?:on |the )?(this|tomorrow|today|yesterday|(?:next |this )?${WEEKDAY}|tonight|in the) ?(morning|afternoon|evening|night)?\\b(?! at| \\d|,? (?:at )?\\d)`,
      "gi",
    ),
    read: (m, here) => {
      const word = (m[1] ?? "").toLowerCase();
      const part = PARTS[word === "tonight" ? "evening" : (m[3] ?? "").toLowerCase()];
      if (!part) return null;
      const today = here.startOf("day");
      const day =
        word === "tomorrow"
          ? today.plus({ days: 1 })
          : word === "yesterday"
            ? today.minus({ days: 1 })
            : m[2]
              ? coming(here, weekdayOf(m[2]))
              : today;
      if (word === "in the") return null;
      return [day.plus({ hours: part[0] }), day.plus({ hours: part[1] })];
    },
  },
];

const NEXT_WEEKDAY = new RegExp(`\\b(?:on )?next ${WEEKDAY}\\b`, "gi");

/** Finds weeks, weekends, months, parts of a day and weekdays of a week. */
export function findPeriods(text: string, here: DateTime): readonly Period[] {
  const found: Period[] = [];
  const isFree = (from: number, to: number) => !found.some((f) => f.from < to && from < f.to);
  for (const { pattern, read } of RULES)
    for (const m of text.matchAll(pattern)) {
      const to = m.index + m[0].length;
      if (!isFree(m.index, to)) continue;
      const [start, end] = read(m, here) ?? [];
      if (start && end) found.push({ from: m.index, to, start, end, problem: null });
    }
  for (const m of text.matchAll(NEXT_WEEKDAY)) {
    const to = m.index + m[0].length;
    if (!isFree(m.index, to)) continue;
    const soon = coming(here, weekdayOf(m[1] ?? ""));
    const later = week(here, 1)[0].plus({ days: weekdayOf(m[1] ?? "") - 1 });
    const problem: TimeProblem | null = soon.hasSame(later, "day")
      ? null
      : {
          kind: "ambiguous",
          question: `Which ${soon.setLocale("en-GB").toFormat("cccc")} do you mean: ${sayDay(soon, here)} or ${sayDay(later, here)}?`,
          options: [soon, later].map((d) => ({ label: sayDay(d, here), value: d.toISODate() ?? "" })),
          from: m.index,
          to,
        };
    found.push({ from: m.index, to, start: later, end: later.plus({ days: 1 }), problem });
  }
  return found;
}
