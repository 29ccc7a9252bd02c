/** A moment as a clock and a calendar on the wall show it. */
export type LocalTime = { readonly date: string; readonly minutes: number | null };

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
const formats = new Map<string, Intl.DateTimeFormat>();
/** Times with an offset, already read: the same facts are asked for again at every call, at 3 µs each. */
const read = new Map<string, LocalTime>();
const MAX_READ = 20_000;

/** Date and minutes since midnight of an ISO date or date-time, in the zone; null when it is no such thing. */
export function readLocalTime(text: string, zone: string): LocalTime | null {
  const match = ISO.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, offset] = match;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined || minute === undefined) return { date, minutes: null };
  if (Number(hour) > 24 || Number(minute) > 59) return null;
  if (offset === undefined) return { date, minutes: Number(hour) * 60 + Number(minute) };
  const key = `${zone} ${text}`;
  const known = read.get(key);
  if (known) return known;
  const instant = new Date(text.trim().replace(" ", "T"));
  if (Number.isNaN(instant.getTime())) return null;
  const local = localTimeOf(instant, zone);
  if (read.size >= MAX_READ) read.clear();
  read.set(key, local);
  return local;
}

/** What the wall shows in a zone at an instant; an unknown zone is read as UTC. */
export function localTimeOf(
  instant: Date,
  zone: string,
): { readonly date: string; readonly minutes: number } {
  let format = formats.get(zone);
  if (!format) {
    format = newFormat(zone);
    formats.set(zone, format);
  }
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = value;
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    minutes: Number(part.hour) * 60 + Number(part.minute),
  };
}

function newFormat(zone: string): Intl.DateTimeFormat {
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-CA", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-CA", { ...options, timeZone: "UTC" });
  }
}

/** Days since 1970-01-01 of an ISO date. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000);
}

export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Minutes from one local time to another; null when one has no clock time. Summer time is not counted. */
export function minutesBetween(from: LocalTime, to: LocalTime): number | null {
  if (from.minutes === null || to.minutes === null) return null;
  return (dayNumber(to.date) - dayNumber(from.date)) * 1440 + to.minutes - from.minutes;
}
