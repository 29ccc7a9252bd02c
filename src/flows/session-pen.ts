import type { TurnWriter } from "../agent/turn-writer.ts";
import type { Db, Sql } from "../store/db.ts";
import {
  type Appended,
  appendAndRelease,
  appendEvents,
  appendStatement,
  asFenced,
  FencedError,
  readAppended,
} from "../store/events/append-events.ts";
import { readLastEvents } from "../store/events/read-events.ts";
import { recordStatements } from "../store/record-statements.ts";
import { releaseSession } from "../store/sessions/release-session.ts";
import type { Session } from "../types/session.ts";
import type { NewSessionEvent, SessionEvent } from "../types/session-event.ts";
import { addToOutbox } from "./add-to-outbox.ts";
import type { WindowCache } from "./window-cache.ts";

/** How much of the log a turn looks at: enough for a long exchange, the same for 20 turns and for 2,000. */
const WINDOW_EVENTS = 240;

/** A writer with the ways that only the worker needs. */
export type SessionPen = TurnWriter & {
  /**
   * Commits what was added and gives the session back in the same transaction, unless new work waits in its inbox;
   * true when it was given back.
   */
  commitAndRelease(): Promise<boolean>;
};

/** Opens the log of a session that was claimed under `session.epoch`; from `windows` when nobody wrote since. */
export async function openPen(db: Db, session: Session, windows?: WindowCache): Promise<SessionPen> {
  const window: SessionEvent[] = [
    ...(windows?.take(session.id, session.head) ?? (await readLastEvents(db, session.id, WINDOW_EVENTS))),
  ];
  let head = session.head;
  /** The head as it is in the database: nobody else moves it while the session is held. */
  let written = session.head;
  let added: NewSessionEvent[] = [];
  let works: { readonly run: (sql: Sql) => Promise<void>; readonly isBlind: boolean }[] = [];
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
  const writeInOneGo = async (
    events: readonly NewSessionEvent[],
    rows: typeof works,
    isLast: boolean,
  ): Promise<boolean> => {
    const changes = await recordStatements(async (sql) => {
      for (const { run } of rows) await run(sql);
    });
    const outgoing = await recordStatements(
      async (sql) => await addToOutbox(sql, db, session, events, written),
    );
    const answers = await db
      .batch([...changes, appendStatement(fence, events, isLast), ...outgoing])
      .catch((error: unknown) => {
        throw asFenced(error, fence);
      });
    const { head: end, isReleased } = readAppended(answers[changes.length] ?? []);
    written = end;
    return isReleased;
  };
  const write = async (isLast: boolean): Promise<boolean> => {
    if (broken) throw broken.error;
    const [events, rows, after] = [added, works, tells];
    [added, works, tells] = [[], [], []];
    const isOneGo = events.length > 0 && rows.every(({ isBlind }) => isBlind);
    const writing = isOneGo
      ? writeInOneGo(events, rows, isLast)
      : db.tx(async (sql) => {
          // Side by side, so that their statements leave in one go; the order in which they were added is kept.
          const added = rows.map(async ({ run }) => await run(sql));
          const appended = append(sql, events, isLast);
          const ends = await Promise.allSettled([...added, appended]);
          const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
          // A fence that fell makes the other statements fail too: it is what is told.
          if (failures.length > 0) throw failures.find((one) => one instanceof FencedError) ?? failures[0];
          const { head: end, isReleased } = await appended;
          if (events.length > 0) written = end;
          if (events.length > 0) await addToOutbox(sql, db, session, events, end - events.length);
          return isReleased;
        });
    const result = await writing.catch((error: unknown) => {
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
    later: (run) => {
      works.push({ run, isBlind: false });
    },
    store: (run) => {
      works.push({ run, isBlind: true });
    },
    after: (tell) => {
      tells.push(tell);
    },
    commit: async () => {
      await commit(false);
    },
    commitAndRelease: async () => {
      const isReleased = await commit(true);
      if (isReleased && added.length === 0) windows?.keep(session.id, head, window.slice(-WINDOW_EVENTS));
      return isReleased;
    },
  };
}
