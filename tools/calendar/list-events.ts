import { DateTime } from "luxon";
import { z } from "zod";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { askPerson } from "../people/ask-person.ts";
import { plainText, table } from "../plain-text.ts";
import type { Span } from "../read-time.ts";
import { agendaOf } from "./agenda.ts";
import { eventData, eventRef, maySee, type Occurrence, participants } from "./calendar-event.ts";
import { matchEvents, readEventWords } from "./match-events.ts";
import { listEventsManifest } from "./read-manifests.ts";
import { readSpan } from "./read-span.ts";
import { sayClocks, sayDay, sayOnDay, sayPeople, sayPerson } from "./say-time.ts";

const schema = z.strictObject({
  person: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Whose calendar: name, title or e-mail; left out for the requester's own"),
  day: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe(
      "A date (2026-03-05), a week (2026-W10), a month (2026-03) or an interval of dates (2026-03-05/2026-03-07)",
    ),
  from: z.string().min(1).max(64).optional().describe("ISO 8601 date or date-time"),
  to: z.string().min(1).max(64).optional().describe("ISO 8601 date (that day included) or date-time"),
  eventName: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Only events that these words fit: a title, a person in it"),
});

type Args = z.infer<typeof schema>;

const SHOWN = 40;
const LOOK_AHEAD_DAYS = 14;

/** Lists a calendar. A colleague's private events come as "Busy", without anything else. */
export const listEventsTool: Tool<Args> = {
  name: listEventsManifest.name,
  manifest: listEventsManifest,
  schema,
  async run(args, context) {
    const { directory, principal } = context;
    const asked = args.person === undefined ? null : askPerson("person", args.person, context);
    if (asked && !asked.ok) return asked.result;
    const person = asked?.people[0]?.id ?? principal.id;
    if (!directory.find(person)) {
      const message = `I can only see the calendars of colleagues, not that of ${plainText(person, 80)}.`;
      return { status: "failed", code: "DIR-404", message };
    }
    const now = DateTime.fromJSDate(context.now, { zone: principal.zone });
    const today = now.startOf("day");
    // Without a day: today; when one event is looked for, the next four weeks.
    const days = args.eventName === undefined ? 1 : 28;
    const read = readSpan(args, { from: today, to: today.plus({ days }) }, context);
    if (!read.ok) return read.result;
    const { span } = read;
    let events = await agendaOf([person], span.from, span.to, context);
    if (args.eventName !== undefined) {
      const wanted = readEventWords(args.eventName);
      // Without days "the stand-up" is the next one; with days it may be one that is over.
      const isOpen = args.day === undefined && args.from === undefined && args.to === undefined;
      const readable = events.filter((o) => maySee(o.event, principal.id) && (!isOpen || o.end > now));
      events = matchEvents(wanted, readable, context).found.slice(
        0,
        /\bnext\b/i.test(args.eventName) ? 1 : 5,
      );
    }
    const result = show(person, span, events, args, context);
    const isToday = args.day === undefined && args.from === undefined && args.to === undefined;
    if (events.length > 0 || !isToday || args.eventName !== undefined) return result;
    const [next] = await agendaOf([person], now, now.plus({ days: LOOK_AHEAD_DAYS }), context);
    return next ? withNext(result, next, context) : result;
  },
};

/** An empty today is half an answer: what comes next is the other half. */
function withNext(result: ActionResult, next: Occurrence, context: ToolContext): ActionResult {
  if (result.status !== "succeeded") return result;
  const { principal } = context;
  const isVisible = maySee(next.event, principal.id);
  const title = isVisible ? plainText(next.event.title, 100) : "Busy";
  const day = sayDay(next.start.setZone(next.event.isAllDay ? next.event.zone : principal.zone), context);
  const time = next.event.isAllDay ? "all day" : sayClocks(next.start, next.end, context);
  return {
    ...result,
    summary: `${result.summary} Next: **${title}**, ${day}, ${time}.`,
    data: { ...result.data, next: isVisible ? eventData(next, principal.zone) : null },
    records: isVisible ? [eventRef(next)] : [],
  };
}

function show(
  person: string,
  span: Span,
  events: readonly Occurrence[],
  args: Args,
  context: ToolContext,
): ActionResult {
  const { principal } = context;
  const shown = events.slice(0, SHOWN);
  const isVisible = (o: Occurrence) => maySee(o.event, principal.id);
  const isOneDay = span.to <= span.from.plus({ days: 1 });
  const last = span.to.minus({ seconds: 1 });
  const when = isOneDay
    ? sayOnDay(span.from, context)
    : `from ${sayDay(span.from, context)} to ${sayDay(last, context)}`;
  const whose = person === principal.id ? "You have" : `${sayPerson(person, context)} has`;
  const what = args.eventName === undefined ? "event" : `event matching '${plainText(args.eventName, 60)}'`;
  const count = events.length === 0 ? "no" : String(events.length);
  const noun = what.replace("event", events.length === 1 ? "event" : "events");
  const more =
    events.length > SHOWN ? `\n\nThe first ${SHOWN} are shown; ask for fewer days to see the rest.` : "";
  const headline =
    events.length === 0 && args.eventName === undefined
      ? `${whose} nothing planned ${when}.`
      : `${whose} ${count} ${noun} ${when}${events.length > 0 ? ":" : "."}`;
  const cells = shown.map((o) => {
    const others = participants(o.event).filter((id) => id !== person);
    const day = sayDay(o.start.setZone(o.event.isAllDay ? o.event.zone : principal.zone), context);
    return {
      day: day.charAt(0).toUpperCase() + day.slice(1),
      time: o.event.isAllDay ? "all day" : sayClocks(o.start, o.end, context),
      title: isVisible(o) ? plainText(o.event.title, 100) : "Busy",
      whom: isVisible(o) && others.length > 0 ? sayPeople(others, context) : "",
      place: isVisible(o) ? plainText(o.event.location ?? "", 60) : "",
    };
  });
  const body =
    cells.length > 3
      ? isOneDay
        ? table(
            ["Time", "What", "With", "Where"],
            cells.map((c) => [c.time, c.title, c.whom, c.place]),
          )
        : table(
            ["Day", "Time", "What", "With"],
            cells.map((c) => [c.day, c.time, c.title, c.whom]),
          )
      : cells
          .map(
            (c) =>
              `- ${isOneDay ? "" : `${c.day}, `}${c.time}: **${c.title}**${c.whom && ` with ${c.whom}`}${c.place && `, ${c.place}`}`,
          )
          .join("\n");
  return {
    status: "succeeded",
    summary: body ? `${headline}\n\n${body}${more}` : headline,
    data: {
      person,
      from: span.from.toISO({ suppressMilliseconds: true }) ?? "",
      to: span.to.toISO({ suppressMilliseconds: true }) ?? "",
      events: shown.map((o) => (isVisible(o) ? eventData(o, principal.zone) : busyData(o, person, context))),
    },
    records: shown.filter(isVisible).map(eventRef),
  };
}

function busyData(o: Occurrence, person: string, context: ToolContext) {
  const hidden = { title: "Busy", organizer: person, attendees: [], location: null, description: null };
  return { ...eventData({ ...o, event: { ...o.event, ...hidden } }, context.principal.zone), id: null };
}
