/** How a person reads times and numbers: language and zone of the reader. */
export type Reader = { readonly locale: string; readonly zone: string };

const DAY_MS = 86_400_000;
const formats = new Map<string, unknown>();

/** A formatter, made once; an unknown language or zone must not take the page down. */
function once<T>(
  kind: string,
  reader: Reader,
  options: object,
  make: (locale: string, zone: string) => T,
): T {
  const key = `${kind}|${reader.locale}|${reader.zone}|${JSON.stringify(options)}`;
  let made = formats.get(key) as T | undefined;
  if (made === undefined) {
    try {
      made = make(reader.locale, reader.zone);
    } catch {
      made = make("en-GB", "UTC");
    }
    formats.set(key, made);
  }
  return made;
}

export const format = (reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(
    "date",
    reader,
    options,
    (locale, timeZone) => new Intl.DateTimeFormat(locale, { ...options, timeZone }),
  );

const number = (reader: Reader, options: Intl.NumberFormatOptions) =>
  once("number", reader, options, (locale) => new Intl.NumberFormat(locale, options));

export const formatNumber = (value: number, reader: Reader): string => number(reader, {}).format(value);

const measure = (value: number, unit: string, reader: Reader, digits = 0): string =>
  number(reader, { style: "unit", unit, maximumFractionDigits: digits }).format(value);

/** "5 minutes ago", "tomorrow", "now", in the reader's language. */
const relative = (value: number, unit: Intl.RelativeTimeFormatUnit, reader: Reader): string =>
  once("relative", reader, {}, (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" })).format(
    value,
    unit,
  );

/** "Ada, Ben and Cem", or with "or". */
export const listOf = (
  names: readonly string[],
  type: "conjunction" | "disjunction",
  reader: Reader,
): string => once("list", reader, { type }, (locale) => new Intl.ListFormat(locale, { type })).format(names);

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;
const DATE = { weekday: "short", day: "numeric", month: "short" } as const;

/** "09:41". */
export const clock = (at: Date, reader: Reader): string => format(reader, CLOCK).format(at);

/** "Monday, 23 November": for day separators. */
export function dayName(at: Date, reader: Reader, now: Date): string {
  const days = dayDistance(at, now, reader);
  if (days === 0 || days === -1) {
    const word = relative(days, "day", reader);
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  return format(reader, { weekday: "long", day: "numeric", month: "long" }).format(at);
}

/** "today 17:30", "tomorrow 09:00", "Fri, 27 Nov, 09:00". */
export function moment(at: Date, reader: Reader, now: Date): string {
  const days = dayDistance(at, now, reader);
  const time = clock(at, reader);
  if (Math.abs(days) <= 1) return `${relative(days, "day", reader)} ${time}`;
  const year = Math.abs(at.getTime() - now.getTime()) > 300 * DAY_MS ? ({ year: "numeric" } as const) : {};
  return `${format(reader, { ...DATE, ...year }).format(at)}, ${time}`;
}

/** "now", "5 minutes ago", "3 hours ago"; from a day on, date and time. */
export function ago(at: Date, reader: Reader, now: Date): string {
  const minutes = Math.round((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return relative(0, "second", reader);
  if (minutes < 60) return relative(-minutes, "minute", reader);
  const hours = Math.round(minutes / 60);
  return hours < 24 ? relative(-hours, "hour", reader) : moment(at, reader, now);
}

/** What is left, in the coarsest words that still help: "9 min", "42 sec", "3 hr". */
export function left(until: Date, now: Date, reader: Reader): string {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  if (seconds < 60) return measure(seconds, "second", reader);
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return measure(minutes, "minute", reader);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? measure(hours, "hour", reader) : measure(Math.round(hours / 24), "day", reader);
}

/** How long something takes: "12 sec". */
export const seconds = (count: number, reader: Reader): string => measure(count, "second", reader);

/** A plain decimal as money, no digit lost; as it is when the currency is not known. */
export function money(decimal: string, currency: string | null, reader: Reader): string {
  const format = currency === null ? null : number(reader, { style: "currency", currency });
  return format === null ? decimal : format.format(decimal as `${number}`);
}

/** Bytes for people: "820 B", "14 kB", "3.2 MB". */
export function fileSize(bytes: number, reader: Reader): string {
  if (bytes < 1_000) return `${formatNumber(bytes, reader)} B`;
  if (bytes < 1_000_000) return measure(bytes / 1_000, "kilobyte", reader);
  return measure(bytes / 1_000_000, "megabyte", reader, 1);
}

/** Calendar days from `now` to `at` in the reader's zone: 0 is today. */
export function dayDistance(at: Date, now: Date, reader: Reader): number {
  return Math.round((dayKey(at, reader) - dayKey(now, reader)) / DAY_MS);
}

/** The reader's calendar day of an instant, as a number. */
export function dayKey(at: Date, reader: Reader): number {
  return Date.parse(`${wallClock(at, reader.zone).slice(0, 10)}T00:00:00Z`);
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
