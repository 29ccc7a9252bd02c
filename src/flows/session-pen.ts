import type { TurnWriter } from "../agent/turn-writer.ts";
import type { Db, Sql } from "../store/db.ts";
import { type Appended, appendAndRelease, appendEvents } from "../store/events/append-events.ts";
import { readLastEvents } from "../store/events/read-events.ts";
import { releaseSession } from "../store/sessions/release-session.ts";
import type { Session } from "../types/session.ts";
import type { NewSessionEvent, SessionEvent } from "../types/session-event.ts";
import { addToOutbox, REPLAYING } from "./add-to-outbox.ts";

/** How much of the log a turn looks at: enough for a long exchange, the same for 20 turns and for 2,000. */
const WINDOW_EVENTS = 240;

/** Channels that show a session by its sequence and so need no row for each item. */
export const REPLAYS = REPLAYING;

/** A writer with the ways that only the worker needs. */
export type SessionPen = TurnWriter & {
  /**
   * Commits what was added and gives the session back in the same transaction, unless new work waits in its inbox;
   * true when it was given back.
   */
  commitAndRelease(): Promise<boolean>;
};

/** Opens the log of a session that was claimed under `session.epoch`. */
export async function openPen(db: Db, session: Session): Promise<SessionPen> {
  const window: SessionEvent[] = [...(await readLastEvents(db, session.id, WINDOW_EVENTS))];
  let head = session.head;
  let added: NewSessionEvent[] = [];
  let works: ((sql: Sql) => Promise<void>)[] = [];
  let tells: (() => void)[] = [];
  // After a failed commit nobody knows here what stands: writing on would leave a hole in the log.
  let broken: { readonly error: unknown } | null = null;

  // One commit after the other: an early one, made because a turn is slow, must not be overtaken.
  let last: Promise<unknown> = Promise.resolve();
  const commit = async (isLast: boolean): Promise<boolean> => {
    const mine = last.then(async () => await write(isLast));
    last = mine.catch(() => {});
    return await mine;
  };
  const fence = { session: session.id, epoch: session.epoch };
  const append = async (sql: Sql, events: readonly NewSessionEvent[], isLast: boolean): Promise<Appended> => {
    if (events.length > 0 && isLast) return await appendAndRelease(sql, fence, events);
    if (events.length > 0) return { head: await appendEvents(sql, fence, events), isReleased: false };
    return { head: 0, isReleased: isLast && (await releaseSession(sql, session.id, session.epoch)) };
  };
  const write = async (isLast: boolean): Promise<boolean> => {
    if (broken) throw broken.error;
    const [events, rows, after] = [added, works, tells];
    [added, works, tells] = [[], [], []];
    const written = db.tx(async (sql) => {
      // Side by side, so that their statements leave in one go; the order in which they were added is kept.
      const added = rows.map(async (row) => await row(sql));
      const appended = append(sql, events, isLast);
      const failed = (await Promise.allSettled([...added, appended])).find(
        (end) => end.status === "rejected",
      );
      if (failed) throw failed.reason;
      const { head: end, isReleased } = await appended;
      if (events.length === 0) return isReleased;
      await addToOutbox(sql, db, session, events, end - events.length);
      return isReleased;
    });
    const result = await written.catch((error: unknown) => {
      broken = { error };
      throw error;
    });
    for (const tell of after) tell();
    return result;
  };

  return {
    session: session.id,
    events: () => window,
    add: (...events) => {
      for (const event of events) {
        head += 1;
        window.push({ ...event, seq: head, at: new Date() });
        added.push(event);
      }
    },
    later: (work) => {
      works.push(work);
    },
    after: (tell) => {
      tells.push(tell);
    },
    commit: async () => {
      await commit(false);
    },
    commitAndRelease: async () => await commit(true),
  };
}
