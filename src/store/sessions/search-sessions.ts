import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { type EventRow, toEvent } from "../events/event-json.ts";

/** How far a search looks: the latest conversations, and the latest messages of each. */
const SESSIONS = 200;
const MESSAGES = 300;
const MAX_FOUND = 50;

export type SessionMatch = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string;
  /** The latest message that holds all the words; null when the title does. */
  readonly text: string | null;
};

type Row = {
  id: string;
  title: string;
  updated_at: Date;
  is_title: boolean;
  found: readonly EventRow[] | null;
};

/** A person's conversations in whose title or one of whose messages all the words occur, the latest first. */
export async function searchSessions(
  sql: Sql,
  principal: string,
  words: readonly string[],
): Promise<readonly SessionMatch[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  const rows = await sql.query<Row>(
    `select mine.*, said.found
     from (
       select id, title, updated_at, title ilike all ($2) as is_title from sessions
       where principal = $1 order by updated_at desc limit ${SESSIONS}
     ) mine
     left join lateral (
       select jsonb_agg(jsonb_build_object('seq', seq, 'type', type, 'turn', turn_id, 'data', data, 'at', at)
                        order by seq desc) as found
       from (
         select * from (
           select seq, type, turn_id, data, at from events
           where session_id = mine.id and type in ('message.received', 'reply.posted')
           order by seq desc limit ${MESSAGES}
         ) latest
         where data::text ilike all ($3) limit 3
       ) matching
     ) said on not mine.is_title
     where mine.is_title or said.found is not null
     order by mine.updated_at desc`,
    // In a row quotes and backslashes are escaped; what is found there is looked at again below.
    [principal, patterns, patterns.map((pattern) => pattern.replace(/\\?["\\]/g, "%"))],
  );
  const found: SessionMatch[] = [];
  for (const row of rows) {
    const text = row.is_title ? null : (row.found ?? []).map(textOf).find((each) => holdsAll(each, words));
    if (text === undefined) continue;
    found.push({ id: row.id, title: row.title, updatedAt: row.updated_at.toISOString(), text });
    if (found.length === MAX_FOUND) break;
  }
  return found;
}

function textOf(row: EventRow): string {
  const event: SessionEvent = toEvent(row);
  if (event.type === "message.received") return event.data.text.value;
  return event.type === "reply.posted" ? event.data.text : "";
}

const holdsAll = (text: string, words: readonly string[]): boolean => {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word.toLowerCase()));
};
