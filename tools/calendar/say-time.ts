import { DateTime } from "luxon";
import type { Principal } from "../../src/types/principal.ts";
import type { ToolContext } from "../../src/types/tool.ts";
import { listOf, plainText } from "../plain-text.ts";
import type { Clash } from "./agenda.ts";
import type { Occurrence } from "./calendar-event.ts";

/** "Tue 4 Aug", with the year when it is another one; "today, …" and "tomorrow, …" come before it. */
export function sayDay(at: DateTime, context: ToolContext): string {
  const date = sayDate(at, context);
  const today = DateTime.fromJSDate(context.now, { zone: context.principal.zone });
  const key = at.toISODate();
  if (key === today.toISODate()) return `today, ${date}`;
  if (key === today.plus({ days: 1 }).toISODate()) return `tomorrow, ${date}`;
  return date;
}

/** A day as part of a sentence: "today, Tue 4 Aug", "on Wed 5 Aug". */
export function sayOnDay(at: DateTime, context: ToolContext): string {
  const day = sayDay(at, context);
  return /^(?:today|tomorrow), /.test(day) ? day : `on ${day}`;
}

/** "Tue 4 Aug", with the year when it is another one: what may be read on a later day. */
function sayDate(at: DateTime, context: ToolContext): string {
  const { zone, locale } = context.principal;
  const day = at.setLocale(locale);
  const today = DateTime.fromJSDate(context.now, { zone });
  const year = day.year === today.year ? {} : ({ year: "numeric" } as const);
  return day.toLocaleString({ weekday: "short", day: "numeric", month: "short", ...year }).replace(",", "");
}

export function sayClock(at: DateTime, principal: Principal): string {
  return at.setZone(principal.zone).setLocale(principal.locale).toLocaleString(DateTime.TIME_SIMPLE);
}

/** "10:00–10:30"; the end's day is named when it is another one. */
export function sayClocks(start: DateTime, end: DateTime, context: ToolContext): string {
  const { principal } = context;
  const [a, b] = [start.setZone(principal.zone), end.setZone(principal.zone)];
  const other = a.hasSame(b, "day") ? "" : `${sayDay(b, context)}, `;
  return `${sayClock(a, principal)}–${other}${sayClock(b, principal)}`;
}

/** When it is, in the reader's zone: "tomorrow, Tue 4 Aug, 10:00–10:30", "Mon 3 Aug to Fri 7 Aug, all day". */
export function sayWhen(o: Pick<Occurrence, "start" | "end" | "event">, context: ToolContext): string {
  if (o.event.isAllDay) {
    const last = o.end.minus({ days: 1 });
    const days = [sayDay(o.start, context), ...(last > o.start ? [sayDay(last, context)] : [])];
    return `${days.join(" to ")}, all day`;
  }
  return `${sayDay(o.start.setZone(context.principal.zone), context)}, ${sayClocks(o.start, o.end, context)}`;
}

/**
 * When it is, for a card that others read, perhaps on a later day and in another zone: the date without
 * "today", and the zone named.
 */
export function sayWhenForAll(o: Pick<Occurrence, "start" | "end" | "event">, context: ToolContext): string {
  const plain = sayWhen(o, context).replace(/\b(?:today|tomorrow), /g, "");
  const city = context.principal.zone.split("/").at(-1)?.replaceAll("_", " ");
  return o.event.isAllDay ? plain : `${plain}, ${city} time`;
}

/** Name of a person, "you" for the reader. */
export function sayPerson(id: string, context: ToolContext): string {
  if (id === context.principal.id) return "you";
  return context.directory.find(id)?.name ?? plainText(id, 120);
}

export function sayPeople(ids: readonly string[], context: ToolContext): string {
  const shown = ids.slice(0, 8).map((id) => sayPerson(id, context));
  return listOf(ids.length > 8 ? [...shown, `${ids.length - 8} more`] : shown);
}

/** Sentences about who is taken then; empty when nobody is. */
export function sayClashes(clashes: readonly Clash[], context: ToolContext): string {
  const zone = context.principal.zone;
  const isLong = clashes.some(
    (c) => !c.start.setZone(zone).hasSame(clashes[0]?.start.setZone(zone) ?? c.start, "day"),
  );
  const said = clashes.slice(0, 4).map((c) => {
    const what = c.title === "Busy" ? "" : ` ('${plainText(c.title, 80)}')`;
    const isMe = c.person === context.principal.id;
    const day = isLong ? `${sayDay(c.start.setZone(context.principal.zone), context)}, ` : "";
    return `${isMe ? "you are" : `${sayPerson(c.person, context)} is`} busy ${day}${sayClocks(c.start, c.end, context)}${what}`;
  });
  if (said.length === 0) return "";
  const more = clashes.length > 4 ? [`there are ${clashes.length - 4} more clashes`] : [];
  const text = listOf([...said, ...more]);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
