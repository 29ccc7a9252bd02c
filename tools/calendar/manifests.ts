import type { ArgSpec, OutputSpec, ToolManifest } from "../../src/types/tool.ts";

const MINUTE_MS = 60_000;
const UNDO = {
  windowMs: 10 * MINUTE_MS,
  note: "Can be undone for 10 minutes, unless it changes again before.",
};

const EVENT_ARGS = {
  event: { role: "rid", kind: "calendar.event", label: "Event", question: "Which event do you mean?" },
  eventName: { role: "name", kind: "calendar.event", label: "Event", question: "Which event do you mean?" },
  day: { role: "time", part: "day", label: "On which day it is now" },
} as const satisfies Record<string, ArgSpec>;

/** Labels of one event in a result; `at` is its JSON path. */
function eventOutput(at: string): Record<string, OutputSpec> {
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

const CLASH_OUTPUT: Record<string, OutputSpec> = {
  "$.clashes[*].person": { integrity: "system", sensitivity: "internal", kind: "email" },
  "$.clashes[*].title": { integrity: "member", sensitivity: "internal", kind: "text" },
  "$.clashes[*].start": { integrity: "system", sensitivity: "internal", kind: "time" },
  "$.clashes[*].end": { integrity: "system", sensitivity: "internal", kind: "time" },
};

export const listEventsManifest: ToolManifest = {
  name: "calendar.listEvents",
  title: "look at a calendar",
  description:
    "Lists the events of the requester or of a colleague, for a day or a range of days, in order. Use it for what is on, when something is, who is in a meeting, whether someone is away. Private events of a colleague show only as busy. Without a day it shows today. It does not look for common free time: that is calendar.findFreeTime.",
  effect: "read",
  verbs: ["show", "list", "look", "check", "see", "tell", "view", "open", "find", "have"],
  args: {
    person: { role: "name", kind: "person", label: "Whose calendar" },
    day: { role: "time", part: "day", label: "Day" },
    from: { role: "time", part: "start", label: "From" },
    to: { role: "time", part: "end", label: "To" },
    eventName: { role: "name", kind: "calendar.event", label: "Event" },
  },
  output: {
    "$.person": { integrity: "system", sensitivity: "internal", kind: "email" },
    "$.from": { integrity: "system", sensitivity: "internal", kind: "time" },
    "$.to": { integrity: "system", sensitivity: "internal", kind: "time" },
    ...eventOutput("$.events[*]"),
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "What's on my calendar tomorrow?",
    "what do I have today",
    "Show me Ana's calendar for Thursday",
    "what does Sofia's week look like",
    "And next week?",
    "do I have any meetings this afternoon",
    "when is my next meeting",
    "Is Paul in a meeting on Friday morning?",
    "list my appointments from Monday to Wednesday",
    "What's on the agenda for the day after tomorrow?",
    "when is the stand-up",
    "is Helen on holiday next week",
    "how busy am I on Tuesday",
    "What am I doing on the 14th?",
    "check Tom's diary for Monday please",
    "my schedule this week",
    "who is in the pipeline review tomorrow",
  ],
};

export const findFreeTimeManifest: ToolManifest = {
  name: "calendar.findFreeTime",
  title: "find a free time",
  description:
    "Finds times when the requester and the named colleagues are all free, within working hours (9 to 17 in each person's own zone, Monday to Friday). Without days it looks at the next five working days. It books nothing.",
  effect: "read",
  verbs: ["find", "look", "suggest", "check", "propose", "see", "meet", "show"],
  args: {
    attendees: { role: "dest", kind: "person", many: true, label: "With" },
    day: { role: "time", part: "day", label: "Day" },
    from: { role: "time", part: "start", label: "From" },
    to: { role: "time", part: "end", label: "To" },
    durationMinutes: { role: "value", part: "duration", label: "Minutes" },
  },
  output: {
    "$.people[*]": { integrity: "system", sensitivity: "internal", kind: "email" },
    "$.durationMinutes": { integrity: "system", sensitivity: "internal" },
    "$.slots[*].start": { integrity: "system", sensitivity: "internal", kind: "time" },
    "$.slots[*].end": { integrity: "system", sensitivity: "internal", kind: "time" },
    "$.windows[*].start": { integrity: "system", sensitivity: "internal", kind: "time" },
    "$.windows[*].end": { integrity: "system", sensitivity: "internal", kind: "time" },
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "When are Ana and I both free?",
    "find a time for me and Sofia Marin next week",
    "when could I meet Paul for an hour",
    "is there a free slot with Julia and Marek on Thursday",
    "When am I free tomorrow?",
    "look for 45 minutes with the head of sales this week",
    "suggest a time for a call with Tom",
    "find us a gap on Friday afternoon",
    "which times work for Nora, Helen and me",
    "when do Ben Okafor and I both have time",
    "do David and I have an hour in common on Monday",
    "next free half hour with Lena",
    "what's the earliest we can all meet, me, Grace and Omar",
    "any availability with Priya tomorrow",
  ],
};

export const createEventManifest: ToolManifest = {
  name: "calendar.createEvent",
  title: "book an event",
  description:
    "Books a new event in the requester's calendar and invites the attendees (colleagues by name, title or e-mail; people outside by e-mail). Needs a start; the length is 30 minutes unless told. It books even when someone is busy then, and says so. It does not change events that exist.",
  effect: "write",
  verbs: [
    "book",
    "schedule",
    "create",
    "arrange",
    "plan",
    "put",
    "set",
    "invite",
    "organise",
    "organize",
    "block",
    "reserve",
    "make",
    "add",
    "meet",
  ],
  args: {
    title: { role: "title", label: "Title" },
    start: { role: "time", part: "start", label: "Start", question: "When should it start?" },
    end: { role: "time", part: "end", label: "End" },
    durationMinutes: { role: "value", part: "duration", label: "Minutes" },
    attendees: { role: "dest", kind: "person", many: true, label: "Attendees" },
    location: { role: "body", label: "Place" },
    description: { role: "body", label: "Description" },
    isPrivate: { role: "flag", label: "Private" },
    repeats: {
      role: "value",
      label: "Repeats",
      choices: {
        daily: ["daily", "every day"],
        weekdays: ["every weekday", "every working day", "weekdays"],
        weekly: ["weekly", "every week"],
        fortnightly: ["fortnightly", "every two weeks", "every other week", "biweekly"],
      },
    },
  },
  output: { ...eventOutput("$.event"), ...CLASH_OUTPUT },
  idempotency: "key",
  compensate: UNDO,
  examples: [
    "Book 30 minutes with Ana tomorrow at 10",
    "schedule a meeting with Sofia Marin on Thursday at 2pm about the pipeline",
    "set up a call with the head of sales on Monday morning at 9:30",
    "put a dentist appointment in my calendar on Friday at 8, private",
    "Can you arrange an hour with Julia and Marek next Tuesday at 11?",
    "block tomorrow from 13:00 to 15:00 for the report",
    "create an event called Budget review on 12 March from 10 to 11",
    "invite dana@partner.example to a call tomorrow at 4",
    "plan lunch with Nora on Wednesday at noon",
    "I need a 45 minute slot with Tom at 3 on Friday, please book it",
    "make a weekly 1:1 with David, Mondays at 10",
    "reserve two hours on Monday at 9 to prepare the workshop",
    "organise a kick-off with Omar and Ben Carter next week Wednesday 14:00",
    "book it for the first one",
    "meet Grace tomorrow at half past three in the kitchen",
    "get me 20 minutes with my manager on Thursday at 16:00",
  ],
};

export const moveEventManifest: ToolManifest = {
  name: "calendar.moveEvent",
  title: "move an event",
  description:
    "Moves an event of the requester to another time; its length stays unless an end or a duration is given. Give `event` (id) when it is known, else `eventName` in the person's words and perhaps `day`, the day it is on now. `start` may be a full time, only a time of day (`11:00`: same day) or only a date (`2026-03-05`: same time of day). Only who called the meeting can move it. Of a series it moves the one occurrence.",
  effect: "write",
  verbs: [
    "move",
    "shift",
    "reschedule",
    "postpone",
    "push",
    "bring",
    "delay",
    "change",
    "put",
    "make",
    "extend",
    "shorten",
  ],
  args: {
    ...EVENT_ARGS,
    start: { role: "time", part: "start", label: "New start", question: "To when should I move it?" },
    end: { role: "time", part: "end", label: "New end" },
    durationMinutes: { role: "value", part: "duration", label: "Minutes" },
  },
  output: { ...eventOutput("$.event"), ...CLASH_OUTPUT },
  idempotency: "key",
  compensate: UNDO,
  examples: [
    "Move it to 11",
    "move my meeting with Sofia to Friday at 3pm",
    "reschedule the budget review to next Tuesday",
    "push the call with Ana back to 14:30",
    "Can you shift tomorrow's 1:1 to Thursday 10:00?",
    "postpone the workshop until Monday",
    "bring the pipeline review forward to 9",
    "change the time of my meeting with Paul to 4 pm",
    "make it half an hour later, at 11:30",
    "put the stand-up at 9:15 tomorrow instead",
    "delay lunch with Nora to 12:30",
    "the 2 o'clock needs to go to 3 o'clock",
    "extend the review to an hour",
    "move Monday's interview to the same time on Wednesday",
  ],
};

export const cancelEventManifest: ToolManifest = {
  name: "calendar.cancelEvent",
  title: "cancel an event",
  description:
    "Cancels an event that the requester called, for everyone invited. Give `event` (id) when it is known, else `eventName` in the person's words and perhaps `day`. Of a series it cancels the one occurrence unless `scope` is `series`. Only who called the meeting can cancel it.",
  effect: "destructive",
  verbs: ["cancel", "delete", "remove", "drop", "scrap", "clear", "call", "scratch", "skip"],
  args: {
    ...EVENT_ARGS,
    scope: {
      role: "value",
      label: "How much",
      choices: {
        one: ["only this one", "just this one", "this occurrence"],
        series: ["the whole series", "all of them", "every occurrence", "all occurrences", "for good"],
      },
    },
  },
  output: eventOutput("$.event"),
  idempotency: "key",
  compensate: UNDO,
  examples: [
    "Cancel my meeting with Tom tomorrow",
    "cancel it",
    "delete the budget review",
    "call off the workshop on Monday",
    "please remove lunch with Nora from my calendar",
    "drop the 3 pm call on Thursday",
    "scrap Friday's interview",
    "I can't make the 1:1 with Paul, cancel it please",
    "skip tomorrow's stand-up",
    "clear my 10 o'clock",
    "we don't need the pipeline review any more, take it out",
    "cancel the whole series of the weekly sync",
    "scratch the dentist on Friday",
  ],
};

export const addAttendeeManifest: ToolManifest = {
  name: "calendar.addAttendee",
  title: "invite someone to an event",
  description:
    "Adds one or more people to an event that exists and that the requester takes part in. Give `event` (id) when it is known, else `eventName` in the person's words and perhaps `day`. Colleagues by name, title or e-mail; people outside by e-mail.",
  effect: "write",
  verbs: ["add", "invite", "include", "bring", "loop", "ask", "copy", "get"],
  args: {
    ...EVENT_ARGS,
    attendees: {
      role: "dest",
      kind: "person",
      many: true,
      required: true,
      label: "Attendees",
      question: "Whom should I invite?",
    },
  },
  output: {
    ...eventOutput("$.event"),
    "$.added[*]": { integrity: "system", sensitivity: "internal", kind: "email" },
    ...CLASH_OUTPUT,
  },
  idempotency: "key",
  compensate: UNDO,
  examples: [
    "Add Sofia to it",
    "add the sales lead to the meeting",
    "invite Marek to the budget review too",
    "can you include Ana Costa in tomorrow's call",
    "also bring Paul into the kick-off",
    "loop in the head of finance on Thursday's review",
    "add dana@partner.example to the 2 pm meeting",
    "Helen should join the interview on Monday, add her",
    "please invite Ben Carter and Omar to the workshop as well",
    "get Lena in there too",
    "add my manager to the pipeline review",
    "ask Grace to join the 1:1 on Friday",
    "put Tom on the invitation as well",
  ],
};
