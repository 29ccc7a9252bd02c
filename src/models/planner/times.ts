import { parse } from "chrono-node/en";
import { DateTime } from "luxon";
import { findDateProblem, type TimeProblem } from "./date-problems.ts";
import { findDurations, findShift, type Shift } from "./durations.ts";
import { findPeriods } from "./periods.ts";
import { writeSpokenNumbers } from "./spoken-numbers.ts";

/** A moment, day or stretch of time said in a text, in the zone of the person. */
export type TimeSpan = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Beginning; at midnight when no time of day was said. */
  readonly start: DateTime;
  /** Exclusive end of a range, or null. */
  readonly end: DateTime | null;
  /** "after 4": the clock time opens a stretch, "before noon": it closes one. */
  readonly edge?: "from" | "to";
  readonly hasDate: boolean;
  /** A clock time was said ("at 3"), not only a part of the day. */
  readonly hasTime: boolean;
  /** "friday" without "next" or a date, as it decides what "past" means. */
  readonly problem: TimeProblem | null;
};

export type TimeReading = {
  readonly spans: readonly TimeSpan[];
  readonly minutes: number | null;
  /** "half an hour later": from the time that something has now. */
  readonly shift: Shift | null;
  /** Every place of the text that says something about time, durations included. */
  readonly used: readonly { readonly from: number; readonly to: number }[];
};

const LONGEST = 1_500;

/** Same length, so that places stay: what chrono does not read is written as it does. */
function forChrono(text: string): string {
  return text
    .replace(
      // "Tomorrow 2 to 4" is a stretch of time.
      /(?<!(?:day|tomorrow|today|\d(?:st|nd|rd|th)),? (?:at |from )?\d{1,2}(?::\d{2})?(?: ?[ap]m)? )\b(to|by)(?= (?:\d{1,2}(?::\d{2})?)(?:\s*(?:am|pm))?(?:$|[\s.,?!]*$|\s+(?:on|today|tomorrow|instead|with|please|for|and|in|next|this)\b))/gi,
      "at",
    )
    .replace(/\b(\d{1,2})\.(\d{2})(?=\s*(?:uhr|h\b|am\b|pm\b))/gi, "$1:$2")
    .replace(/(?<=\bmake )(?:it|that)(?= \d{1,2}(?::\d{2})?\s*[.!?]*$)/i, (m) => "at".padStart(m.length))
    .replace(/\b(\d{1,2})h(\d{2})\b/gi, "$1:$2")
    .replace(/(?<=\b\d{1,2}(?::\d{2})?) (in the (?:afternoon|evening)|at night)\b/gi, (m) =>
      " pm".padEnd(m.length),
    )
    .replace(/(?<=\b\d{1,2}(?::\d{2})?) in the morning\b/gi, (m) => " am".padEnd(m.length));
}

const blank = (text: string, from: number, to: number) =>
  // Not with spaces: chrono loses the day of "30 March" before a run of them.
  text.slice(0, from) + "|".repeat(to - from) + text.slice(to);

/**
 * Reads the times of a text. Bare hours from 1 to 6 are afternoon, as in office talk; a weekday is the coming
 * one. What does not exist or can mean two days carries a `problem` and must be asked back.
 * @param now the moment of the message
 * @param zone IANA zone of the person
 */
export function readTimes(text: string, now: Date, zone: string): TimeReading {
  const here = DateTime.fromJSDate(now, { zone });
  const rewritten = writeSpokenNumbers(text.slice(0, LONGEST));
  let rest = rewritten.text;
  const at = rewritten.originalAt;
  const used: { from: number; to: number }[] = [];
  const shift = findShift(rest);
  if (shift) {
    used.push({ from: at(shift.from), to: at(shift.to) });
    rest = blank(rest, shift.from, shift.to);
  }
  const durations = findDurations(rest);
  for (const d of durations) {
    used.push({ from: at(d.from), to: at(d.to) });
    rest = blank(rest, d.from, d.to);
  }
  rest = forChrono(rest);
  const spans: TimeSpan[] = [];
  const place = (from: number, to: number) => ({
    from: at(from),
    to: at(to),
    text: text.slice(at(from), at(to)).trim(),
  });
  const problem = findDateProblem(rest, here);
  if (problem) {
    spans.push({
      ...place(problem.from, problem.to),
      start: here,
      end: null,
      hasDate: true,
      hasTime: false,
      problem,
    });
    rest = blank(rest, problem.from, problem.to);
  }
  const period = findPeriods(rest, here);
  for (const p of period) {
    spans.push({
      ...place(p.from, p.to),
      start: p.start,
      end: p.end,
      hasDate: true,
      hasTime: false,
      problem: p.problem,
    });
    rest = blank(rest, p.from, p.to);
  }
  const ranges = findClockRanges(rest);
  for (const r of ranges) {
    const start = here.startOf("day").set({ hour: r.startHour, minute: r.startMinute });
    const end = here.startOf("day").set({ hour: r.endHour, minute: r.endMinute });
    spans.push({ ...place(r.from, r.to), start, end, hasDate: false, hasTime: true, problem: null });
    rest = blank(rest, r.from, r.to);
  }
  for (const span of readWithChrono(rest, here)) {
    spans.push({ ...span, ...place(span.from, withHalf(rest, text, at, span.from, span.to)) });
  }
  for (const [i, span] of spans.entries()) {
    const edge = span.hasTime && !span.end ? edgeBefore(text.slice(0, span.from)) : null;
    if (edge) spans[i] = { ...span, edge };
  }
  const merged = mergeDateAndTime(spans.sort((a, b) => a.from - b.from));
  used.push(...spans.map(({ from, to }) => ({ from, to })));
  return { spans: merged, minutes: durations[0]?.minutes ?? null, shift, used };
}

/** "5 in the afternoon" was read as "5 pm": the words for the half of the day belong to the time. */
function withHalf(rest: string, text: string, at: (i: number) => number, from: number, to: number): number {
  const half = /^.{0,40}?\d(?::\d{2})?\s+(?:in the (?:morning|afternoon|evening)|at night)\b/i.exec(
    text.slice(at(from)),
  );
  const end = half ? at(from) + half[0].length : 0;
  let place = to;
  while (place < rest.length && at(place) < end) place += 1;
  return place;
}

/** What a word before a clock time makes of it ("until" closes too, but also says where a thing moves to). */
function edgeBefore(text: string): "from" | "to" | null {
  if (/\b(?:after|from|since|past|not before|no earlier than)\s*$/i.test(text)) return "from";
  return /\b(?:before|until|till|up to|no later than|earlier than)\s*$/i.test(text) ? "to" : null;
}

type ClockRange = {
  from: number;
  to: number;
  startHour: number;
  startMinute: number;
  endHour: number;
  endMinute: number;
};

const RANGE =
  /\b(?:from |between )?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\s*(?:-|–|to|until|till|and|at)\s*(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\b(?![:.,/]\d|\s*(?:%|€|eur|k\b|days?|weeks?|people|january|february|march|april|may|june|july|august|september|october|november|december))/gi;

/** "from 2 to 4", "13:00 - 15:00", "between 10 and 11:30". */
function findClockRanges(text: string): readonly ClockRange[] {
  const found: ClockRange[] = [];
  for (const m of text.matchAll(RANGE)) {
    const isMarked = /^(?:from|between)/i.test(m[0]) || m[2] || m[5] || m[3] || m[6];
    const isList = /\band\b/i.test(m[0]) && !/^between/i.test(m[0]);
    const isBeside =
      /-|–|\b(?:to|until|till)\b/.test(m[0]) &&
      /(?:day|tomorrow|today|\dth|\dst|\dnd|\drd),?\s+$/i.test(text.slice(0, m.index));
    if (((!isMarked && !isBeside) || isList || /\bat\b/i.test(m[0])) && !/^(?:from|between)/i.test(m[0]))
      continue;
    let a = Number(m[1]);
    let b = Number(m[4]);
    if (a > 23 || b > 24 || Number(m[2] ?? 0) > 59 || Number(m[5] ?? 0) > 59) continue;
    const late = m[6]?.toLowerCase();
    const early = m[3]?.toLowerCase();
    if (late === "pm" && b < 12) b += 12;
    if (early === "pm" && a < 12) a += 12;
    if (!early && late === "pm" && a + 12 < b) a += a + 12 < b && a < 8 ? 12 : 0;
    if (!early && !late && !/^0/.test(m[1] ?? "")) {
      if (a >= 1 && a <= 6) a += 12;
      if (b <= 12 && b < a) b += 12;
    }
    if (!early && late === "pm" && a < 7 && a + 12 < b) a += 12;
    if (a >= b && !(a === b && Number(m[5] ?? 0) > Number(m[2] ?? 0))) continue;
    found.push({
      from: m.index,
      to: m.index + m[0].trimEnd().length,
      startHour: a,
      startMinute: Number(m[2] ?? 0),
      endHour: b,
      endMinute: Number(m[5] ?? 0),
    });
  }
  return found;
}

function readWithChrono(text: string, here: DateTime): TimeSpan[] {
  const results = parse(text, { instant: here.toJSDate(), timezone: here.offset }, { forwardDate: true });
  const spans: TimeSpan[] = [];
  for (const result of results) {
    // "may", "sat", "mon", "sun" alone are more often words than dates; bare numbers are not times.
    if (/^(?:may|sat|sun|mar|second|sec|\d{1,2}|\d{4})$/i.test(result.text.trim())) continue;
    const s = result.start;
    const said = (part: Parameters<typeof s.isCertain>[0]) => s.isCertain(part);
    const isNow = /^(?:right )?now$/i.test(result.text);
    const hasTime =
      said("hour") &&
      (/\d|noon|midnight|mid-day|midday|\b(?:hours?|minutes?|mins?)\b/i.test(result.text) || isNow);
    const hasDate =
      said("day") || said("weekday") || said("month") || /day|tomorrow|tonight/i.test(result.text);
    const start = toMoment(s, here, hasTime, result.text);
    if (!start) continue;
    const end = result.end ? toMoment(result.end, here, result.end.isCertain("hour"), result.text) : null;
    const rangeEnd = end && !hasTime ? end.plus({ days: 1 }) : end && end > start ? end : null;
    const moved = said("weekday") && !said("day") ? nextWeekday(start, here, result.text) : start;
    spans.push({
      from: result.index,
      to: result.index + result.text.length,
      text: result.text,
      start: moved,
      end: rangeEnd && rangeEnd > moved ? rangeEnd : null,
      hasDate: hasDate || isNow,
      hasTime,
      problem: null,
    });
  }
  return spans;
}

type Components = { get(part: "year" | "month" | "day" | "hour" | "minute"): number | null };

function toMoment(c: Components, here: DateTime, hasTime: boolean, text: string): DateTime | null {
  let hour = hasTime ? (c.get("hour") ?? 0) : 0;
  const isHalfSaid = /\d\s*[ap]\.?m\b|noon|midnight|morning/i.test(text);
  const isLate = /\b(?:afternoon|evening|tonight|night)\b/i.test(text);
  const isTyped24 = /\b0\d[:.h]/.test(text);
  // "In two hours" is counted from now, at night too.
  const isCounted =
    /\b(?:in|within|from now|hence)\b/i.test(text) && /\b(?:hours?|hrs?|h|minutes?|mins?)\b/i.test(text);
  if (hasTime && !isHalfSaid && !isTyped24 && !isCounted && hour >= 1 && hour <= (isLate ? 11 : 6))
    hour += 12;
  const moment = DateTime.fromObject(
    {
      year: c.get("year") ?? here.year,
      month: c.get("month") ?? here.month,
      day: c.get("day") ?? here.day,
      hour,
      minute: hasTime ? (c.get("minute") ?? 0) : 0,
    },
    { zone: here.zone },
  );
  return moment.isValid ? moment : null;
}

/** The coming such weekday, never today: whoever means today says so. */
function nextWeekday(start: DateTime, here: DateTime, text: string): DateTime {
  if (/\b(?:last|past)\b/i.test(text)) return start;
  let moment = start;
  while (moment.startOf("day") <= here.startOf("day")) moment = moment.plus({ days: 7 });
  while (moment.diff(here.startOf("day"), "days").days >= 8) moment = moment.minus({ days: 7 });
  return moment;
}

/** "tomorrow … at 3" is one moment even when words stand between. */
function mergeDateAndTime(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const out: TimeSpan[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    const isPair =
      last &&
      !last.problem &&
      !span.problem &&
      ((last.hasDate && !last.hasTime && !span.hasDate && span.hasTime) ||
        (!last.hasDate && last.hasTime && span.hasDate && !span.hasTime));
    if (!last || !isPair) {
      out.push(span);
      continue;
    }
    const [date, time] = last.hasDate ? [last, span] : [span, last];
    const isLate = /\b(?:tonight|evening|afternoon)\b/i.test(date.text);
    const on = (moment: DateTime) =>
      date.start.set({
        hour: isLate && moment.hour < 12 ? moment.hour + 12 : moment.hour,
        minute: moment.minute,
      });
    out[out.length - 1] = {
      from: last.from,
      to: last.to,
      text: `${last.text} ${span.text}`,
      start: on(time.start),
      end: time.end ? on(time.end) : null,
      hasDate: true,
      hasTime: true,
      problem: null,
      ...(time.edge ? { edge: time.edge } : {}),
    };
  }
  return out;
}
