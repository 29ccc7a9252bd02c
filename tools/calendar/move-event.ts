import type { DateTime } from "luxon";
import { z } from "zod";
import type { Change, Tool, ToolContext } from "../../src/types/tool.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { findReceipt, undoOnce, writeOnce } from "../write-once.ts";
import { type Clash, clashData, findClashes } from "./agenda.ts";
import { type CalendarEvent, eventData, eventRef, type Occurrence, participants } from "./calendar-event.ts";
import {
  changeOccurrence,
  eventResource,
  guestContext,
  notOrganizer,
  sayUntold,
  sentences,
} from "./change-event.ts";
import { checkTimes, MAX_MINUTES, planEnd, readTimeArg, type TimesPlan } from "./plan-times.ts";
import { type Refused, resolveEvent } from "./resolve-event.ts";
import { sayClashes, sayWhen, sayWhenForAll } from "./say-time.ts";
import { moveEventManifest } from "./write-manifests.ts";

/** Longest way from where an event is now; farther is said as a date. */
const MAX_SHIFT = 60 * 24 * 60;

const schema = z.strictObject({
  event: z.string().min(1).max(200).optional().describe("Id of the event"),
  eventName: z.string().min(1).max(200).optional().describe("Words for the event, when the id is not known"),
  day: z.string().min(1).max(64).optional().describe("The day on which it is now"),
  start: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("New start: ISO 8601, or only a time of day (11:00), or only a date"),
  end: z.string().min(1).max(64).optional().describe("New end; left out, the length stays"),
  durationMinutes: z.int().min(5).max(MAX_MINUTES).optional().describe("New length"),
  laterMinutes: z.int().min(1).max(MAX_SHIFT).optional().describe("Later than now by so many minutes"),
  earlierMinutes: z.int().min(1).max(MAX_SHIFT).optional().describe("Earlier than now by so many minutes"),
});

type Args = z.infer<typeof schema>;
type Plan =
  | {
      readonly ok: true;
      readonly from: Occurrence;
      readonly to: Occurrence;
      readonly clashes: readonly Clash[];
    }
  | { readonly ok: false; readonly result: Refused };

/** Moves an event (of a series: the one occurrence), keeping its length unless told otherwise. */
export const moveEventTool: Tool<Args> = {
  name: moveEventManifest.name,
  manifest: moveEventManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const plan = await planMove(args, context);
    if (!plan.ok) return plan.result;
    const { from, to, clashes } = plan;
    const refused = notOrganizer(from, "moved", context);
    if (refused) return refused;
    const { steps, rid } = changeOccurrence(from, to.event, context);
    const moved = { ...to, rid };
    return writeOnce(context, steps, {
      summary: sentences(
        `Moved **${plainText(to.event.title)}** to ${sayWhen(to, context)} (before: ${sayWhen(from, context)}).`,
        from.event.recurrence ? "Only this one of the series was moved." : "",
        sayClashes(clashes, context),
        sayUntold(to.event.attendees, "tell", context),
      ),
      data: {
        event: eventData(moved, context.principal.zone),
        clashes: clashData(clashes, context.principal.zone),
      },
      records: [eventRef(moved)],
    });
  },
  async preview(args, context) {
    const plan = await planMove(args, context);
    if (!plan.ok) return plan.result;
    const { from, to, clashes } = plan;
    const clash = sayClashes(clashes, context);
    const changes: Change[] = [
      { field: "When", before: sayWhenForAll(from, context), after: sayWhenForAll(to, context) },
      ...(clash ? [{ field: "Clash", before: null, after: clash }] : []),
    ];
    return {
      status: "ready",
      line: `Move '${oneLine(from.event.title)}' from ${sayWhenForAll(from, context)} to ${sayWhenForAll(to, context)}`,
      changes,
      resource: eventResource(from),
      context: guestContext(participants(from.event), from.event.organizer, context),
      risk: "normal",
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The event is back at its earlier time."),
};

async function planMove(args: Args, context: ToolContext): Promise<Plan> {
  const resolved = await resolveEvent(args, context);
  if (!resolved.ok) return resolved;
  const from = resolved.occurrence;
  const planned = planTimes(args, from, context);
  if (!planned.ok) return planned;
  const { start, end, isAllDay } = planned.times;
  if (start.toMillis() === from.start.toMillis() && end.toMillis() === from.end.toMillis()) {
    const message = `'${oneLine(from.event.title)}' is already then: ${sayWhen(from, context)}. Nothing was changed.`;
    return { ok: false, result: { status: "failed", code: "CAL-409", message } };
  }
  const event: CalendarEvent = {
    ...from.event,
    start: start.setZone(from.event.zone).toISO({ suppressMilliseconds: true }) ?? "",
    end: end.setZone(from.event.zone).toISO({ suppressMilliseconds: true }) ?? "",
    isAllDay,
  };
  const known = participants(event).filter((id) => context.directory.find(id));
  const clashes = await findClashes(known, start, end, from.rid, context);
  return { ok: true, from, to: { ...from, event, start, end }, clashes };
}

function planTimes(args: Args, from: Occurrence, context: ToolContext): TimesPlan {
  const { zone } = context.principal;
  const { isAllDay } = from.event;
  const now = from.start.setZone(isAllDay ? from.event.zone : zone);
  let start: DateTime = now;
  if (args.start !== undefined) {
    const read = readTimeArg("start", args.start, context);
    if (!read.ok) return read;
    if (read.read.kind === "instant") start = read.read.at;
    else if (read.read.kind === "clock") start = now.set({ hour: read.read.hour, minute: read.read.minute });
    else start = now.set({ year: read.read.at.year, month: read.read.at.month, day: read.read.at.day });
  } else if (shiftOf(args) !== 0) {
    start = shifted(now, shiftOf(args));
  } else if (args.end === undefined && args.durationMinutes === undefined) {
    const question = `To when should I move '${oneLine(from.event.title)}'?`;
    return { ok: false, result: { status: "asks", question, arg: "start", options: [] } };
  }
  if (isAllDay && args.end === undefined && args.durationMinutes === undefined) {
    const days = Math.round(from.end.diff(from.start, "days").days);
    const day = start.startOf("day");
    return checkTimes({ start: day, end: day.plus({ days }), isAllDay: true }, context);
  }
  const minutes = from.end.diff(from.start, "minutes").minutes;
  return planEnd(start, args, minutes, context, args.start === undefined && shiftOf(args) === 0);
}

const shiftOf = (args: Args) => (args.laterMinutes ?? 0) - (args.earlierMinutes ?? 0);

/** Whole days keep the wall clock, so that "a day later" is right when the clocks change. */
function shifted(from: DateTime, minutes: number): DateTime {
  const isDays = minutes % 1440 === 0;
  return isDays ? from.plus({ days: minutes / 1440 }) : from.plus({ minutes });
}
