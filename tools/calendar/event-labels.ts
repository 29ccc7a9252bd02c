import type { ArgSpec, OutputSpec } from "../../src/types/tool.ts";

/** How a tool is told which event is meant. */
export const EVENT_ARGS = {
  event: { role: "rid", kind: "calendar.event", label: "Event", question: "Which event do you mean?" },
  eventName: { role: "name", kind: "calendar.event", label: "Event", question: "Which event do you mean?" },
  day: { role: "time", part: "day", label: "On which day it is now" },
} as const satisfies Record<string, ArgSpec>;

/** Labels of one event in a result; `at` is its JSON path. */
export function eventOutput(at: string): Record<string, OutputSpec> {
  const system = { integrity: "system", sensitivity: "internal" } as const;
  const member = { integrity: "member", sensitivity: "internal" } as const;
  return {
    [`${at}.id`]: { ...system, kind: "calendar.event" },
    [`${at}.title`]: { ...member, kind: "text" },
    [`${at}.start`]: { ...system, kind: "time" },
    [`${at}.end`]: { ...system, kind: "time" },
    [`${at}.isAllDay`]: system,
    [`${at}.isPrivate`]: system,
    [`${at}.organizer`]: { ...system, kind: "email" },
    [`${at}.attendees[*]`]: { ...system, kind: "email" },
    [`${at}.location`]: { ...member, kind: "text" },
    [`${at}.description`]: { integrity: "external", sensitivity: "internal", kind: "text" },
  };
}

/** Labels of the clashes in a result. */
export const CLASH_OUTPUT: Record<string, OutputSpec> = {
  "$.clashes[*].person": { integrity: "system", sensitivity: "internal", kind: "email" },
  "$.clashes[*].title": { integrity: "member", sensitivity: "internal", kind: "text" },
  "$.clashes[*].start": { integrity: "system", sensitivity: "internal", kind: "time" },
  "$.clashes[*].end": { integrity: "system", sensitivity: "internal", kind: "time" },
};
