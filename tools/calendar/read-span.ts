import { DateTime } from "luxon";
import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { plainText } from "../plain-text.ts";
import { readDays, readTime, type Span } from "../read-time.ts";

type Failed = Extract<ActionResult, { status: "failed" }>;

/** Longest span that one answer covers. */
const MAX_DAYS = 62;

/**
 * The span meant by `day`, `from` and `to`: a time of day in `from` or `to` belongs to `day`; a missing edge
 * is the start or the end of its day. `fallback` when nothing was said.
 */
export function readSpan(
  said: { readonly day?: string; readonly from?: string; readonly to?: string },
  fallback: Span,
  context: ToolContext,
): { readonly ok: true; readonly span: Span } | { readonly ok: false; readonly result: Failed } {
  const { zone } = context.principal;
  const today = DateTime.fromJSDate(context.now, { zone }).startOf("day");
  const day = said.day === undefined ? null : readDays(said.day, zone);
  if (said.day !== undefined && !day) return unreadable(said.day);
  const from = said.from === undefined ? null : edge(said.from, "from", day?.from ?? today, zone);
  if (said.from !== undefined && !from) return unreadable(said.from);
  const to = said.to === undefined ? null : edge(said.to, "to", day?.from ?? from ?? today, zone);
  if (said.to !== undefined && !to) return unreadable(said.to);
  const span =
    from || to
      ? {
          from: from ?? day?.from ?? today,
          to: to ?? day?.to ?? (from ?? today).startOf("day").plus({ days: 1 }),
        }
      : (day ?? fallback);
  if (span.to <= span.from) {
    return failed(
      "CAL-422",
      "The end of the time asked for comes before its start. Give the earlier day first.",
    );
  }
  if (span.to.diff(span.from, "days").days > MAX_DAYS) {
    return failed("CAL-422", "I can look at two months of a calendar at a time. Ask for a shorter time.");
  }
  return { ok: true, span };
}

function edge(text: string, side: "from" | "to", day: DateTime, zone: string): DateTime | null {
  const read = readTime(text, zone);
  if (read.kind === "instant") return read.at;
  if (read.kind === "gap") return read.instead;
  if (read.kind === "clock") return day.set({ hour: read.hour, minute: read.minute });
  return readDays(text, zone)?.[side] ?? null;
}

function unreadable(text: string) {
  const said = plainText(text, 40);
  return failed("CAL-400", `I could not read '${said}' as a day or time. Give a date, for example 12 March.`);
}

function failed(code: string, message: string): { ok: false; result: Failed } {
  return { ok: false, result: { status: "failed", code, message } };
}
