import { dayNumber } from "./local-time.ts";
import type { UserWords } from "./user-words.ts";

/** Whether the user wrote this date: itself, its day and month, "the 15th", or a stretch that holds it. */
export function hasSaidDate(said: UserWords, date: string): boolean {
  return said.times.some((times) => {
    if (times.dates.has(date)) return true;
    const away = Math.abs(dayNumber(date) - dayNumber(times.today));
    if (times.yearless.has(date.slice(5)) && away <= 550) return true;
    if (times.daysOfMonth.has(Number(date.slice(8))) && away <= 62) return true;
    return times.ranges.some(([from, to]) => from <= date && date <= to);
  });
}

const SHIFT =
  /\b(?:(the|a|an|one|two|three|four|five|six|seven|ten|\d{1,3})\s+)?(days?|weeks?)\s+(after|before|later|earlier|following|prior)\b/gi;
const WORDS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
};

/** How many days away from another date the user spoke of: "the day after", "two weeks before", "same time next week". */
export function saidDayShifts(said: UserWords): readonly number[] {
  const text = said.texts
    .filter((item) => item.isCurrent)
    .map((item) => item.text)
    .join("\n");
  const shifts: number[] = [];
  for (const [, count = "one", unit = "", side = ""] of text.matchAll(SHIFT)) {
    const number = WORDS[count.toLowerCase()] ?? (Number(count) || 1);
    const days = number * (/^w/i.test(unit) ? 7 : 1);
    shifts.push(/^(?:before|earlier|prior)$/i.test(side) ? -days : days);
  }
  if (/\b(?:the )?(?:next|following) day\b/i.test(text)) shifts.push(1);
  if (/\b(?:the )?(?:previous|preceding) day\b/i.test(text)) shifts.push(-1);
  if (/\b(?:next|following|a) week\b/i.test(text)) shifts.push(7);
  if (/\bsame day\b/i.test(text)) shifts.push(0);
  return shifts;
}

/** Whether the user wrote this clock time. */
export function hasSaidClock(said: UserWords, minutes: number): boolean {
  return said.times.some((times) => times.minutes.has(minutes));
}

/** Whether it lies in a part of the day that the user wrote ("in the afternoon"). */
export function hasSaidPart(said: UserWords, minutes: number): boolean {
  return said.times.some((times) => times.parts.some(([from, to]) => from <= minutes && minutes <= to));
}

export function hasSaidLength(said: UserWords, minutes: number): boolean {
  return said.times.some((times) => times.durations.has(minutes));
}
