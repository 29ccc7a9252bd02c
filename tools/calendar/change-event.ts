import type { PolicyAttributes, ToolContext } from "../../src/types/tool.ts";
import { isInternal } from "../people/resolve-person.ts";
import { oneLine } from "../plain-text.ts";
import { idFromKey, type Step } from "../write-once.ts";
import { type CalendarEvent, EVENT, type Occurrence } from "./calendar-event.ts";
import type { Refused } from "./resolve-event.ts";
import { sayPerson } from "./say-time.ts";

/**
 * The steps that change one taking place, and the occurrence as it is then: a single event is changed in
 * place, an occurrence of a series becomes an exception and an event of its own. `after` null takes it out.
 */
export function changeOccurrence(
  o: Occurrence,
  after: CalendarEvent | null,
  context: ToolContext,
): { readonly steps: readonly Step[]; readonly rid: string } {
  const before = { version: o.version, data: o.event };
  if (!o.event.recurrence) {
    return { steps: [{ kind: EVENT, id: o.recordId, before, after }], rid: o.recordId };
  }
  const at = o.start.toUTC().toISO({ suppressMilliseconds: true }) ?? "";
  const series = { ...o.event, exceptions: [...o.event.exceptions, at] };
  const steps: Step[] = [{ kind: EVENT, id: o.recordId, before, after: series }];
  const rid = idFromKey("evt", context.key);
  if (after) {
    steps.push({ kind: EVENT, id: rid, before: null, after: { ...after, recurrence: null, exceptions: [] } });
  }
  return { steps, rid };
}

/** What policy is told of the people of an event: those other than the requester. */
export function guestContext(
  guests: readonly string[],
  organizer: string,
  context: ToolContext,
): PolicyAttributes {
  const others = guests.filter((id) => id !== context.principal.id);
  return {
    attendeeDomains: [...new Set(others.map((id) => id.slice(id.lastIndexOf("@") + 1)))].sort(),
    externalAttendees: others.filter((id) => !isInternal(id, context.directory)).length,
    isOrganizer: organizer === context.principal.id,
  };
}

/** The Cedar resource of an event that exists. */
export function eventResource(o: Occurrence) {
  return { id: o.rid, title: oneLine(o.event.title), attributes: { owner: o.event.organizer } };
}

/** Only who called a meeting moves or cancels it; policy says so too, this holds without it. */
export function notOrganizer(
  o: Occurrence,
  doing: "moved" | "cancelled",
  context: ToolContext,
): Refused | null {
  if (o.event.organizer === context.principal.id) return null;
  const who = sayPerson(o.event.organizer, context);
  const message = `'${oneLine(o.event.title)}' was called by ${who}, so only ${who} can have it ${doing}. Nothing was changed. Ask ${who}.`;
  return { status: "failed", code: "CAL-403", message };
}

/** What to say of guests from outside: the calendar here writes no e-mail. */
export function sayUntold(guests: readonly string[], told: string, context: ToolContext): string {
  const outside = guests.filter((id) => !isInternal(id, context.directory));
  if (outside.length === 0) return "";
  return `This calendar sends no e-mail: ${told} ${outside.slice(0, 5).join(", ")}${outside.length > 5 ? " and the others from outside" : ""} yourself.`;
}

/** Without empty parts, in one paragraph. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
