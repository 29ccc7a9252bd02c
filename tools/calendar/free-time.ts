import { DateTime } from "luxon";
import type { Span } from "../read-time.ts";

/** First and last working hour, by each person's own clock. */
export const WORKDAY = { fromHour: 9, toHour: 17 } as const;
const STEP_MINUTES = 15;

export type Calendar = {
  readonly zone: string;
  /** When the person is taken, in any order. */
  readonly busy: readonly { readonly start: DateTime; readonly end: DateTime }[];
};

/**
 * Spans of at least `minutes` in which everybody is at work and free, in order, at most `limit`.
 * Spans begin on the quarter of an hour. Pure.
 */
export function freeSpans(
  calendars: readonly Calendar[],
  within: Span,
  minutes: number,
  limit = 6,
): readonly Span[] {
  let spans: [number, number][] = [[within.from.toMillis(), within.to.toMillis()]];
  for (const calendar of calendars) {
    spans = intersect(spans, workingHours(calendar.zone, within));
    for (const { start, end } of calendar.busy) spans = subtract(spans, start.toMillis(), end.toMillis());
  }
  const zone = within.from.zoneName ?? "utc";
  return spans
    .map(([a, b]) => [roundUp(a), b] as const)
    .filter(([a, b]) => b - a >= minutes * 60_000)
    .slice(0, limit)
    .map(([a, b]) => ({ from: DateTime.fromMillis(a, { zone }), to: DateTime.fromMillis(b, { zone }) }));
}

function workingHours(zone: string, within: Span): [number, number][] {
  const hours: [number, number][] = [];
  const end = within.to.setZone(zone);
  for (let day = within.from.setZone(zone).startOf("day"); day < end; day = day.plus({ days: 1 })) {
    if (day.weekday > 5) continue;
    hours.push([
      day.set({ hour: WORKDAY.fromHour }).toMillis(),
      day.set({ hour: WORKDAY.toHour }).toMillis(),
    ]);
  }
  return hours;
}

function intersect(a: readonly [number, number][], b: readonly [number, number][]): [number, number][] {
  return a
    .flatMap(([from, to]) => b.map(([f, t]): [number, number] => [Math.max(from, f), Math.min(to, t)]))
    .filter(([from, to]) => from < to);
}

function subtract(spans: readonly [number, number][], start: number, end: number): [number, number][] {
  if (end <= start) return [...spans];
  return spans.flatMap(([from, to]): [number, number][] => {
    if (end <= from || start >= to) return [[from, to]];
    return (
      [
        [from, Math.min(start, to)],
        [Math.max(end, from), to],
      ] as [number, number][]
    ).filter(([f, t]) => f < t);
  });
}

function roundUp(ms: number): number {
  const step = STEP_MINUTES * 60_000;
  return Math.ceil(ms / step) * step;
}
