import type { Db, Sql } from "../store/db.ts";
import { addOutbox } from "../store/outbox/outbox.ts";
import type { Session } from "../types/session.ts";
import type { NewSessionEvent } from "../types/session-event.ts";
import type { ThreadRef } from "../types/thread.ts";

/** Channels that show a session by its sequence and so need no row for each item. */
const REPLAYING: ReadonlySet<ThreadRef["channel"]> = new Set(["web", "cli"]);

/** Databases of installations with a platform on which copies of cards may stand. */
const feeding = new WeakSet<Db>();

/** From now on, what is written over this database reaches people's places on the platforms too. */
export function feedPlatforms(db: Db): void {
  feeding.add(db);
}

/**
 * What leaves for a platform because of new events of a session, in the transaction that writes them: the session's
 * own thread gets each reply and each changed card (once, however often it changed); for every changed card one row
 * more lets the sender reach the card's other copies and those who may decide. `before` is the session's head before
 * `events`. Nothing at all for a session that is read by its sequence while no platform is on.
 */
export async function addToOutbox(
  sql: Sql,
  db: Db,
  session: Session,
  events: readonly NewSessionEvent[],
  before: number,
): Promise<void> {
  const isOwn = !REPLAYING.has(session.thread.channel);
  const isFed = feeding.has(db);
  if (!isOwn && !isFed) return;
  const cards = new Set<string>();
  const shown: { seq: number; fansOut: string | null }[] = [];
  for (const [index, event] of [...events.entries()].toReversed()) {
    const seq = before + index + 1;
    if (event.type === "card.changed" && !cards.has(event.data.turn)) {
      cards.add(event.data.turn);
      shown.unshift({ seq, fansOut: event.data.turn });
    }
    if (event.type === "reply.posted") shown.unshift({ seq, fansOut: null });
  }
  for (const { seq, fansOut } of shown) {
    const row = { session: session.id, seq, viewer: session.principal };
    if (isOwn) await addOutbox(sql, { ...row, thread: session.thread });
    if (isFed && fansOut !== null) {
      const thread = { channel: "fan-out" as const, conversation: session.id, thread: fansOut };
      await addOutbox(sql, { ...row, thread });
    }
  }
}
