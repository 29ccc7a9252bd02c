import type { ToolManifest } from "../types/tool.ts";

const EVERY = {
  weekday: ["every weekday", "each weekday", "on weekdays", "every working day"],
  day: ["every day", "daily", "each day", "every morning", "every evening"],
  monday: ["every monday", "mondays", "each monday"],
  tuesday: ["every tuesday", "tuesdays", "each tuesday"],
  wednesday: ["every wednesday", "wednesdays", "each wednesday"],
  thursday: ["every thursday", "thursdays", "each thursday"],
  friday: ["every friday", "fridays", "each friday"],
  saturday: ["every saturday", "saturdays", "each saturday"],
  sunday: ["every sunday", "sundays", "each sunday"],
  week: ["every week", "weekly", "each week"],
  month: ["every month", "monthly", "each month", "every first of the month", "on the first of each month"],
} as const;

export type Every = keyof typeof EVERY;
export const EVERY_NAMES = Object.keys(EVERY) as [Every, ...Every[]];

export const CREATE_REMINDER: ToolManifest = {
  name: "reminder.create",
  title: "set a reminder",
  description:
    "Says something to the person later in this conversation, once or again and again, at a local time. It reaches nobody else. For a look-up ('every Monday send me my week') `does` is look-up and `text` is what should be asked then ('my week').",
  effect: "write",
  verbs: ["remind", "send", "tell", "notify", "schedule", "ping", "set", "show", "give", "nudge"],
  args: {
    text: { role: "body", label: "What", question: "What should I remind you of?" },
    does: {
      role: "value",
      label: "Then",
      choices: {
        "look-up": ["send", "show", "tell", "give"],
        remind: ["remind", "ping", "notify", "nudge", "reminder"],
      },
    },
    // No part and no question: a day alone is enough, and the tool itself asks when there is neither.
    at: { role: "time", label: "When" },
    every: { role: "value", label: "Repeats", choices: EVERY },
  },
  output: {
    "$.id": { integrity: "system", sensitivity: "internal", kind: "reminder" },
    "$.at": { integrity: "system", sensitivity: "internal", kind: "time" },
    "$.text": { integrity: "member", sensitivity: "internal", kind: "text" },
  },
  idempotency: "key",
  compensate: { windowMs: 3_600_000, note: "Can be undone for an hour: the reminder is taken out again." },
  examples: [
    "remind me tomorrow at 9 to call Karin",
    "remind me in two hours to send the offer",
    "every Monday send me my week",
    "send me my calendar every weekday at 8",
    "set a reminder for Friday at 3pm to submit my expenses",
    "remind me to water the plants every Thursday",
    "ping me at 4 about the contract",
    "tell me every morning what is on my calendar",
    "remind me on 3 December to renew the insurance",
    "notify me in 30 minutes to check the oven",
    "remind me next Tuesday morning about the audit",
    "send me my open deals every Friday at noon",
    "remind me about the board meeting an hour from now",
    "nudge me on Thursday at 2 about the price list",
    "every weekday at 8 show me my day",
    "remind me every Friday at 10 to check the open items",
    "give me my open deals every Monday morning",
  ],
};

export const LIST_REMINDERS: ToolManifest = {
  name: "reminder.list",
  title: "list reminders",
  description: "Lists the person's reminders and repeated look-ups that are still to come.",
  effect: "read",
  verbs: ["list", "show"],
  args: {},
  output: {
    "$.reminders[*].id": { integrity: "system", sensitivity: "internal", kind: "reminder" },
    "$.reminders[*].text": { integrity: "member", sensitivity: "internal", kind: "text" },
    "$.reminders[*].at": { integrity: "system", sensitivity: "internal", kind: "time" },
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "what reminders do I have",
    "list my reminders",
    "show my scheduled messages",
    "which reminders are set",
    "what will you remind me of",
    "show me all my reminders",
    "do I have any reminders",
    "what have I scheduled with you",
    "which recurring messages do I get",
    "my reminders",
    "what is scheduled for me by you",
    "are there reminders for tomorrow",
    "what reminders are there",
    "which reminders have I got",
  ],
};

export const CANCEL_REMINDER: ToolManifest = {
  name: "reminder.cancel",
  title: "cancel a reminder",
  description: "Takes out one of the person's own reminders or repeated look-ups.",
  effect: "write",
  verbs: ["cancel", "delete", "remove", "stop", "drop", "forget", "clear"],
  args: {
    reminder: { role: "rid", kind: "reminder", label: "Reminder" },
    reminderName: {
      role: "name",
      kind: "reminder",
      label: "Reminder",
      question: "Which reminder should I cancel?",
    },
  },
  output: {
    "$.id": { integrity: "system", sensitivity: "internal", kind: "reminder" },
    "$.text": { integrity: "member", sensitivity: "internal", kind: "text" },
  },
  idempotency: "key",
  compensate: { windowMs: 3_600_000, note: "Can be undone for an hour: the reminder comes back." },
  examples: [
    "cancel the reminder about the offer",
    "delete my reminder to call Karin",
    "stop sending me my week every Monday",
    "remove the reminder for Friday",
    "cancel that reminder",
    "forget the reminder about the plants",
    "stop the weekly calendar message",
    "drop my reminder about expenses",
    "clear the reminder for the board meeting",
    "cancel my reminder tomorrow",
    "I no longer need the reminder about the audit",
    "stop reminding me about the insurance",
  ],
};
