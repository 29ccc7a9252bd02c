import { format, type Reader, wallClock } from "./time.ts";

/** A calendar day, which has no zone. */
export const dateOnly = (day: string, reader: Reader): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(day)
    ? format({ ...reader, zone: "UTC" }, { dateStyle: "long" }).format(new Date(`${day}T00:00:00Z`))
    : day;

/** The instant of a wall-clock time in a zone, as ISO 8601 in UTC; in a gap of summer time, the later one. */
export function fromWallClock(wall: string, zone: string): string {
  const wanted = Date.parse(`${wall.slice(0, 16)}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round++)
    guess += wanted - Date.parse(`${wallClock(new Date(guess), zone)}:00Z`);
  return new Date(guess).toISOString();
}
