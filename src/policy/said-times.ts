import * as chrono from "chrono-node";
import { dateOfDay, dayNumber, localTimeOf } from "./local-time.ts";

/** The dates, clock times and lengths that a person wrote, resolved at the moment of writing. */
export type SaidTimes = {
  /** ISO dates. */
  readonly dates: ReadonlySet<string>;
  /** `MM-DD` of dates written without a year. */
  readonly yearless: ReadonlySet<string>;
  /** Days of the month of "the 15th". */
  readonly daysOfMonth: ReadonlySet<number>;
  /** First and last day of "next week", "in May", "from Monday to Friday". */
  readonly ranges: readonly (readonly [string, string])[];
  /** Minutes since midnight; "at 3" gives both 03:00 and 15:00. */
  readonly minutes: ReadonlySet<number>;
  /** First and last minute of "in the afternoon". */
  readonly parts: readonly (readonly [number, number])[];
  /** Lengths in minutes. */
  readonly durations: ReadonlySet<number>;
  /** The day it was written. */
  readonly today: string;
};

const MAX_CHARS = 8000;
const NUMBER_WORD =
  "a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|forty-five|ninety";
const WORD_VALUES: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
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
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  "forty-five": 45,
  ninety: 90,
};
const LENGTH = new RegExp(
  `\\b(\\d{1,4}(?:[.,]\\d{1,2})?|${NUMBER_WORD})[\\s-]*(and a half\\s+|and a quarter\\s+)?(hours?|hrs?|h|minutes?|mins?|min|days?|weeks?|nights?)(\\s+and a half)?\\b`,
  "gi",
);
const CLOCK = new RegExp(
  `(?:\\b(?:at|to|from|by|until|till|til|around|about|and|or|for|say|make it|@)|[-–—,])\\s*(\\d{1,2}|${NUMBER_WORD})(?:[:.h](\\d{2}))?\\s*(am|pm|a\\.m\\.?|p\\.m\\.?|o['’]clock|uhr|h)?(?![\\p{L}\\p{N}%:]|[.,]\\d)`,
  "giu",
);
/** "11 works better", "14:30 instead". */
const BARE_CLOCK =
  /(?<![\p{L}\p{N}.,:€$£])(\d{1,2})(?:[:.](\d{2}))?\s+(?:works|instead|suits|fits|sharp|is better|would be|would suit)\b/giu;
const PAST = new RegExp(
  `\\b(half|quarter|twenty|ten|five)\\s+(past|to)\\s+(\\d{1,2}|${NUMBER_WORD})\\b`,
  "gi",
);
const PARTS: readonly (readonly [RegExp, number, number])[] = [
  [/\bmornings?\b/i, 360, 720],
  [/\b(?:noon|midday|lunch(?:time)?)\b/i, 690, 840],
  [/\bafternoons?\b/i, 720, 1080],
  [/\b(?:evenings?|tonight|dinner)\b/i, 1020, 1380],
];

/** Reads one message. `now` is when it was written. Text beyond 8,000 characters is not looked at. */
export function readTimes(message: string, now: Date, zone: string, locale: string): SaidTimes {
  const text = message.slice(0, MAX_CHARS);
  const { date: today, minutes: nowMinutes } = localTimeOf(now, zone);
  const dates = new Set<string>();
  const yearless = new Set<string>();
  const minutes = new Set<number>();
  const ranges: (readonly [string, string])[] = [...wordRanges(text, today)];
  const offset = Math.round(
    (Date.parse(`${today}T00:00:00Z`) + nowMinutes * 60_000 - Math.floor(now.getTime() / 60_000) * 60_000) /
      60_000,
  );
  const parser = locale === "en-US" ? chrono.casual : chrono.en.GB;
  for (const result of parser.parse(text, { instant: now, timezone: offset }, { forwardDate: true })) {
    // "Half an hour later" and "for an hour" are lengths; the parser makes moments of today of them.
    const isDayNear = /\bday (?:after tomorrow|before yesterday)\b/i.test(result.text);
    if (!isDayNear && /\b(?:later|earlier|sooner|ago|after|before)\b|^for\b/i.test(result.text)) continue;
    const start = addMoment(result.start, dates, yearless, minutes);
    const end = result.end ? addMoment(result.end, dates, yearless, minutes) : null;
    if (start && end && start < end) ranges.push([start, end]);
    if (result.start.isCertain("weekday")) {
      // "Tuesday" and "next Tuesday" mean the coming one to some, the one after to others.
      for (const shift of [-7, 7]) {
        const other = dayNumber(dateOf(result.start)) + shift;
        if (other >= dayNumber(today) && other <= dayNumber(today) + 14) dates.add(dateOfDay(other));
      }
    }
  }
  for (const [, day, month, year] of text.matchAll(/\b(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)/g)) {
    const mmdd = `${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
    if (year) dates.add(`${year}-${mmdd}`);
    else yearless.add(mmdd);
  }
  const daysOfMonth = new Set<number>();
  for (const [, day] of text.matchAll(/\b(\d{1,2})(?:st|nd|rd|th)\b/gi)) daysOfMonth.add(Number(day));
  for (const [, hour, minute, half] of text.matchAll(CLOCK))
    addClock(minutes, numberOf(hour), Number(minute ?? 0), half);
  for (const [, hour, minute] of text.matchAll(BARE_CLOCK))
    addClock(minutes, Number(hour), Number(minute ?? 0), "");
  for (const [, hour, minute] of text.matchAll(/\b(\d{1,2})[:h](\d{2})\b/g))
    addClock(minutes, Number(hour), Number(minute), "");
  for (const [, part, side, hour] of text.matchAll(PAST)) {
    const step =
      part?.toLowerCase() === "half" ? 30 : part?.toLowerCase() === "quarter" ? 15 : numberOf(part);
    const base = numberOf(hour) * 60 + (side?.toLowerCase() === "to" ? -step : step);
    for (const at of [base, base + 720]) if (at >= 0 && at < 1440) minutes.add(at);
  }
  if (/\bnoon|midday\b/i.test(text)) minutes.add(720);
  if (/\bmidnight\b/i.test(text)) minutes.add(0);
  const parts = PARTS.filter(([word]) => word.test(text)).map(([, from, to]) => [from, to] as const);
  return { dates, yearless, daysOfMonth, ranges, minutes, parts, durations: readLengths(text), today };
}

function addMoment(
  moment: chrono.ParsedComponents,
  dates: Set<string>,
  yearless: Set<string>,
  minutes: Set<number>,
): string | null {
  if (moment.isCertain("hour")) minutes.add((moment.get("hour") ?? 0) * 60 + (moment.get("minute") ?? 0));
  if (!moment.isCertain("day") && !moment.isCertain("weekday")) return null;
  const date = dateOf(moment);
  dates.add(date);
  if (!moment.isCertain("year") && moment.isCertain("month")) yearless.add(date.slice(5));
  return date;
}

function dateOf(moment: chrono.ParsedComponents): string {
  const pad = (value: number | null) => String(value ?? 0).padStart(2, "0");
  return `${String(moment.get("year")).padStart(4, "0")}-${pad(moment.get("month"))}-${pad(moment.get("day"))}`;
}

function addClock(minutes: Set<number>, hour: number, minute: number, half: string | undefined): void {
  if (hour > 24 || minute > 59) return;
  const isPm = /^p/i.test(half ?? "");
  const isAm = /^a/i.test(half ?? "");
  if (isAm || isPm) {
    if (hour <= 12) minutes.add(((hour % 12) + (isPm ? 12 : 0)) * 60 + minute);
    return;
  }
  minutes.add((hour % 24) * 60 + minute);
  if (hour <= 12) minutes.add(((hour + 12) % 24) * 60 + minute);
}

function numberOf(word: string | undefined): number {
  return WORD_VALUES[word?.toLowerCase() ?? ""] ?? Number(word);
}

function readLengths(text: string): ReadonlySet<number> {
  const durations = new Set<number>();
  const add = (value: number) => {
    if (value > 0 && value <= 60 * 24 * 366) durations.add(Math.round(value));
  };
  let sum = 0;
  for (const [, amount = "", inner, unit = "", outer] of text.matchAll(LENGTH)) {
    const minutesPer = /^h/i.test(unit) ? 60 : /^m/i.test(unit) ? 1 : /^w/i.test(unit) ? 10_080 : 1440;
    const extra = inner || outer ? (/quarter/i.test(`${inner}`) ? 0.25 : 0.5) : 0;
    const length = (numberOf(amount.replace(",", ".")) + extra) * minutesPer;
    add(length);
    sum += length;
  }
  add(sum);
  if (/\bhalf (?:an |a |-)?hour\b/i.test(text)) add(30);
  if (/\b(?:quarter of an|quarter) hour\b/i.test(text)) add(15);
  for (const [, hours, mins] of text.matchAll(/\b(\d{1,2})h(\d{1,2})m?\b/gi))
    add(Number(hours) * 60 + Number(mins));
  if (/\ball[- ]day\b/i.test(text)) add(1440);
  return durations;
}

function wordRanges(text: string, today: string): readonly (readonly [string, string])[] {
  const ranges: (readonly [string, string])[] = [];
  const day = dayNumber(today);
  // 1970-01-01 was a Thursday; Monday is 0.
  const monday = day - ((day + 3) % 7);
  const range = (from: number, to: number) => ranges.push([dateOfDay(from), dateOfDay(to)]);
  if (/\b(?:this|rest of the|later this|sometime this) week\b/i.test(text)) range(monday, monday + 6);
  if (/\bnext week\b/i.test(text)) range(monday + 7, monday + 13);
  if (/\bweek after next\b/i.test(text)) range(monday + 14, monday + 20);
  if (/\bthis weekend\b/i.test(text)) range(monday + 5, monday + 6);
  if (/\bnext weekend\b/i.test(text)) range(monday + 5, monday + 13);
  if (/\b(?:this|next) month\b/i.test(text)) range(day, day + 62);
  if (/\b(?:soon|as soon as possible|asap|earliest|first (?:free|available|open))\b/i.test(text))
    range(day, day + 13);
  return ranges;
}
