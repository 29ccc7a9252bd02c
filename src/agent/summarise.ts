import { SENSITIVITIES, type Sensitivity } from "../types/label.ts";
import type { NewSessionEvent, SessionEvent } from "../types/session-event.ts";

/** After this many events since the last summary another one is written: well within the window, so none is missed. */
const EVERY_EVENTS = 100;
/** Turns that a summary tells of, the latest ones; older ones fall out. */
const MAX_TURNS = 40;
const MAX_REQUEST_CHARS = 120;
const MAX_REPLY_CHARS = 160;

type Summary = Extract<SessionEvent, { type: "summary.written" }>;

/** The latest summary in the window; null in a short conversation. */
export function latestSummary(events: readonly SessionEvent[]): Summary["data"] | null {
  const last = events.findLast((event) => event.type === "summary.written");
  return last?.type === "summary.written" ? last.data : null;
}

/**
 * What has to be remembered of turns that will leave the window: a line each, in the people's own words, made by code.
 * Costs the same in a session of 20 turns and of 2,000: it starts from the summary before it. Null when it is not time
 * yet. The lines carry the highest sensitivity of what they came from, and they are data for the model, never orders.
 */
export function nextSummary(events: readonly SessionEvent[]): NewSessionEvent | null {
  const from = events.findLastIndex((event) => event.type === "summary.written");
  const since = events.slice(from + 1);
  if (since.length < EVERY_EVENTS) return null;
  const before = latestSummary(events);
  const lines = [...(before?.lines ?? []), ...turnLines(since)].slice(-MAX_TURNS);
  return {
    type: "summary.written",
    data: { lines, sensitivity: highest([before?.sensitivity ?? "internal", ...sensitivities(since)]) },
  };
}

function turnLines(events: readonly SessionEvent[]): readonly string[] {
  const lines: string[] = [];
  let request = "";
  for (const event of events) {
    if (event.type === "message.received") request = oneLine(event.data.text.value, MAX_REQUEST_CHARS);
    if (event.type !== "reply.posted") continue;
    const day = event.at.toISOString().slice(0, 10);
    lines.push(`${day}: ${request ? `"${request}" → ` : ""}${oneLine(event.data.text, MAX_REPLY_CHARS)}`);
    request = "";
  }
  return lines;
}

function sensitivities(events: readonly SessionEvent[]): readonly Sensitivity[] {
  return events.flatMap((event) => (event.type === "model.answered" ? [event.data.sensitivity] : []));
}

function highest(all: readonly Sensitivity[]): Sensitivity {
  return all.reduce((a, b) => (SENSITIVITIES.indexOf(a) >= SENSITIVITIES.indexOf(b) ? a : b));
}

function oneLine(text: string, max: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}
