import { DateTime } from "luxon";
import type { Json } from "../../types/json.ts";
import type { ArgSpec } from "../../types/tool.ts";
import { slotsInFocus } from "./conversation.ts";
import { sayDay } from "./date-problems.ts";
import { fitField } from "./field-values.ts";
import type { FillContext, Reading, Trouble } from "./reading.ts";
import { findReference } from "./references.ts";
import { readTimes, type TimeSpan } from "./times.ts";

type Out = {
  readonly args: Record<string, Json>;
  readonly troubles: Trouble[];
  readonly used: TimeSpan[];
  /** Time of day at which something is now ("my 3 pm today"), as `HH:mm`. */
  clock: string | null;
};

const iso = (moment: DateTime) => moment.toISO({ suppressMilliseconds: true }) ?? "";
const clock = (moment: DateTime) => moment.toFormat("HH:mm");

function timeArgs(context: FillContext): readonly (readonly [string, ArgSpec])[] {
  return Object.entries(context.tool.manifest.args).filter(([, s]) => s.role === "time" || s.part);
}

/** Whether a tool changes something that exists: then a time of day alone keeps the day. */
export function changesRecord(context: Pick<FillContext, "tool">): boolean {
  const { manifest } = context.tool;
  return (
    manifest.effect !== "read" &&
    Object.values(manifest.args).some((s) => s.role === "rid" && s.kind && s.kind !== "file")
  );
}

/** Fills arguments that are times, by their part. What cannot be is a trouble, never a guess. */
export function fillTimes(whole: Reading, context: FillContext): Out {
  const reading = context.tool.manifest.effect === "read" ? whole : withoutOwnPeriods(whole);
  const out: Out = { args: {}, troubles: [], used: [], clock: null };
  const specs = timeArgs(context);
  if (specs.length === 0) return out;
  const named = (part: string) => specs.find(([, s]) => s.part === part)?.[0];
  const { manifest } = context.tool;
  const isRead = manifest.effect === "read";
  const here = DateTime.fromJSDate(context.now, { zone: context.principal.zone });
  const duration = named("duration");
  if (duration && reading.times.minutes !== null) {
    const minutes = reading.times.minutes;
    const value = fitField(context.tool, duration, [minutes, `PT${minutes}M`, String(minutes)]);
    if (value !== undefined) out.args[duration] = value;
  }
  fillShift(reading, context, out);
  const start = named("start") ?? specs.find(([, s]) => s.role === "time" && !s.part)?.[0];
  const day = named("day");
  const { source, target } = splitTarget(reading, context, Boolean(start && day && !isRead));
  for (const [span, isSource] of [[source, true] as const, [target, false] as const]) {
    if (!span) continue;
    const arg = isSource || !start ? (day ?? start ?? named("range") ?? named("end")) : start;
    if (!arg) continue;
    out.used.push(span);
    if (span.problem) {
      const isMild = isRead && /^Which \w+day/.test(span.problem.question);
      if (!isMild) {
        out.troubles.push({ arg, question: span.problem.question, options: span.problem.options });
        continue;
      }
    }
    if (isRead) fillRead(span, context, { start, end: named("end"), day, range: named("range") }, out);
    else if (arg === day) {
      if (span.hasTime) out.clock = clock(span.start);
      const value = fitField(context.tool, day, [span.start.toISODate() ?? ""]);
      if (value !== undefined && span.hasDate) out.args[day] = value;
    } else fillWrite(span, arg, named("end"), here, context, out);
  }
  if (start && out.args[start] === undefined && out.troubles.length === 0)
    fillFromSlot(reading, start, named("end"), context, out);
  return out;
}

/** "My week" is what somebody wants to see, never when something is to happen. */
export const isOwnPeriod = (said: string) => /^(?:my|our) (?:week|day)$/i.test(said.trim());

function withoutOwnPeriods(reading: Reading): Reading {
  const spans = reading.times.spans.filter((s) => !isOwnPeriod(s.text));
  return { ...reading, times: { ...reading.times, spans } };
}

/** "an hour earlier" fills the length argument that is labelled with that way. */
function fillShift(reading: Reading, context: FillContext, out: Out): void {
  const { shift } = reading.times;
  if (!shift) return;
  const way = shift.minutes < 0 ? /earlier/i : /later/i;
  const arg = timeArgs(context).find(([, s]) => s.part === "duration" && way.test(s.label))?.[0];
  const value = arg ? fitField(context.tool, arg, [Math.abs(shift.minutes)]) : undefined;
  if (arg && value !== undefined) out.args[arg] = value;
}

/** Splits the times of "move tomorrow's call to 3" into where it is and where it goes. */
function splitTarget(
  reading: Reading,
  context: FillContext,
  hasBoth: boolean,
): { readonly source: TimeSpan | null; readonly target: TimeSpan | null } {
  const { text } = reading;
  const spans = reading.times.spans;
  const first = spans[0] ?? null;
  if (!hasBoth || !first) return { source: null, target: first };
  const cut = targetAt(text);
  if (cut >= 0) {
    const read = (part: string) => readTimes(part, context.now, context.principal.zone).spans;
    const [after] = read(text.slice(cut));
    const [before] = read(text.slice(0, cut).replace(/\b(?:to|until|till|by)\s*$/i, ""));
    if (after)
      return { source: before ?? null, target: { ...after, from: after.from + cut, to: after.to + cut } };
  }
  // "put the stand-up at 9:15 tomorrow", "make it 11:30": no direction, so it is where it goes.
  const isOwn = spans.length === 1 && /^['’]s\b/.test(text.slice(first.to));
  // "make tomorrow's call 45 minutes": only the length changes.
  const isLength = reading.times.minutes !== null && spans.length === 1 && !first.hasTime;
  if (isOwn || isLength) return { source: first, target: null };
  return { source: spans.length > 1 ? first : null, target: spans.at(-1) ?? null };
}

/** Where the destination of a move begins ("… to Friday"), or -1. */
export function targetAt(text: string): number {
  let at = -1;
  for (const m of text.matchAll(
    /\b(?:to|until|till|by|forward|back)\s+(?=(?:the (?=\d|same|first|second|third|next|following)|next |this |half |quarter |noon|midnight|tomorrow|today|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|eleven\b|twelve\b|same ))/gi,
  ))
    at = m.index + m[0].length;
  return at;
}

type Names = { start?: string; end?: string; day?: string; range?: string };

function fillRead(span: TimeSpan, context: FillContext, names: Names, out: Out): void {
  const put = (arg: string | undefined, candidates: readonly Json[]) => {
    if (!arg || out.args[arg] !== undefined) return false;
    const value = fitField(context.tool, arg, candidates);
    if (value === undefined) return false;
    out.args[arg] = value;
    return true;
  };
  const start = span.start;
  if (span.edge && (names.start || names.end)) {
    const isFrom = span.edge === "from";
    if (!isFrom) put(names.start, [iso(start.startOf("day"))]);
    if (put(isFrom ? names.start : names.end, [iso(start)])) return;
  }
  const isWholeDay =
    !span.hasTime && start.hour === 0 && (!span.end || span.end.diff(start, "days").days <= 1);
  if (isWholeDay && put(names.day, [start.toISODate() ?? ""])) return;
  const end = span.end ?? (span.hasTime ? null : start.plus({ days: 1 }));
  if (
    end &&
    names.range &&
    put(names.range, [`${iso(start)}/${iso(end)}`, { start: iso(start), end: iso(end) }])
  )
    return;
  if (!names.start && names.day) {
    put(names.day, [start.toISODate() ?? ""]);
    return;
  }
  put(names.start, [iso(start), start.toISODate() ?? "", clock(start)]);
  if (end) put(names.end, [iso(end), end.toISODate() ?? ""]);
}

function fillWrite(
  span: TimeSpan,
  arg: string,
  end: string | undefined,
  here: DateTime,
  context: FillContext,
  out: Out,
): void {
  const spec = context.tool.manifest.args[arg];
  // "Until", of a stretch, is its last day: "next week" ends on its Sunday.
  const isEnd = spec?.part === "end" || /^until$/i.test(spec?.label ?? "");
  const last = isEnd && span.end && !span.hasTime ? span.end.minus({ milliseconds: 1 }) : span.start;
  const date = last.toISODate() ?? "";
  const isChange = changesRecord(context);
  if (!span.hasTime) {
    const onlyDay = isChange || spec?.part !== "start" ? fitField(context.tool, arg, [date]) : undefined;
    if (onlyDay !== undefined) out.args[arg] = onlyDay;
    else askTime(span, arg, here, out);
    return;
  }
  const keepsDay = isChange && !span.hasDate ? fitField(context.tool, arg, [clock(span.start)]) : undefined;
  if (keepsDay !== undefined) {
    out.args[arg] = keepsDay;
  } else if (span.start < here) {
    const next = span.start.plus({ days: 1 });
    const said = `${sayDay(span.start, here)} at ${clock(span.start)}`;
    out.troubles.push({
      arg,
      question: `${said.charAt(0).toUpperCase()}${said.slice(1)} is already over. When do you mean?`,
      options: span.hasDate ? [] : [{ label: `tomorrow at ${clock(next)}`, value: iso(next) }],
    });
    return;
  } else {
    const value = fitField(context.tool, arg, [
      iso(span.start),
      iso(span.start.toUTC()),
      clock(span.start),
      date,
    ]);
    if (value !== undefined) out.args[arg] = value;
  }
  if (end && span.end) {
    const wanted =
      keepsDay !== undefined ? [clock(span.end), iso(span.end)] : [iso(span.end), iso(span.end.toUTC())];
    const value = fitField(context.tool, end, wanted);
    if (value !== undefined) out.args[end] = value;
  }
}

function askTime(span: TimeSpan, arg: string, here: DateTime, out: Out): void {
  const last = span.end?.minus({ days: 1 });
  if (last && last.startOf("day") > span.start.startOf("day")) {
    out.troubles.push({
      arg,
      question: `Which day and time do you mean, between ${sayDay(span.start, here)} and ${sayDay(last, here)}?`,
      options: [],
    });
    return;
  }
  const day = span.start.toISODate();
  const when = span.start.hasSame(here, "day") ? "today" : `on ${sayDay(span.start, here)}`;
  out.troubles.push({ arg, question: `At what time ${when}?`, options: [], day });
}

/** "Book it", "book the second one" after free times were shown. */
function fillFromSlot(
  reading: Reading,
  start: string,
  end: string | undefined,
  context: FillContext,
  out: Out,
): void {
  if (context.tool.manifest.effect === "read") return;
  const slots = slotsInFocus(context.conversation);
  const reference = findReference(reading.text);
  if (slots.length === 0 || !reference) return;
  const index = reference.how === "ordinal" ? reference.index : slots.length === 1 ? 0 : null;
  if (index === null) {
    out.troubles.push({
      arg: start,
      question: "Which of these times?",
      options: slots.slice(0, 5).map((s) => ({ label: saySlot(s.start, context), value: s.start })),
    });
    return;
  }
  const slot = slots.at(index);
  if (!slot) return;
  const value = fitField(context.tool, start, [slot.start]);
  if (value !== undefined) out.args[start] = value;
  keepCompany(context, out);
  const hasLength = reading.times.minutes !== null;
  if (end && slot.end && !hasLength) {
    const until = fitField(context.tool, end, [slot.end]);
    if (until !== undefined) out.args[end] = until;
  }
}

/** Whoever the free time was looked for with is whom it is booked with. */
function keepCompany(context: FillContext, out: Out): void {
  const before = context.conversation.earlier[0]?.args ?? {};
  const company = Object.entries(context.tool.manifest.args).find(
    ([, s]) => s.role === "dest" && s.many,
  )?.[0];
  const value = company ? before[company] : undefined;
  const fitted = company && value !== undefined ? fitField(context.tool, company, [value]) : undefined;
  if (company && fitted !== undefined) out.args[company] = fitted;
}

function saySlot(value: string, context: FillContext): string {
  const moment = DateTime.fromISO(value, { zone: context.principal.zone });
  return moment.isValid ? moment.setLocale("en-GB").toFormat("cccc d MMMM 'at' HH:mm") : value;
}
