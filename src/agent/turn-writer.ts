import type { Sql } from "../store/db.ts";
import type { NewSessionEvent, SessionEvent } from "../types/session-event.ts";

/**
 * The one pen of a session while a worker holds it. Events and row changes gather until `commit`, which writes
 * them in one transaction under the session's epoch; a fenced-off worker's commit throws and changes nothing.
 */
export type TurnWriter = {
  readonly session: string;
  /** The window of the log with what was added, committed or not. */
  events(): readonly SessionEvent[];
  add(...events: readonly NewSessionEvent[]): void;
  /** Row changes that belong to the events added so far. */
  later(work: (sql: Sql) => Promise<void>): void;
  /** The same for changes that look at no answer: a commit with only such changes is one round trip. */
  store(work: (sql: Sql) => Promise<void>): void;
  /** What to tell the process once the next commit stands; must not throw. */
  after(tell: () => void): void;
  commit(): Promise<void>;
};
