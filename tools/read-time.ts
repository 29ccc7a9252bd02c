import { DateTime } from "luxon";

/** A time as an argument gives it. `gap`: a wall-clock time that the change to summer time leaves out. */
export type TimeRead =
  | { readonly kind: "instant"; readonly at: DateTime }
  | { readonly kind: "date"; readonly at: DateTime }
  | { readonly kind: "clock"; readonly hour: number; readonly minute: number }
  | { readonly kind: "gap"; readonly text: string; readonly instead: DateTime }
  | { readonly kind: "bad" };

export type Span = { readonly from: DateTime; readonly to: DateTime };

const BAD: TimeRead = { kind: "bad" };
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^T?(\d{1,2})(?::(\d{2}))(?::\d{2})?$/;
const OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * Reads an ISO 8601 date-time (with an offset, or without one as wall-clock time in `zone`), a date, or a
 * time of day (`11:00`). Years outside 1970 to 2199 are `bad`. The times come back in `zone`.
 */
export function readTime(text: string, zone: string): TimeRead {
  const said = text.trim();
  const clock = CLOCK.exec(said);
  if (clock) {
    const hour = Number(clock[1]);
    const minute = Number(clock[2]);
    return hour < 24 && minute < 60 ? { kind: "clock", hour, minute } : BAD;
  }
  if (DATE.test(said)) {
    const at = DateTime.fromISO(said, { zone });
    return isSane(at) ? { kind: "date", at: at.startOf("day") } : BAD;
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(said)) return BAD;
  const iso = said.replace(" ", "T");
  const at = DateTime.fromISO(iso, { zone });
  if (!isSane(at)) return BAD;
  const offset = OFFSET.exec(iso.slice(10))?.[0];
  if (offset?.toUpperCase() === "Z") return { kind: "instant", at };
  const wall = DateTime.fromISO(offset ? iso.slice(0, -offset.length) : iso, { zone: "utc" });
  const local = DateTime.fromISO(wall.toFormat("yyyy-MM-dd'T'HH:mm:ss"), { zone });
  const isGap = local.hour !== wall.hour || local.minute !== wall.minute;
  // An offset of another zone is a plain instant; one of this zone repeats the wall-clock reading.
  const isOfZone =
    !offset ||
    [local.minus({ hours: 3 }).offset, local.plus({ hours: 3 }).offset].includes(minutesOf(offset));
  return isGap && isOfZone
    ? { kind: "gap", text: wall.toFormat("HH:mm"), instead: local }
    : { kind: "instant", at };
}

/**
 * Reads the days meant by one argument: a date, a date-time (its day), a week `2026-W32`, a month `2026-08`
 * or an interval `2026-08-03/2026-08-07` (the last day belongs to it). `to` is exclusive.
 */
export function readDays(text: string, zone: string): Span | null {
  const said = text.trim();
  const [first, last, ...more] = said.split("/");
  if (last !== undefined) {
    const a = first && more.length === 0 ? readDays(first, zone) : null;
    const b = a ? readDays(last, zone) : null;
    return a && b && b.to > a.from ? { from: a.from, to: b.to } : null;
  }
  if (/^\d{4}-W\d{2}$/.test(said)) return spanOf(DateTime.fromISO(said, { zone }), "week");
  if (/^\d{4}-\d{2}$/.test(said)) return spanOf(DateTime.fromISO(said, { zone }), "month");
  const read = readTime(said, zone);
  if (read.kind === "gap") return spanOf(read.instead, "day");
  return read.kind === "date" || read.kind === "instant" ? spanOf(read.at, "day") : null;
}

function spanOf(at: DateTime, unit: "day" | "week" | "month"): Span | null {
  return isSane(at) ? { from: at.startOf(unit), to: at.startOf(unit).plus({ [unit]: 1 }) } : null;
}

function isSane(at: DateTime): boolean {
  return at.isValid && at.year >= 1970 && at.year < 2200;
}

function minutesOf(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
}
