/** Language and zone of whoever reads; null where several people read the same copy. */
export type Reader = { readonly locale: string; readonly zone: string };

const DAY_MS = 86_400_000;
const MAX_FORMATS = 500;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${reader.locale}|${reader.zone}|${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.zone });
  } catch {
    // An unknown language or zone must not keep a card from being shown; the zone is then said.
    made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC", timeZoneName: "short" });
  }
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(key, made);
  return made;
}

/**
 * "today 17:30", "tomorrow 09:00", "Fri 27 Nov, 09:00" as one reader says it. For several readers it is left
 * to each client, by the card's own date functions; only for text blocks of our own words.
 */
export function moment(iso: string, reader: Reader | null, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "an unknown time";
  if (reader === null) {
    const plain = `${at.toISOString().slice(0, 19)}Z`;
    return `{{DATE(${plain}, SHORT)}} {{TIME(${plain})}}`;
  }
  const time = format(reader, { hour: "2-digit", minute: "2-digit" }).format(at);
  const days = dayDistance(at, now, reader.zone);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  const isFar = Math.abs(at.getTime() - now.getTime()) > 300 * DAY_MS;
  const date = format(reader, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isFar ? { year: "numeric" } : {}),
  }).format(at);
  return `${date}, ${time}`;
}

function dayDistance(at: Date, now: Date, zone: string): number {
  const start = (each: Date) => Date.parse(`${wallClock(each, zone).slice(0, 10)}T00:00:00Z`);
  return Math.round((start(at) - start(now)) / DAY_MS);
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
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant of a wall-clock time in a zone in UTC; null for no time. In the gap of summer time, the later one. */
export function fromWallClock(wall: string, zone: string): string | null {
  const wanted = Date.parse(`${wall.slice(0, 16)}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  for (let round = 0; round < 2; round++) {
    guess += wanted - Date.parse(`${wallClock(new Date(guess), zone)}:00Z`);
    if (Number.isNaN(guess)) return null;
  }
  return new Date(guess).toISOString();
}
