import { DateTime } from "luxon";
import type { CalendarEvent } from "./calendar-event.ts";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/** Bounds of the work: occurrences of one series in one answer, and the longest COUNT read. */
const MAX_IN_SPAN = 400;
const MAX_COUNT = 1000;

/** The part of an RFC 5545 RRULE that is understood: FREQ=DAILY or WEEKLY, INTERVAL, BYDAY (weekly), COUNT, UNTIL. */
export type Rule = {
  readonly unit: "days" | "weeks";
  readonly interval: number;
  /** ISO weekdays (1 is Monday), for weekly rules; empty: that of the start. */
  readonly weekdays: readonly number[];
  readonly count: number | null;
  readonly until: string | null;
};

/** Reads a rule; null when it says something outside the part understood. */
export function readRule(text: string): Rule | null {
  const parts = new Map(text.split(";").map((p) => p.split("=", 2) as [string, string]));
  const freq = parts.get("FREQ");
  const interval = Number(parts.get("INTERVAL") ?? 1);
  const count = parts.has("COUNT") ? Number(parts.get("COUNT")) : null;
  const weekdays = (parts.get("BYDAY")?.split(",") ?? []).map((d) => DAYS.indexOf(d) + 1);
  const known = ["FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL"];
  if ([...parts.keys()].some((key) => !known.includes(key))) return null;
  if (freq !== "DAILY" && freq !== "WEEKLY") return null;
  if (!Number.isInteger(interval) || interval < 1 || interval > 366) return null;
  if (count !== null && (!Number.isInteger(count) || count < 1 || count > MAX_COUNT)) return null;
  if (weekdays.includes(0) || (freq === "DAILY" && weekdays.length > 0)) return null;
  return {
    unit: freq === "DAILY" ? "days" : "weeks",
    interval,
    weekdays: weekdays.sort((a, b) => a - b),
    count,
    until: parts.get("UNTIL") ?? null,
  };
}

/**
 * When the event takes place in the span: intervals that overlap it, in order. A series is expanded by
 * wall-clock time in the event's own zone, so 09:00 stays 09:00 over a change of the clocks. A rule that is
 * not understood counts as its first occurrence only.
 */
export function timesWithin(
  event: CalendarEvent,
  from: DateTime,
  to: DateTime,
): { start: DateTime; end: DateTime }[] {
  const base = DateTime.fromISO(event.start, { zone: event.zone });
  const baseEnd = DateTime.fromISO(event.end, { zone: event.zone });
  const days = Math.round(baseEnd.diff(base, "days").days);
  const lengthMs = baseEnd.toMillis() - base.toMillis();
  const endOf = (start: DateTime) => (event.isAllDay ? start.plus({ days }) : start.plus(lengthMs));
  const overlaps = (start: DateTime, end: DateTime) =>
    start < to && (end > from || (lengthMs === 0 && start >= from));

  const rule = event.recurrence ? readRule(event.recurrence) : null;
  if (!rule) return overlaps(base, baseEnd) ? [{ start: base, end: baseEnd }] : [];
  const skipped = new Set(event.exceptions.map((at) => DateTime.fromISO(at).toMillis()));
  const found: { start: DateTime; end: DateTime }[] = [];
  for (const start of starts(base, rule, from.minus(lengthMs))) {
    if (start >= to || found.length >= MAX_IN_SPAN) break;
    const end = endOf(start);
    if (overlaps(start, end) && !skipped.has(start.toMillis())) found.push({ start, end });
  }
  return found;
}

/** Starts of a series in order; without a COUNT, those long before `from` are leapt over. */
function* starts(base: DateTime, rule: Rule, from: DateTime): Generator<DateTime> {
  const until = rule.until ? readUntil(rule.until, base) : null;
  const first = rule.unit === "weeks" ? base.startOf("week") : base.startOf("day");
  const gone = Math.floor(from.diff(first, rule.unit).as(rule.unit) / rule.interval) - 1;
  let given = 0;
  for (let step = rule.count === null ? Math.max(0, gone) : 0; ; step++) {
    const anchor = first.plus({ [rule.unit]: step * rule.interval });
    if (!anchor.isValid || anchor.year > 2200) return;
    const weekdays = rule.weekdays.length > 0 ? rule.weekdays : [base.weekday];
    const days = rule.unit === "days" ? [anchor] : weekdays.map((d) => anchor.plus({ days: d - 1 }));
    for (const day of days) {
      const start = day.set({ hour: base.hour, minute: base.minute, second: base.second });
      if (start < base) continue;
      if (until && start > until) return;
      if (rule.count !== null && ++given > rule.count) return;
      yield start;
    }
  }
}

/** UNTIL is inclusive; a bare date means the end of that day where the event is. */
function readUntil(text: string, base: DateTime): DateTime | null {
  const zone = text.endsWith("Z") ? "utc" : base.zoneName;
  const at = DateTime.fromISO(text, { zone: zone ?? "utc" });
  if (!at.isValid) return null;
  return text.includes("T") ? at : at.endOf("day");
}
