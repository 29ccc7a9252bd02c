import { DateTime } from "luxon";
import { z } from "zod";
import type { Tool, ToolContext } from "../../src/types/tool.ts";
import { askPeople } from "../people/ask-person.ts";
import { listOf } from "../plain-text.ts";
import type { Span } from "../read-time.ts";
import { findSlots } from "./find-slots.ts";
import { WORKDAY } from "./free-time.ts";
import { findFreeTimeManifest } from "./read-manifests.ts";
import { readSpan } from "./read-span.ts";
import { sayClocks, sayDay, sayPeople, sayPerson } from "./say-time.ts";

const schema = z.strictObject({
  attendees: z
    .array(z.string().min(1).max(200))
    .max(30)
    .optional()
    .describe("The others: names, titles or e-mails"),
  day: z.string().min(1).max(64).optional().describe("A date, a week (2026-W10) or an interval of dates"),
  from: z.string().min(1).max(64).optional().describe("ISO 8601 date or date-time"),
  to: z.string().min(1).max(64).optional().describe("ISO 8601 date (that day included) or date-time"),
  durationMinutes: z.int().min(5).max(480).optional().describe("Default 30"),
});

const DEFAULT_DAYS = 7;
const LATER_DAYS = 14;

/** Finds when the requester and colleagues are all free in their working hours. Books nothing. */
export const findFreeTimeTool: Tool<z.infer<typeof schema>> = {
  name: findFreeTimeManifest.name,
  manifest: findFreeTimeManifest,
  schema,
  async run(args, context) {
    const { principal, directory } = context;
    const asked = askPeople("attendees", args.attendees ?? [], context);
    if (!asked.ok) return asked.result;
    const outside = asked.people.filter((p) => !directory.find(p.id)).map((p) => p.id);
    const people = [...new Set([principal.id, ...asked.people.map((p) => p.id)])].filter((id) =>
      directory.find(id),
    );
    const now = DateTime.fromJSDate(context.now, { zone: principal.zone });
    const read = readSpan(args, { from: now, to: now.startOf("day").plus({ days: DEFAULT_DAYS }) }, context);
    if (!read.ok) return read.result;
    const { span } = read;
    if (span.to <= now) {
      const message = "That time is in the past. Ask for a day from today on.";
      return { status: "failed", code: "CAL-410", message };
    }
    const minutes = args.durationMinutes ?? 30;
    const windows = await findSlots(people, span, minutes, context);
    const later = { from: span.to, to: span.to.plus({ days: LATER_DAYS }) };
    const next = windows.length > 0 ? [] : await findSlots(people, later, minutes, context, 3);
    const slots = [...windows, ...next].map(({ from }) => ({ from, to: from.plus({ minutes }) }));
    return {
      status: "succeeded",
      summary: [say(people, minutes, span, windows, next, context), sayOutside(outside)]
        .filter(Boolean)
        .join("\n\n"),
      data: {
        people,
        durationMinutes: minutes,
        slots: slots.map(spanData),
        windows: [...windows, ...next].map(spanData),
      },
      records: slots.map(({ from, to }) => ({
        kind: "calendar.slot",
        id: from.toISO({ suppressMilliseconds: true }) ?? "",
        title: `${sayDay(from, context)}, ${sayClocks(from, to, context)}`,
      })),
    };
  },
};

function say(
  people: readonly string[],
  minutes: number,
  span: Span,
  windows: readonly Span[],
  next: readonly Span[],
  context: ToolContext,
): string {
  const others = people.filter((id) => id !== context.principal.id);
  const who =
    others.length === 0
      ? "You are"
      : others.length === 1
        ? `You and ${sayPerson(others[0] ?? "", context)} are both`
        : `You, ${sayPeople(others, context)} are all`;
  const lines = (spans: readonly Span[]) =>
    byDay(spans, context)
      .map(([day, times]) => `- ${day}: ${times}`)
      .join("\n");
  if (windows.length > 0) return `${who} free for ${minutes} minutes:\n\n${lines(windows)}`;
  const last = span.to.minus({ seconds: 1 });
  const when = span.from.hasSame(last, "day")
    ? sayDay(last, context)
    : `${sayDay(span.from, context)} to ${sayDay(last, context)}`;
  const none = `${who.replace(/ are( both| all)?$/, " have")} no free ${minutes} minutes ${others.length > 0 ? "in common " : ""}in working hours (${WORKDAY.fromHour}:00–${WORKDAY.toHour}:00 for each, Monday to Friday), ${when}.`;
  return next.length > 0
    ? `${none} The next after that:\n\n${lines(next)}`
    : `${none} Nor is there any in the two weeks after.`;
}

function byDay(spans: readonly Span[], context: ToolContext): [string, string][] {
  const days = new Map<string, string[]>();
  for (const { from, to } of spans) {
    const day = sayDay(from, context);
    days.set(day, [...(days.get(day) ?? []), sayClocks(from, to, context)]);
  }
  return [...days].map(([day, times]) => [day.charAt(0).toUpperCase() + day.slice(1), times.join(", ")]);
}

function sayOutside(outside: readonly string[]): string {
  if (outside.length === 0) return "";
  return `I cannot see the calendar of ${listOf(outside)}, so ${outside.length > 1 ? "they are" : "that is"} not counted.`;
}

function spanData({ from, to }: Span) {
  return {
    start: from.toISO({ suppressMilliseconds: true }) ?? "",
    end: to.toISO({ suppressMilliseconds: true }) ?? "",
  };
}
