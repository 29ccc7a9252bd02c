import { DateTime } from "luxon";
import type { ScheduleRule } from "../store/schedules/schedules.ts";

/** Longest search: a rule that never fits (31st of a month that has none) finds the next month that has it. */
const MAX_DAYS = 400;

/**
 * The first moment after `after` that a rule names, in local time of `zone`. Local time is what people mean: "at 9"
 * stays at 9 when the clocks change. A time that does not exist on the day of the change moves forward by the gap; one
 * that exists twice is taken once, the first.
 */
export function nextTime(rule: ScheduleRule, zone: string, after: Date): Date | null {
  const [hour = 9, minute = 0] = rule.time.split(":").map(Number);
  const start = DateTime.fromJSDate(after, { zone });
  if (!start.isValid) return null;
  for (let day = 0; day <= MAX_DAYS; day++) {
    const local = start.plus({ days: day });
    const fits = "days" in rule ? rule.days.includes(local.weekday) : local.day === rule.monthDay;
    if (!fits) continue;
    const at = DateTime.fromObject(
      { year: local.year, month: local.month, day: local.day, hour, minute },
      { zone },
    );
    if (!at.isValid) return null;
    const first = Math.min(...at.getPossibleOffsets().map((one) => one.toMillis()));
    if (first > after.getTime()) return new Date(first);
  }
  return null;
}
