import { DateTime } from "luxon";
import type { ToolContext } from "../../src/types/tool.ts";
import { plainText } from "../plain-text.ts";
import { readTime, type TimeRead } from "../read-time.ts";
import type { Refused } from "./resolve-event.ts";
import { sayClock, sayDay } from "./say-time.ts";

/** When an event is to be. All-day: midnights in the requester's zone, the end exclusive. */
export type Times = { readonly start: DateTime; readonly end: DateTime; readonly isAllDay: boolean };
export type TimesPlan =
  | { readonly ok: true; readonly times: Times }
  | { readonly ok: false; readonly result: Refused };

export const DEFAULT_MINUTES = 30;
export const MAX_MINUTES = 14 * 24 * 60;

/** Reads a time argument, or gives the answer to a time that cannot be read or does not exist. */
export function readTimeArg(
  arg: "start" | "end",
  text: string,
  context: ToolContext,
): { ok: true; read: Exclude<TimeRead, { kind: "gap" | "bad" }> } | { ok: false; result: Refused } {
  const read = readTime(text, context.principal.zone);
  if (read.kind === "bad") {
    const message = `I could not read '${plainText(text, 40)}' as a time. Nothing was booked or changed. Give a day and a time, for example 12 March at 10:00.`;
    return { ok: false, result: { status: "failed", code: "CAL-400", message } };
  }
  if (read.kind === "gap") {
    const instead = sayClock(read.instead, context.principal);
    const question = `The clocks go forward on ${sayDay(read.instead, context)}, so ${read.text} does not exist that day. Do you mean ${instead}?`;
    const options = [{ label: instead, value: read.instead.toISO({ suppressMilliseconds: true }) ?? "" }];
    return { ok: false, result: { status: "asks", question, arg, options } };
  }
  return { ok: true, read };
}

/** The end, from what was said of it; `lengthMinutes` is taken when nothing was. */
export function planEnd(
  start: DateTime,
  said: { readonly end?: string; readonly durationMinutes?: number },
  lengthMinutes: number,
  context: ToolContext,
  isStartKept = false,
): TimesPlan {
  let end = start.plus({ minutes: said.durationMinutes ?? lengthMinutes });
  if (said.end !== undefined) {
    const read = readTimeArg("end", said.end, context);
    if (!read.ok) return read;
    if (read.read.kind === "date")
      return refuse(
        "CAL-422",
        "The end is only a day. Nothing was booked or changed. Give the time at which it ends.",
      );
    end =
      read.read.kind === "instant"
        ? read.read.at
        : start.set({ hour: read.read.hour, minute: read.read.minute });
  }
  return checkTimes({ start, end, isAllDay: false }, context, isStartKept);
}

/**
 * Refuses an end before the start, more than 14 days, and a start in the past; of an event that keeps its
 * start (`isStartKept`) only the end must be to come.
 */
export function checkTimes(times: Times, context: ToolContext, isStartKept = false): TimesPlan {
  const { start, end, isAllDay } = times;
  const { zone, locale } = context.principal;
  const now = DateTime.fromJSDate(context.now, { zone });
  if (end <= start) {
    return refuse(
      "CAL-422",
      `It would end (${sayWhole(end, locale)}) before it starts (${sayWhole(start, locale)}). Nothing was booked or changed. Give an end after the start.`,
    );
  }
  if (end.diff(start, "minutes").minutes > MAX_MINUTES) {
    return refuse(
      "CAL-422",
      "An event can last 14 days at most. Nothing was booked or changed. Give a shorter time.",
    );
  }
  if (isStartKept ? end > now : start >= (isAllDay ? now.startOf("day") : now.startOf("minute")))
    return { ok: true, times };
  const again = start.plus({ days: 1 });
  if (start.hasSame(now, "day") && again > now) {
    const clock = sayClock(start, context.principal);
    const label = `${sayDay(again, context)}, ${clock}`;
    const options = [{ label, value: again.toISO({ suppressMilliseconds: true }) ?? "" }];
    const question = `${clock} today has already passed. When should it be?`;
    return { ok: false, result: { status: "asks", question, arg: "start", options } };
  }
  return refuse(
    "CAL-410",
    `${sayWhole(start, locale)} is in the past. Nothing was booked or changed. Give a time from now on.`,
  );
}

function sayWhole(at: DateTime, locale: string): string {
  return at.setLocale(locale).toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY);
}

function refuse(code: string, message: string): { ok: false; result: Refused } {
  return { ok: false, result: { status: "failed", code, message } };
}
