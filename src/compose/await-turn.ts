import { readAskResult } from "../flows/ask-result.ts";
import type { Db } from "../store/db.ts";
import { readLastEvents } from "../store/events/read-events.ts";
import type { AskResult } from "../types/ask-result.ts";
import { StewardError } from "../types/steward-error.ts";

/** How often the log is asked; the session's hint usually comes first. */
const POLL_MS = 100;

/** How far back the begin of the turn for a message is looked for. */
const RECENT_EVENTS = 240;

/** Hears which sessions changed, in this process or another. */
export type SessionHints = { once(session: string, timeoutMs: number): Promise<void> };

/** Collects hints so that anybody may wait for the next one of a session. */
export function createSessionHints(): SessionHints & { hear(session: string): void } {
  const waiting = new Map<string, Set<() => void>>();
  return {
    hear: (session) => {
      const all = waiting.get(session);
      waiting.delete(session);
      for (const go of all ?? []) go();
    },
    once: async (session, timeoutMs) =>
      await new Promise((resolve) => {
        const go = () => {
          clearTimeout(timer);
          waiting.get(session)?.delete(go);
          resolve();
        };
        const timer = setTimeout(go, timeoutMs);
        const all = waiting.get(session) ?? new Set();
        all.add(go);
        waiting.set(session, all);
      }),
  };
}

/** Waits for the end of the turn that took up a message. Throws TRN-504 when it takes longer; the turn goes on. */
export async function awaitTurn(
  db: Db,
  hints: SessionHints,
  session: string,
  message: string,
  timeoutMs: number,
): Promise<AskResult> {
  const end = Date.now() + timeoutMs;
  let turn: string | null = null;
  for (;;) {
    turn ??= await findTurn(db, session, message);
    const result = turn && (await readAskResult(db, session, turn));
    if (result) return result;
    if (Date.now() >= end) throw new StewardError("TRN-504");
    await hints.once(session, POLL_MS);
  }
}

async function findTurn(db: Db, session: string, message: string): Promise<string | null> {
  const events = await readLastEvents(db, session, RECENT_EVENTS);
  const begin = events.findLast(
    (event) => event.type === "turn.started" && event.data.messages.includes(message),
  );
  return begin?.type === "turn.started" ? begin.data.turn : null;
}

/** Waits until a session's inbox is empty, so that what was asked of it has been done or has failed. */
export async function awaitInbox(
  db: Db,
  hints: SessionHints,
  session: string,
  timeoutMs: number,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const [open] = await db.query(
      "select 1 as one from inbox where session_id = $1 and state = 'new' limit 1",
      [session],
    );
    if (!open) return;
    await hints.once(session, POLL_MS / 4);
  }
}
