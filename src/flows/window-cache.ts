import type { SessionEvent } from "../types/session-event.ts";

/** About 25 MB of events that people are just talking about. */
const MAX_EVENTS = 12_000;

/**
 * The ends of the logs that this process wrote last. A log only grows, so one whose head is still the same is still
 * the same: a turn that follows another reads nothing again.
 */
export type WindowCache = {
  /** The end of a session's log if it reaches exactly to `head`; each can be taken once. */
  take(session: string, head: number): readonly SessionEvent[] | null;
  keep(session: string, head: number, events: readonly SessionEvent[]): void;
};

export function createWindowCache(maxEvents = MAX_EVENTS): WindowCache {
  const kept = new Map<string, { readonly head: number; readonly events: readonly SessionEvent[] }>();
  let size = 0;
  const drop = (session: string) => {
    size -= kept.get(session)?.events.length ?? 0;
    kept.delete(session);
  };
  return {
    take: (session, head) => {
      const found = kept.get(session);
      drop(session);
      return found?.head === head ? found.events : null;
    },
    keep: (session, head, events) => {
      drop(session);
      kept.set(session, { head, events });
      size += events.length;
      for (const oldest of kept.keys()) {
        if (size <= maxEvents) break;
        drop(oldest);
      }
    },
  };
}
