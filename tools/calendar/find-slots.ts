import { DateTime } from "luxon";
import type { ToolContext } from "../../src/types/tool.ts";
import type { Span } from "../read-time.ts";
import { agendaOf } from "./agenda.ts";
import { takesPart } from "./calendar-event.ts";
import { freeSpans } from "./free-time.ts";
import { sayClocks, sayDay } from "./say-time.ts";

/** Common free spans of the people (colleagues by id); what lies in the past is left out. */
export async function findSlots(
  people: readonly string[],
  within: Span,
  minutes: number,
  context: ToolContext,
  limit?: number,
): Promise<readonly Span[]> {
  const now = DateTime.fromJSDate(context.now, { zone: context.principal.zone });
  const from = DateTime.max(within.from, now);
  if (from >= within.to) return [];
  const agenda = await agendaOf(people, from, within.to, context);
  const calendars = people.map((person) => ({
    zone: context.directory.find(person)?.zone ?? context.principal.zone,
    busy: agenda.filter((o) => o.event.showAs !== "free" && takesPart(o.event, person)),
  }));
  return freeSpans(calendars, { from, to: within.to }, minutes, limit);
}

/** The next free times as answers to "When should it start?": values are ISO starts. */
export async function slotOptions(
  people: readonly string[],
  within: Span,
  minutes: number,
  context: ToolContext,
) {
  const spans = await findSlots(people, within, minutes, context, 4);
  return spans.map(({ from }) => {
    const start = from.setZone(context.principal.zone);
    const label = `${sayDay(start, context)}, ${sayClocks(start, start.plus({ minutes }), context)}`;
    return { label, value: start.toISO({ suppressMilliseconds: true }) ?? "" };
  });
}
