import { DateTime } from "luxon";
import { z } from "zod";
import type { Change, Tool, ToolContext } from "../../src/types/tool.ts";
import { askPeople } from "../people/ask-person.ts";
import { cleanText, listOf, oneLine, plainText } from "../plain-text.ts";
import { readDays, type Span } from "../read-time.ts";
import { findReceipt, idFromKey, undoOnce, writeOnce } from "../write-once.ts";
import { type Clash, clashData, findClashes } from "./agenda.ts";
import {
  type CalendarEvent,
  EVENT,
  eventData,
  eventRef,
  type Occurrence,
  occurrenceId,
} from "./calendar-event.ts";
import { guestContext, sayUntold, sentences } from "./change-event.ts";
import { slotOptions } from "./find-slots.ts";
import {
  checkTimes,
  DEFAULT_MINUTES,
  MAX_MINUTES,
  planEnd,
  readTimeArg,
  type TimesPlan,
} from "./plan-times.ts";
import type { Refused } from "./resolve-event.ts";
import { sayClashes, sayDay, sayPeople, sayWhen, sayWhenForAll } from "./say-time.ts";
import { createEventManifest } from "./write-manifests.ts";

const REPEATS = ["daily", "weekdays", "weekly", "fortnightly"] as const;
const WORKDAYS = "MO,TU,WE,TH,FR";

const schema = z.strictObject({
  title: z.string().min(1).max(200).optional().describe("Left out, the names of those who meet"),
  start: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe(
      "ISO 8601 with offset, e.g. 2026-03-05T10:00:00+01:00; a date alone with `end` as a date books whole days",
    ),
  end: z.string().min(1).max(64).optional().describe("ISO 8601"),
  durationMinutes: z.int().min(5).max(MAX_MINUTES).optional().describe("Default 30"),
  attendees: z
    .array(z.string().min(1).max(200))
    .max(50)
    .optional()
    .describe("Names, titles or e-mails of the others"),
  location: z.string().min(1).max(300).optional(),
  description: z.string().min(1).max(4000).optional(),
  isPrivate: z.boolean().optional().describe("Others see only that the time is taken"),
  repeats: z.enum(REPEATS).optional(),
});

type Args = z.infer<typeof schema>;
type Plan =
  | {
      readonly ok: true;
      readonly event: CalendarEvent;
      readonly start: DateTime;
      readonly end: DateTime;
      readonly clashes: readonly Clash[];
    }
  | { readonly ok: false; readonly result: Refused };

/** Books an event in the requester's calendar and in those of the colleagues invited. */
export const createEventTool: Tool<Args> = {
  name: createEventManifest.name,
  manifest: createEventManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const plan = await planEvent(args, context);
    if (!plan.ok) return plan.result;
    const { event, start, end, clashes } = plan;
    const recordId = idFromKey("evt", context.key);
    const rid = event.recurrence ? occurrenceId(recordId, start) : recordId;
    const occurrence: Occurrence = { rid, recordId, version: 1, event, start, end };
    const whom = event.attendees.length > 0 ? ` with ${sayPeople(event.attendees, context)}` : "";
    const repeats = args.repeats ? `, ${sayRepeats(args.repeats)}` : "";
    return writeOnce(context, [{ kind: EVENT, id: recordId, before: null, after: event }], {
      summary: sentences(
        `Booked **${plainText(event.title)}**${whom}: ${sayWhen(occurrence, context)}${repeats}.`,
        sayClashes(clashes, context),
        sayUntold(event.attendees, "tell", context),
      ),
      data: {
        event: eventData(occurrence, context.principal.zone),
        clashes: clashData(clashes, context.principal.zone),
      },
      records: [eventRef(occurrence)],
    });
  },
  async preview(args, context) {
    const plan = await planEvent(args, context);
    if (!plan.ok) return plan.result;
    const { event, start, end, clashes } = plan;
    const when = sayWhenForAll({ event, start, end }, context);
    const whom = event.attendees.length > 0 ? ` with ${sayPeople(event.attendees, context)}` : "";
    const added = (field: string, after: string | null | undefined): Change[] =>
      after ? [{ field, before: null, after }] : [];
    return {
      status: "ready",
      line: `Book '${event.title}'${whom}: ${when}`,
      changes: [
        ...added("When", when),
        ...added("Repeats", args.repeats && sayRepeats(args.repeats)),
        ...added("Attendees", event.attendees.map((id) => sayAttendee(id, context)).join(", ")),
        ...added("Place", event.location),
        ...added("Description", event.description),
        ...added("Clash", sayClashes(clashes, context)),
      ],
      resource: {
        id: `calendar:${context.principal.id}`,
        title: `Calendar of ${context.principal.name}`,
        attributes: { owner: context.principal.id },
      },
      context: guestContext(event.attendees, context.principal.id, context),
      risk: "normal",
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The event was taken out of the calendar again."),
};

async function planEvent(args: Args, context: ToolContext): Promise<Plan> {
  const { principal, directory } = context;
  const asked = askPeople("attendees", args.attendees ?? [], context);
  if (!asked.ok) return asked;
  const guests = asked.people.filter((p) => p.id !== principal.id);
  const people = [principal.id, ...guests.map((p) => p.id)];
  const planned = await planTimes(args, people, context);
  if (!planned.ok) return planned;
  const { isAllDay } = planned.times;
  const [start, end] = onWorkday(args, planned.times.start, planned.times.end);
  const zone = principal.zone;
  const event: CalendarEvent = {
    title: oneLine(args.title ?? "") || titleFor([principal.name, ...guests.map((p) => p.name)]),
    start: start.toISO({ suppressMilliseconds: true }) ?? "",
    end: end.toISO({ suppressMilliseconds: true }) ?? "",
    zone,
    organizer: principal.id,
    attendees: guests.map((p) => p.id),
    location: oneLine(args.location ?? "") || null,
    description: cleanText(args.description ?? "") || null,
    isPrivate: args.isPrivate ?? false,
    isAllDay,
    showAs: "busy",
    recurrence: args.repeats ? ruleFor(args.repeats) : null,
    exceptions: [],
  };
  const known = people.filter((id) => directory.find(id));
  const clashes = await findClashes(known, start, end, null, context);
  return { ok: true, event, start, end, clashes };
}

async function planTimes(args: Args, people: readonly string[], context: ToolContext): Promise<TimesPlan> {
  const { zone } = context.principal;
  const now = DateTime.fromJSDate(context.now, { zone });
  const minutes = args.durationMinutes ?? DEFAULT_MINUTES;
  if (args.start === undefined) {
    return askStart(
      "When should it start?",
      people,
      { from: now, to: now.plus({ days: 7 }) },
      minutes,
      context,
    );
  }
  const read = readTimeArg("start", args.start, context);
  if (!read.ok) return read;
  const start = read.read;
  if (start.kind === "clock") {
    const today = now.set({ hour: start.hour, minute: start.minute, second: 0, millisecond: 0 });
    return planEnd(today >= now ? today : today.plus({ days: 1 }), args, minutes, context);
  }
  if (start.kind === "instant") return planEnd(start.at, args, minutes, context);
  const last = args.end !== undefined ? readDays(args.end, zone) : null;
  if (last && /^\d{4}-\d{2}-\d{2}$/.test(args.end?.trim() ?? "")) {
    return checkTimes({ start: start.at, end: last.to, isAllDay: true }, context);
  }
  if (minutes >= 24 * 60) {
    const end = start.at.plus({ days: Math.ceil(minutes / (24 * 60)) });
    return checkTimes({ start: start.at, end, isAllDay: true }, context);
  }
  const day = { from: start.at, to: start.at.plus({ days: 1 }) };
  const inPast = checkTimes({ start: start.at, end: day.to, isAllDay: true }, context);
  if (!inPast.ok) return inPast;
  return askStart(
    `At what time on ${sayDay(start.at, context)} should it start?`,
    people,
    day,
    minutes,
    context,
  );
}

async function askStart(
  question: string,
  people: readonly string[],
  within: Span,
  minutes: number,
  context: ToolContext,
): Promise<TimesPlan> {
  const known = people.filter((id) => context.directory.find(id));
  const options = await slotOptions(known, within, minutes, context);
  return { ok: false, result: { status: "asks", question, arg: "start", options } };
}

/** A series on weekdays that would begin on a weekend begins on the Monday after. */
function onWorkday(args: Args, start: DateTime, end: DateTime): [DateTime, DateTime] {
  const days = args.repeats === "weekdays" && start.weekday > 5 ? 8 - start.weekday : 0;
  return [start.plus({ days }), end.plus({ days })];
}

function ruleFor(repeats: (typeof REPEATS)[number]): string {
  if (repeats === "daily") return "FREQ=DAILY";
  if (repeats === "weekdays") return `FREQ=WEEKLY;BYDAY=${WORKDAYS}`;
  return repeats === "weekly" ? "FREQ=WEEKLY" : "FREQ=WEEKLY;INTERVAL=2";
}

function sayRepeats(repeats: (typeof REPEATS)[number]): string {
  const said = {
    daily: "every day",
    weekdays: "every weekday",
    weekly: "every week",
    fortnightly: "every two weeks",
  };
  return `${said[repeats]} until it is cancelled`;
}

function titleFor(names: readonly string[]): string {
  if (names.length === 1) return "Blocked time";
  return listOf(names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names).slice(0, 200);
}

function sayAttendee(id: string, context: ToolContext): string {
  const known = context.directory.find(id);
  return known ? known.name : `${id} (from outside)`;
}
