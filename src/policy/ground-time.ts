import type { Fact } from "../types/session-event.ts";
import { FROM_USER, type Ground, type Grounding, type GroundValue } from "./grounding.ts";
import type { LedgerRecord } from "./ledger.ts";
import { dayNumber, type LocalTime, minutesBetween, readLocalTime } from "./local-time.ts";
import { hasSaidClock, hasSaidDate, hasSaidLength, hasSaidPart, saidDayShifts } from "./said-moment.ts";

/** Lengths that a tool may assume when the user gave none; a meeting without a length is half an hour or an hour. */
export const DEFAULT_DURATIONS_MINUTES = [30, 60];

/**
 * A date or time is grounded in its parts: the day as the user wrote it (or the day of the record to be
 * changed), the clock time likewise. A slot inside a stretch that the user gave ("some time next week") is
 * grounded when trusted facts name it. What code works out from these is grounded too: see `groundEnd`.
 */
export const groundTime: GroundValue = (value, spec, grounding) => {
  if (spec.part === "duration") return groundLength(value, grounding);
  const { said, zone } = grounding;
  const clock = readClock(String(value));
  if (clock !== null) return groundClock(clock, grounding);
  const time = readLocalTime(String(value), zone);
  if (!time) return null;
  const own = targetTimes(grounding);
  const isOwnDay = own.some((item) => item.date === time.date);
  const isSaidDay = hasSaidDate(said, time.date) || isShiftedDay(time.date, own, grounding);
  const saysAnyDay = said.times.some(
    (times) => times.dates.size + times.ranges.length + times.yearless.size > 0,
  );
  const isToday =
    grounding.own.length === 0 && !saysAnyDay && said.times.some((times) => times.today === time.date);
  if (!isSaidDay && !isOwnDay && !isToday) return groundShift(time, own, grounding);
  if (time.minutes === null) {
    if (isSaidDay) return FROM_USER;
    return isOwnDay ? kept() : { rule: "G1", text: "today, as you named no other day" };
  }
  if (hasSaidClock(said, time.minutes))
    return isSaidDay || isToday ? FROM_USER : { rule: "G1", text: "the time you gave, on its own day" };
  if (isSaidDay || isOwnDay) {
    if (own.some((item) => item.minutes === time.minutes))
      return isSaidDay ? { rule: "G1", text: "the day you gave, at its own time" } : kept();
    const saysClock = said.times.some((times) => times.minutes.size > 0);
    if (isSaidDay && hasSaidPart(said, time.minutes)) return FROM_USER;
    if (isSaidDay && !saysClock && (time.minutes === 0 || time.minutes === 1439))
      return { rule: "G1", text: "the whole of the day you gave" };
    if (isSaidDay && !saysClock && isTrustedSlot(String(value), time, grounding))
      return { rule: "G4", text: "a free time on the days you gave" };
  }
  return groundShift(time, own, grounding);
};

/**
 * An end is grounded by itself, or as the start that this call names plus a length: the one the user wrote,
 * the one the record has now, or, where there is neither, `DEFAULT_DURATIONS_MINUTES`.
 */
export function groundEnd(value: string | number | boolean, start: string, grounding: Grounding): Ground {
  const from = readMoment(start, grounding.zone);
  const to = readMoment(String(value), grounding.zone);
  const length = from && to ? minutesBetween(from, to) : null;
  if (length === null || length <= 0) return null;
  if (hasSaidLength(grounding.said, length))
    return { rule: "G1", text: "your start and the length you gave" };
  const own = ownLengths(grounding);
  if (own.includes(length)) return { rule: "G4", text: "your start and its present length" };
  const saysLength = grounding.said.times.some((times) => times.durations.size > 0);
  if (grounding.own.length === 0 && !saysLength && DEFAULT_DURATIONS_MINUTES.includes(length))
    return { rule: "G1", text: "your start and the usual length" };
  return null;
}

/** "The day after the review": so many days away from a record's own day. */
function isShiftedDay(date: string, own: readonly LocalTime[], { said }: Grounding): boolean {
  if (own.length === 0) return false;
  const shifts = saidDayShifts(said);
  return own.some((from) => shifts.includes(dayNumber(date) - dayNumber(from.date)));
}

const ANY_DAY = "2000-01-01";

/** Minutes since midnight of a bare "17:00", which a tool takes to keep the day; null when it is none. */
function readClock(text: string): number | null {
  const match = /^T?([01]?\d|2[0-3]):([0-5]\d)(?::00)?$/.exec(text.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function groundClock(minutes: number, grounding: Grounding): Ground {
  const { said } = grounding;
  const own = targetTimes(grounding);
  if (hasSaidClock(said, minutes) || hasSaidPart(said, minutes)) return FROM_USER;
  if (own.some((time) => time.minutes === minutes)) return kept();
  const onOwnDays = own.map((time) => ({ date: time.date, minutes }));
  return onOwnDays.map((time) => groundShift(time, own, grounding)).find((ground) => ground !== null) ?? null;
}

function readMoment(text: string, zone: string): LocalTime | null {
  const minutes = readClock(text);
  return minutes === null ? readLocalTime(text, zone) : { date: ANY_DAY, minutes };
}

function groundLength(value: string | number | boolean, grounding: Grounding): Ground {
  const minutes = typeof value === "number" ? value : readDuration(String(value));
  if (minutes === null) return null;
  if (hasSaidLength(grounding.said, minutes)) return FROM_USER;
  if (ownLengths(grounding).includes(minutes)) return kept();
  const saysLength = grounding.said.times.some((times) => times.durations.size > 0);
  return !saysLength && DEFAULT_DURATIONS_MINUTES.includes(minutes)
    ? { rule: "G1", text: "the usual length" }
    : null;
}

function readDuration(text: string): number | null {
  const match = /^PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?$/.exec(text);
  return match
    ? Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)
    : /^\d{1,5}$/.test(text)
      ? Number(text)
      : null;
}

/** "Half an hour later": away from one of the record's own times by a length that the user wrote. */
function groundShift(time: LocalTime, own: readonly LocalTime[], grounding: Grounding): Ground {
  for (const from of own) {
    const shift = minutesBetween(from, time);
    if (shift !== null && shift !== 0 && hasSaidLength(grounding.said, Math.abs(shift))) {
      return { rule: "G1", text: "its own time, moved by what you said" };
    }
  }
  return null;
}

function kept(): Ground {
  return { rule: "G4", text: "as it is now" };
}

function isTrustedSlot(text: string, time: LocalTime, grounding: Grounding): boolean {
  const isSame = (fact: Fact) => {
    if (fact.kind !== "time" || fact.label.integrity !== "system" || typeof fact.value !== "string")
      return false;
    const other = readLocalTime(fact.value, grounding.zone);
    return other?.date === time.date && other.minutes === time.minutes;
  };
  return grounding.ledger.factsOf(text).some(isSame) || grounding.ledger.facts.some(isSame);
}

function timesOf(facts: readonly Fact[], zone: string): readonly LocalTime[] {
  const times: LocalTime[] = [];
  for (const fact of facts) {
    if (fact.kind !== "time" || typeof fact.value !== "string" || fact.label.integrity === "external")
      continue;
    const time = readLocalTime(fact.value, zone);
    if (time) times.push(time);
  }
  return times;
}

/** What the call changes; where it makes something new, what the user named as its model. */
function subjects({ own, targets }: Grounding): readonly LedgerRecord[] {
  return own.length > 0 ? own : targets;
}

function targetTimes(grounding: Grounding): readonly LocalTime[] {
  return subjects(grounding).flatMap((target) => timesOf(target.facts, grounding.zone));
}

function ownLengths(grounding: Grounding): readonly number[] {
  return subjects(grounding).flatMap((target) => {
    const times = timesOf(target.facts, grounding.zone);
    const first = times[0];
    if (!first) return [];
    return times.map((time) => Math.abs(minutesBetween(first, time) ?? 0)).filter((length) => length > 0);
  });
}
