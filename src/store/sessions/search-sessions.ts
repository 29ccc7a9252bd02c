import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { readLastEvents } from "../events/read-events.ts";

/** How far a search looks: the latest conversations, and the latest events of each. */
const SESSIONS = 200;
const EVENTS = 1_000;
const MAX_FOUND = 50;

export type SessionMatch = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string;
  /** The latest message that holds all the words; null when the title does. */
  readonly text: string | null;
};

type SessionRow = { id: string; title: string; updated_at: Date };

/** A person's conversations in whose title or one of whose messages all the words occur, the latest first. */
export async function searchSessions(
  sql: Sql,
  principal: string,
  words: readonly string[],
): Promise<readonly SessionMatch[]> {
  const sessions = await sql.query<SessionRow>(
    `select id, title, updated_at from sessions where principal = $1 order by updated_at desc limit ${SESSIONS}`,
    [principal],
  );
  const found: SessionMatch[] = [];
  for (const { id, title, updated_at } of sessions) {
    // The log is packed, so it is read from its end, a conversation at a time, and only until enough is found.
    const text = holdsAll(title, words) ? null : await findText(sql, id, words);
    if (text === undefined) continue;
    found.push({ id, title, updatedAt: updated_at.toISOString(), text });
    if (found.length === MAX_FOUND) break;
  }
  return found;
}

/** The latest message of a conversation that holds all the words. */
async function findText(sql: Sql, session: string, words: readonly string[]): Promise<string | undefined> {
  const events = await readLastEvents(sql, session, EVENTS);
  return events
    .toReversed()
    .map(textOf)
    .find((text) => text !== "" && holdsAll(text, words));
}

function textOf(event: SessionEvent): string {
  if (event.type === "message.received") return event.data.text.value;
  return event.type === "reply.posted" ? event.data.text : "";
}

const holdsAll = (text: string, words: readonly string[]): boolean => {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word.toLowerCase()));
};
