import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { readLastEvents } from "../events/read-events.ts";

/**
 * How far a search looks: titles of the latest conversations, and the last events of some of them. The log is packed,
 * so its words are read here and not by the database: about 3 ms a conversation, one after the other.
 */
const TITLES = 1_000;
const READ_SESSIONS = 80;
const READ_EVENTS = 400;
const READ_MS = 1_500;
const MAX_FOUND = 50;

export type SessionMatch = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string;
  /** The latest message that holds all the words; null when the title does. */
  readonly text: string | null;
};

/** A person's conversations in whose title or one of whose messages all the words occur, the latest first. */
export async function searchSessions(
  sql: Sql,
  principal: string,
  words: readonly string[],
): Promise<readonly SessionMatch[]> {
  if (words.length === 0) return [];
  const rows = await sql.query<{ id: string; title: string; updated_at: Date }>(
    `select id, title, updated_at from sessions where principal = $1 order by updated_at desc limit ${TITLES}`,
    [principal],
  );
  const wanted = words.map((word) => word.toLowerCase());
  const holdsAll = (text: string) => {
    const low = text.toLowerCase();
    return wanted.every((word) => low.includes(word));
  };
  const found: SessionMatch[] = [];
  const until = performance.now() + READ_MS;
  let read = 0;
  for (const { id, title, updated_at } of rows) {
    if (found.length === MAX_FOUND) break;
    const match = { id, title, updatedAt: updated_at.toISOString() };
    if (holdsAll(title)) {
      found.push({ ...match, text: null });
      continue;
    }
    if (read++ >= READ_SESSIONS || performance.now() > until) continue;
    const events = await readLastEvents(sql, id, READ_EVENTS);
    const text = events.toReversed().map(textOf).find(holdsAll);
    if (text !== undefined) found.push({ ...match, text });
  }
  return found;
}

function textOf(event: SessionEvent): string {
  if (event.type === "message.received") return event.data.text.value;
  return event.type === "reply.posted" ? event.data.text : "";
}
