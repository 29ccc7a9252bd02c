import { DateTime } from "luxon";
import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { plainText } from "../plain-text.ts";
import { readDays, type Span } from "../read-time.ts";
import { agendaOf } from "./agenda.ts";
import {
  type CalendarEvent,
  EVENT,
  maySee,
  type Occurrence,
  occurrenceId,
  readOccurrenceId,
} from "./calendar-event.ts";
import { matchEvents, readEventWords } from "./match-events.ts";
import { timesWithin } from "./recurrence.ts";
import { sayPeople, sayWhen } from "./say-time.ts";

export type EventWords = { readonly event?: string; readonly eventName?: string; readonly day?: string };

export type Refused = Exclude<ActionResult, { status: "succeeded" }>;
export type EventFound =
  | { readonly ok: true; readonly occurrence: Occurrence }
  | { readonly ok: false; readonly result: Refused };

const AHEAD_DAYS = 60;
const OPTIONS = 6;

/**
 * The one event meant, by id or by words among the requester's own from today on (or on `day`). Of a series
 * the next occurrence. A private event of others is not found, whoever knows its id.
 */
export async function resolveEvent(words: EventWords, context: ToolContext): Promise<EventFound> {
  if (words.event !== undefined) {
    const byId = await eventById(words.event, context);
    if (byId) return { ok: true, occurrence: byId };
  }
  const { zone } = context.principal;
  const now = DateTime.fromJSDate(context.now, { zone });
  const today: Span = { from: now.startOf("day"), to: now.startOf("day").plus({ days: AHEAD_DAYS }) };
  const span = words.day === undefined ? today : readDays(words.day, zone);
  if (!span)
    return failed(
      "CAL-400",
      `I could not read the day '${plainText(words.day ?? "", 40)}'. Nothing was changed. Give a date.`,
    );
  const mine = (await agendaOf([context.principal.id], span.from, span.to, context)).filter(
    (o) => words.day !== undefined || o.end > now,
  );
  const said = [words.event, words.eventName].filter((w) => w !== undefined).join(" ");
  const { found, isGuess } = matchEvents(readEventWords(said), mine, context);
  const firsts = found.filter((o, i) => found.findIndex((other) => other.recordId === o.recordId) === i);
  const [only] = firsts;
  if (only && firsts.length === 1 && !isGuess && (said !== "" || words.day !== undefined)) {
    return { ok: true, occurrence: only };
  }
  if (only) return ask(said, firsts, isGuess, context);
  const where =
    words.day === undefined
      ? "in the coming weeks"
      : `on ${span.from.setLocale(context.principal.locale).toLocaleString(DateTime.DATE_FULL)}`;
  const what = said === "" ? "nothing" : `no event '${plainText(said, 80)}'`;
  return failed(
    "CAL-404",
    `Your calendar has ${what} ${where}. Nothing was changed. Say its title, who is in it or its day.`,
  );
}

async function eventById(rid: string, context: ToolContext): Promise<Occurrence | null> {
  const { recordId, start } = readOccurrenceId(rid);
  const stored = await context.records.get<CalendarEvent>(EVENT, recordId);
  if (!stored || !maySee(stored.data, context.principal.id)) return null;
  const { data: event, version } = stored;
  const from = start ?? DateTime.fromJSDate(context.now);
  const at = event.recurrence
    ? timesWithin(event, from, from.plus(start ? { minutes: 1 } : { days: AHEAD_DAYS }))
    : [
        {
          start: DateTime.fromISO(event.start, { zone: event.zone }),
          end: DateTime.fromISO(event.end, { zone: event.zone }),
        },
      ];
  const times = event.recurrence && start ? at.find((t) => t.start.toMillis() === start.toMillis()) : at[0];
  if (!times) return null;
  return {
    rid: event.recurrence ? occurrenceId(recordId, times.start) : recordId,
    recordId,
    version,
    event,
    ...times,
  };
}

function ask(said: string, found: readonly Occurrence[], isGuess: boolean, context: ToolContext): EventFound {
  const me = context.principal.id;
  const options = found.slice(0, OPTIONS).map((o) => {
    const others = [o.event.organizer, ...o.event.attendees].filter((id) => id !== me);
    const whom = others.length > 0 ? `, with ${sayPeople(others.slice(0, 3), context)}` : "";
    return { label: `${o.event.title}: ${sayWhen(o, context)}${whom}`, value: o.rid };
  });
  const question = isGuess
    ? `I found no event '${plainText(said, 80)}'. Did you mean one of these?`
    : said === ""
      ? "Which event do you mean?"
      : `Which event do you mean by '${plainText(said, 80)}'?`;
  return { ok: false, result: { status: "asks", question, arg: "event", options } };
}

function failed(code: string, message: string): EventFound {
  return { ok: false, result: { status: "failed", code, message } };
}
