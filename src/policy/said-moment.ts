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
