import type { Db } from "../store/db.ts";
import { addInbox } from "../store/inbox/add-inbox.ts";
import { advanceSchedule, lockDueSchedules } from "../store/schedules/schedules.ts";
import { nextTime } from "./next-time.ts";

/**
 * Hands what is due to its sessions. The inbox row and the next time are one transaction, and the row's dedupe key
 * holds the moment, so that no replica, restart or change of the clocks says anything twice. After a long stop each
 * schedule fires once, late, and goes on from now. Returns how many fired.
 */
export async function fireSchedules(db: Db, now: Date): Promise<number> {
  return await db.tx(async (sql) => {
    const due = await lockDueSchedules(sql, now);
    for (const schedule of due) {
      await addInbox(sql, {
        session: schedule.session,
        kind: "scheduled",
        dedupe: `schedule:${schedule.id}:${schedule.nextAt.toISOString()}`,
        data: {
          schedule: schedule.id,
          kind: schedule.kind,
          text: schedule.text,
          person: schedule.principal,
          dueAt: schedule.nextAt.toISOString(),
        },
      });
      await advanceSchedule(sql, schedule.id, schedule.rule && nextTime(schedule.rule, schedule.zone, now));
    }
    return due.length;
  });
}
