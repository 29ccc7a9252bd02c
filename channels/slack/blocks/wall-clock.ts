import type { Reader } from "./slack-message.ts";

/** How a tool wants a time: an instant (`Z` or an offset), a wall clock without zone, or a day. */
export type TimeShape = "instant" | "wall" | "day";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WALL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,9})?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** What kind of time a value is; null when it is none that a picker could hold. */
export function timeShape(value: string): TimeShape | null {
  if (DAY.test(value)) return isDay(value) ? "day" : null;
  if (WALL.test(value)) return isDay(value.slice(0, 10)) ? "wall" : null;
  return INSTANT.test(value) && Number.isFinite(Date.parse(value)) ? "instant" : null;
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isFinite(at.getTime()) && at.toISOString().startsWith(day);
}

/** Seconds since 1970 of a value, for Slack's picker, which shows them in the reader's zone. */
export function toEpoch(value: string, reader: Reader): number {
  if (timeShape(value) === "wall") return epochOfWall(value.slice(0, 16), reader.zone);
  return Math.floor(Date.parse(value) / 1_000);
}

/** The time that was picked, as the tool takes it: in the shape of the old value. */
export function fromEpoch(seconds: number, old: string, reader: Reader): string {
  if (timeShape(old) !== "wall") {
    const iso = new Date(seconds * 1_000).toISOString();
    return iso.replace(/\.000Z$/, "Z");
  }
  const wall = wallOf(seconds, reader.zone);
  return old.length === 16 ? wall : `${wall}:00`;
}

/** "2026-11-23T10:00" of an instant on the clocks of a zone. */
function wallOf(seconds: number, zone: string): string {
  const at = new Date(seconds * 1_000);
  const options = { dateStyle: "short", timeStyle: "short", hourCycle: "h23" } as const;
  const format = zoned(options, zone);
  return format.format(at).replace(",", "").replace(" ", "T").slice(0, 16);
}

function zoned(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: "UTC" });
  }
}

/** A wall time that the clocks skip becomes the instant as far after the change; one they show twice the first. */
function epochOfWall(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall}:00Z`) / 1_000;
  const offsetAt = (seconds: number) => Date.parse(`${wallOf(seconds, zone)}:00Z`) / 1_000 - seconds;
  const day = 86_400;
  const before = asUtc - offsetAt(asUtc - day);
  if (wallOf(before, zone) === wall) return before;
  const after = asUtc - offsetAt(asUtc + day);
  return wallOf(after, zone) === wall ? after : before;
}
