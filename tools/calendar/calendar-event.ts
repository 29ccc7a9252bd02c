import { DateTime } from "luxon";
import type { JsonObject } from "../../src/types/json.ts";
import type { RecordRef } from "../../src/types/record.ts";

export const EVENT = "calendar.event";

/** An event as the embedded calendar keeps it: one record for all who take part. */
export type CalendarEvent = {
  readonly title: string;
  /** ISO 8601 with offset. Of an all-day event: midnight in `zone` of its first day. */
  readonly start: string;
  /** ISO 8601 with offset, exclusive. */
  readonly end: string;
  /** IANA zone in which it was made; a series keeps its wall-clock time there. */
  readonly zone: string;
  /** E-mail of who called it. */
  readonly organizer: string;
  /** E-mails of the others. */
  readonly attendees: readonly string[];
  readonly location: string | null;
  readonly description: string | null;
  /** Others see only that the time is taken. */
  readonly isPrivate: boolean;
  readonly isAllDay: boolean;
  /** `free`: a reminder that takes no time; `away`: holiday, travel. */
  readonly showAs: "busy" | "free" | "away";
  /** Subset of an RFC 5545 RRULE (see recurrence.ts), or null. */
  readonly recurrence: string | null;
  /** Starts (ISO, UTC) of occurrences that do not take place. */
  readonly exceptions: readonly string[];
};

/** One taking place of an event: the event itself, or one occurrence of a series. */
export type Occurrence = {
  /** What names it in arguments: the record's id, for a series with `~` and its start in UTC. */
  readonly rid: string;
  readonly recordId: string;
  readonly version: number;
  readonly event: CalendarEvent;
  readonly start: DateTime;
  readonly end: DateTime;
};

/** Everybody who takes part, the organizer first. */
export function participants(event: CalendarEvent): readonly string[] {
  return [event.organizer, ...event.attendees];
}

export function takesPart(event: CalendarEvent, person: string): boolean {
  return event.organizer === person || event.attendees.includes(person);
}

/** Whether this person may see what the event is about. */
export function maySee(event: CalendarEvent, person: string): boolean {
  return !event.isPrivate || takesPart(event, person);
}

const RID_TIME = "yyyyMMdd'T'HHmm'Z'";

/** Id of an occurrence that starts then. */
export function occurrenceId(recordId: string, start: DateTime): string {
  return `${recordId}~${start.toUTC().toFormat(RID_TIME)}`;
}

/** Takes an id apart; `start` is null when it names a whole record (or nothing that exists). */
export function readOccurrenceId(rid: string): { recordId: string; start: DateTime | null } {
  const at = rid.lastIndexOf("~");
  if (at < 0) return { recordId: rid, start: null };
  const start = DateTime.fromFormat(rid.slice(at + 1), RID_TIME, { zone: "utc" });
  return start.isValid ? { recordId: rid.slice(0, at), start } : { recordId: rid, start: null };
}

/** An occurrence in a result, times in the reader's zone. */
export function eventData(o: Occurrence, zone: string): JsonObject {
  const { title, organizer, attendees, location, description, isPrivate, isAllDay } = o.event;
  return {
    id: o.rid,
    title,
    start: isoIn(o.start, o.event, zone),
    end: isoIn(o.end, o.event, zone),
    isAllDay,
    isPrivate,
    organizer,
    attendees: [...attendees],
    location,
    description,
  };
}

/** All-day events keep their own zone: their days are not instants. */
function isoIn(at: DateTime, event: CalendarEvent, zone: string): string {
  return at.setZone(event.isAllDay ? event.zone : zone).toISO({ suppressMilliseconds: true }) ?? "";
}

export function eventRef(o: Occurrence): RecordRef {
  return { kind: EVENT, id: o.rid, title: o.event.title };
}
