import type { DateTime } from "luxon";
import type { JsonObject } from "../../src/types/json.ts";
import type { ToolContext } from "../../src/types/tool.ts";
import {
  type CalendarEvent,
  EVENT,
  maySee,
  type Occurrence,
  occurrenceId,
  takesPart,
} from "./calendar-event.ts";
import { timesWithin } from "./recurrence.ts";

/** All occurrences in the span in which any of the people takes part, by start. */
export async function agendaOf(
  people: readonly string[],
  from: DateTime,
  to: DateTime,
  context: ToolContext,
): Promise<readonly Occurrence[]> {
  const stored = await context.records.list<CalendarEvent>(EVENT);
  context.signal.throwIfAborted();
  return stored
    .filter(({ data }) => people.some((person) => takesPart(data, person)))
    .flatMap(({ id, version, data }) =>
      timesWithin(data, from, to).map(({ start, end }) => ({
        rid: data.recurrence ? occurrenceId(id, start) : id,
        recordId: id,
        version,
        event: data,
        start,
        end,
      })),
    )
    .sort((a, b) => a.start.toMillis() - b.start.toMillis() || (a.rid < b.rid ? -1 : 1));
}

/** Someone is taken when the new time falls; `title` is "Busy" where the reader may not see more. */
export type Clash = {
  readonly person: string;
  readonly title: string;
  readonly start: DateTime;
  readonly end: DateTime;
};

/** Who of the people is taken in the span, apart from the event `except`. Outside people are not known. */
export async function findClashes(
  people: readonly string[],
  from: DateTime,
  to: DateTime,
  except: string | null,
  context: ToolContext,
): Promise<readonly Clash[]> {
  const reader = context.principal.id;
  const taken = (await agendaOf(people, from, to, context)).filter(
    (o) => o.event.showAs !== "free" && o.rid !== except && o.start < to && o.end > from,
  );
  return people.flatMap((person) =>
    taken
      .filter((o) => takesPart(o.event, person))
      .map(({ event, start, end }) => ({
        person,
        title: maySee(event, reader) ? event.title : "Busy",
        start,
        end,
      })),
  );
}

export function clashData(clashes: readonly Clash[], zone: string): JsonObject[] {
  return clashes.map(({ person, title, start, end }) => ({
    person,
    title,
    start: start.setZone(zone).toISO({ suppressMilliseconds: true }) ?? "",
    end: end.setZone(zone).toISO({ suppressMilliseconds: true }) ?? "",
  }));
}
