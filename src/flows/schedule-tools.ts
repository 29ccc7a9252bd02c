import { DateTime } from "luxon";
import { z } from "zod";
import type { Db } from "../store/db.ts";
import {
  findScheduleByKey,
  listSchedules,
  moveSchedule,
  type Schedule,
  type ScheduleRule,
  saveSchedule,
} from "../store/schedules/schedules.ts";
import { bindTool } from "../types/bind-tool.ts";
import { newId } from "../types/ids.ts";
import type { Principal } from "../types/principal.ts";
import type { ActionResult, AnyTool, Tool, ToolContext } from "../types/tool.ts";
import { nextTime } from "./next-time.ts";
import {
  CANCEL_REMINDER,
  CREATE_REMINDER,
  EVERY_NAMES,
  type Every,
  LIST_REMINDERS,
} from "./schedule-manifests.ts";

const MAX_TEXT = 1_000;

type CreateArgs = {
  text?: string | undefined;
  does?: "remind" | "look-up" | undefined;
  at?: string | undefined;
  every?: Every | undefined;
};
type CancelArgs = { reminder?: string | undefined; reminderName?: string | undefined };

/** Tools for what Steward says or looks up later, in the conversation where it was asked. */
export function createScheduleTools(db: Db): readonly AnyTool[] {
  return [bindTool(createReminder(db)), bindTool(listReminders(db)), bindTool(cancelReminder(db))];
}

function createReminder(db: Db): Tool<CreateArgs> {
  return {
    name: CREATE_REMINDER.name,
    manifest: CREATE_REMINDER,
    schema: z.strictObject({
      text: z.string().max(MAX_TEXT).optional(),
      does: z.enum(["remind", "look-up"]).optional(),
      at: z.string().max(40).optional(),
      every: z.enum(EVERY_NAMES).optional(),
    }),
    preview: async (args, context) => {
      const plan = planReminder(args, context);
      if ("status" in plan) return plan;
      return {
        status: "ready",
        line: `Remind you of '${plan.text}' ${saySchedule(plan, context.principal)}`,
        changes: [],
        resource: { id: "reminder", title: "reminder", attributes: {} },
        context: {},
        risk: "normal",
      };
    },
    run: async (args, context) => {
      const plan = planReminder(args, context);
      if ("status" in plan) return plan;
      const schedule = { ...plan, id: newId("run") };
      await saveSchedule(db, { ...schedule, key: context.key });
      return created((await findScheduleByKey(db, context.key)) ?? schedule, context.principal);
    },
    reconcile: async (_, { key, principal }) => {
      const made = await findScheduleByKey(db, key);
      return made && created(made, principal);
    },
    undo: async (done, { principal }) => {
      await moveSchedule(db, String(done.id), principal.id, "active", "cancelled");
      return { status: "succeeded", summary: "The reminder is taken out again.", data: {}, records: [] };
    },
  };
}

function listReminders(db: Db): Tool<Record<string, never>> {
  return {
    name: LIST_REMINDERS.name,
    manifest: LIST_REMINDERS,
    schema: z.strictObject({}) as z.ZodType<Record<string, never>>,
    run: async (_, { principal }) => {
      const all = await listSchedules(db, principal.id);
      const lines = all.map((one) => `- ${one.text}, ${saySchedule(one, principal)}`);
      return {
        status: "succeeded",
        summary: all.length === 0 ? "You have no reminders." : `Your reminders:\n\n${lines.join("\n")}`,
        data: { reminders: all.map(({ id, text, nextAt }) => ({ id, text, at: nextAt.toISOString() })) },
        records: all.map(toRecord),
      };
    },
  };
}

function cancelReminder(db: Db): Tool<CancelArgs> {
  const find = async (
    args: CancelArgs,
    principal: Principal,
  ): Promise<Schedule | Exclude<ActionResult, { status: "succeeded" }>> => {
    const all = await listSchedules(db, principal.id);
    const wanted = words(args.reminderName ?? "");
    const byId = all.filter((one) => one.id === args.reminder);
    const found =
      byId.length > 0
        ? byId
        : all.filter(
            (one) =>
              wanted.length > 0 &&
              wanted.every((word) => words(one.text).some((own) => own.startsWith(word))),
          );
    const [only] =
      found.length > 0
        ? found
        : args.reminder === undefined && wanted.length === 0 && all.length === 1
          ? all
          : [];
    if (found.length > 1 || (!only && all.length > 1 && wanted.length === 0)) {
      const options = (found.length > 1 ? found : all)
        .slice(0, 8)
        .map((one) => ({ label: `${one.text}, ${saySchedule(one, principal)}`, value: one.id }));
      return { status: "asks", question: "Which reminder do you mean?", arg: "reminder", options };
    }
    if (!only)
      return {
        status: "failed",
        code: "REM-404",
        message: "You have no such reminder. Ask for your reminders to see them.",
      };
    return only;
  };
  return {
    name: CANCEL_REMINDER.name,
    manifest: CANCEL_REMINDER,
    schema: z.strictObject({
      reminder: z.string().max(64).optional(),
      reminderName: z.string().max(200).optional(),
    }),
    preview: async (args, { principal }) => {
      const found = await find(args, principal);
      if ("status" in found) return found;
      return {
        status: "ready",
        line: `Cancel the reminder '${found.text}' ${saySchedule(found, principal)}`,
        changes: [],
        resource: { id: found.id, title: found.text, attributes: {} },
        context: {},
        risk: "normal",
      };
    },
    run: async (args, { principal }) => {
      const found = await find(args, principal);
      if ("status" in found) return found;
      await moveSchedule(db, found.id, principal.id, "active", "cancelled");
      return {
        status: "succeeded",
        summary: `Cancelled the reminder **${found.text}**.`,
        data: { id: found.id, text: found.text },
        records: [toRecord(found)],
        undo: { id: found.id },
      };
    },
    undo: async (done, { principal }) => {
      await moveSchedule(db, String(done.id), principal.id, "cancelled", "active");
      return { status: "succeeded", summary: "The reminder is back.", data: {}, records: [] };
    },
  };
}

type Plan = Omit<Schedule, "id">;

function planReminder(
  args: CreateArgs,
  context: ToolContext,
): Plan | Exclude<ActionResult, { status: "succeeded" }> {
  const { principal, now } = context;
  const text = (args.text ?? "").trim();
  if (text === "")
    return { status: "asks", question: "What should I remind you of?", arg: "text", options: [] };
  const at = firstTime(args, principal.zone, now);
  if (!at) return { status: "asks", question: "When should I remind you?", arg: "at", options: [] };
  if (!at.isValid)
    return { status: "failed", code: "REM-400", message: "I couldn't read that time. Nothing was set." };
  const rule = args.every ? ruleOf(args.every, at) : null;
  const first = at.toMillis() > now.getTime() ? at.toJSDate() : null;
  const nextAt = rule
    ? nextTime(rule, principal.zone, new Date(Math.max(now.getTime(), at.toMillis() - 1)))
    : first;
  if (!nextAt)
    return {
      status: "asks",
      question: "That time is over already. When should I remind you?",
      arg: "at",
      options: [],
    };
  if (!context.session)
    return { status: "failed", code: "REM-400", message: "There is no conversation to remind you in." };
  return {
    session: context.session,
    principal: principal.id,
    kind: args.does === "look-up" ? "ask" : "remind",
    text,
    rule,
    zone: principal.zone,
    nextAt,
  };
}

/** Nine in the morning where a day is named without a time, today where a repeated one has neither. */
const MORNING = { hour: 9, minute: 0, second: 0, millisecond: 0 };

function firstTime(args: CreateArgs, zone: string, now: Date): DateTime | null {
  if (args.at === undefined) return args.every ? DateTime.fromJSDate(now, { zone }).set(MORNING) : null;
  if (/^\d{2}:\d{2}$/.test(args.at)) {
    const today = DateTime.fromISO(args.at, { zone });
    return today.toMillis() > now.getTime() || args.every ? today : today.plus({ days: 1 });
  }
  const at = DateTime.fromISO(args.at, { zone });
  return args.at.includes("T") ? at : at.set(MORNING);
}

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

function ruleOf(every: Every, at: DateTime): ScheduleRule {
  const time = at.toFormat("HH:mm");
  if (every === "month") return { monthDay: at.day, time };
  if (every === "day") return { days: [1, 2, 3, 4, 5, 6, 7], time };
  if (every === "weekday") return { days: [1, 2, 3, 4, 5], time };
  const weekday = WEEKDAYS.indexOf(every) + 1;
  return { days: [weekday === 0 ? at.weekday : weekday], time };
}

/** "tomorrow at 09:00", "every Monday at 09:00, next on Mon 30 Nov". */
function saySchedule(
  { rule, nextAt, zone }: Pick<Schedule, "rule" | "nextAt" | "zone">,
  viewer: Principal,
): string {
  const next = DateTime.fromJSDate(nextAt, { zone }).setLocale(viewer.locale);
  if (!rule) return `on ${next.toFormat("ccc d LLL 'at' HH:mm")}`;
  if ("monthDay" in rule)
    return `every month on day ${rule.monthDay} at ${rule.time}, next on ${next.toFormat("ccc d LLL")}`;
  const days =
    rule.days.length === 7
      ? "day"
      : rule.days.length === 5
        ? "weekday"
        : rule.days.map((day) => DateTime.fromObject({ weekday: day as 1 }).toFormat("cccc")).join(" and ");
  return `every ${days} at ${rule.time}, next on ${next.toFormat("ccc d LLL")}`;
}

function created(made: Plan & { readonly id: string }, principal: Principal): ActionResult {
  return {
    status: "succeeded",
    summary: `I'll ${made.kind === "ask" ? "look that up and tell you" : "remind you"} ${saySchedule(made, principal)}: **${made.text}**.`,
    data: { id: made.id, at: made.nextAt.toISOString(), text: made.text },
    records: [toRecord(made)],
    undo: { id: made.id },
  };
}

const toRecord = ({ id, text }: Pick<Schedule, "id" | "text">) => ({ kind: "reminder", id, title: text });

const STOP = new Set([
  "the",
  "a",
  "my",
  "me",
  "to",
  "about",
  "of",
  "for",
  "reminder",
  "reminders",
  "that",
  "every",
  "message",
]);
const words = (text: string) =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP.has(word));
