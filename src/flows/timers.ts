import { fromPglite, PgBoss } from "pg-boss";
import { findApproval, findOverdueApprovals } from "../store/approvals/find-approvals.ts";
import type { Db, Sql } from "../store/db.ts";
import { addInbox } from "../store/inbox/add-inbox.ts";
import type { EmbeddedDb } from "../store/pglite.ts";
import type { Approval } from "../types/approval.ts";
import { fireSchedules } from "./fire-schedules.ts";

const DEADLINE_QUEUE = "approval-deadline";
/** How often the database itself is asked what is overdue: the backstop for a job that never came. */
const SWEEP_MS = 20_000;
/** How late a reminder may be. */
const SCHEDULE_MS = 2_000;

export type Timers = {
  /** Closes the approval when its time is over, through any restart. */
  atDeadline(approval: { readonly id: string; readonly expiresAt: Date }): void;
  stop(): Promise<void>;
};

/**
 * Deadlines. pg-boss wakes us; what is true is in the approvals table, so a job that comes twice, late or never
 * changes nothing but the moment. `url` is the server's address, null on the embedded database. `climb`
 * reminds and escalates what is due; it is called with every sweep.
 */
export async function startTimers(
  db: Db,
  url: string | null,
  onError: (error: unknown) => void,
  climb: () => Promise<unknown> = async () => {},
): Promise<Timers> {
  const boss = new PgBoss({
    ...(url
      ? { connectionString: url, max: 2 }
      : { db: fromPglite((db as EmbeddedDb).engine), backend: "pglite" }),
    schema: "boss",
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(DEADLINE_QUEUE);
  await boss.work<{ approval: string }>(DEADLINE_QUEUE, { pollingIntervalSeconds: 5 }, async (jobs) => {
    for (const job of jobs) {
      const approval = await findApproval(db, job.data.approval);
      if (approval?.status === "pending" && approval.expiresAt <= new Date()) await addExpiry(db, approval);
    }
  });
  const sweep = async () => {
    for (const approval of await findOverdueApprovals(db)) await addExpiry(db, approval);
    await climb().catch(onError);
  };
  const sweeping = setInterval(() => {
    sweep().catch(onError);
  }, SWEEP_MS);
  const firing = setInterval(() => {
    fireSchedules(db, new Date()).catch(onError);
  }, SCHEDULE_MS);
  await sweep();
  return {
    atDeadline: ({ id, expiresAt }) => {
      boss.sendAfter(DEADLINE_QUEUE, { approval: id }, { singletonKey: id }, expiresAt).catch(onError);
    },
    stop: async () => {
      clearInterval(sweeping);
      clearInterval(firing);
      await boss.stop({ graceful: true, timeout: 2_000 });
    },
  };
}

/** Tells the session's worker that time is over; it closes the approval, the action and the turn. */
async function addExpiry(sql: Sql, approval: Approval): Promise<void> {
  await addInbox(sql, {
    session: approval.session,
    kind: "decide",
    dedupe: `expire:${approval.id}`,
    data: { action: approval.action },
  });
}
