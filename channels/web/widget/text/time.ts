/** How a person reads times and numbers: language and zone of the reader. */
export type Reader = { readonly locale: string; readonly zone: string };

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${reader.locale}|${reader.zone}|${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.zone });
  } catch {
    // An unknown language or zone must not take the page down.
    made = new Intl.DateTimeFormat("en", options);
  }
  formats.set(key, made);
  return made;
}

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;
const DATE = { weekday: "short", day: "numeric", month: "short" } as const;

/** "09:41". */
export const clock = (at: Date, reader: Reader): string => format(reader, CLOCK).format(at);

/** "Monday, 23 November": for day separators. */
export function dayName(at: Date, reader: Reader, now: Date): string {
  const days = dayDistance(at, now, reader);
  if (days === 0) return "Today";
  if (days === -1) return "Yesterday";
  return format(reader, { weekday: "long", day: "numeric", month: "long" }).format(at);
}

/** "today 17:30", "tomorrow 09:00", "Fri, 27 Nov, 09:00". */
export function moment(at: Date, reader: Reader, now: Date): string {
  const days = dayDistance(at, now, reader);
  const time = clock(at, reader);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  const year = Math.abs(at.getTime() - now.getTime()) > 300 * DAY_MS ? ({ year: "numeric" } as const) : {};
  return `${format(reader, { ...DATE, ...year }).format(at)}, ${time}`;
}

/** "just now", "5 minutes ago", "3 hours ago"; from a day on, date and time. */
export function ago(at: Date, reader: Reader, now: Date): string {
  const minutes = Math.round((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return hours === 1 ? "an hour ago" : `${hours} hours ago`;
  return moment(at, reader, now);
}

/** What is left, in the coarsest words that still help: "9 min", "42 s", "3 h". */
export function left(until: Date, now: Date): string {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** Calendar days from `now` to `at` in the reader's zone: 0 is today. */
export function dayDistance(at: Date, now: Date, reader: Reader): number {
  return Math.round((dayStart(at, reader) - dayStart(now, reader)) / DAY_MS);
}

export const dayKey = (at: Date, reader: Reader): number => dayStart(at, reader);

function dayStart(at: Date, reader: Reader): number {
  const wall = wallClock(at, reader.zone);
  return Date.parse(`${wall.slice(0, 10)}T00:00:00Z`);
}

/** An instant on the wall clock of a zone: "2026-11-23T09:41". */
export function wallClock(at: Date, zone: string): string {
  const parts = format(
    { locale: "sv-SE", zone },
    {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    },
  ).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "00";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant of a wall-clock time in a zone, as ISO 8601 in UTC; in a gap of summer time, the later one. */
export function fromWallClock(wall: string, zone: string): string {
  const wanted = Date.parse(`${wall.slice(0, 16)}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round++)
    guess += wanted - Date.parse(`${wallClock(new Date(guess), zone)}:00Z`);
  return new Date(guess).toISOString();
}
