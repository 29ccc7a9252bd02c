import type { FileRef } from "../../types/file-ref.ts";
import type { SessionEvent } from "../../types/session-event.ts";
import type { Sql } from "../db.ts";
import { findTurnBegin, readEventsBefore } from "./read-events.ts";

export type TurnRequest = {
  readonly turn: string;
  readonly session: string;
  readonly author: string;
  /** What the person wrote; with what it answers when Steward had asked back. */
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: Date;
};

/** How far back a chain of questions and answers is followed. */
const CHAIN_EVENTS = 40;

/** What a turn was asked, by the turn's id; null when there is no turn of it that asked for an action. */
export async function readTurnRequest(sql: Sql, turn: string): Promise<TurnRequest | null> {
  const [row] = await sql.query<{ session: string }>(
    "select session_id as session from actions where turn_id = $1 limit 1",
    [turn],
  );
  const started = row && (await findTurnBegin(sql, row.session, turn));
  if (!row || !started) return null;
  const { session } = row;
  const before = await readEventsBefore(sql, session, started.seq, CHAIN_EVENTS);
  const chain = questionChain(before);
  const last = chain.at(-1);
  if (!last) return null;
  return {
    turn,
    session,
    author: last.data.author,
    text: chain.map((event) => event.data.text.value).join(" … "),
    files: chain.flatMap((event) => event.data.files),
    at: started.at,
  };
}

type Received = Extract<SessionEvent, { type: "message.received" }>;

/** The last message, and those before it as long as each was met with a question back. */
function questionChain(events: readonly SessionEvent[]): readonly Received[] {
  const chain: Received[] = [];
  let wasAsked = true;
  for (const event of events.toReversed()) {
    if (event.type === "reply.posted") wasAsked = isQuestion(event.data.text);
    if (event.type !== "message.received") continue;
    if (chain.length > 0 && !wasAsked) break;
    chain.unshift(event);
    wasAsked = false;
  }
  return chain;
}

/** Steward's question, alone or before the answers to choose from. */
function isQuestion(text: string): boolean {
  const [first = ""] = text.split("\n", 1);
  return first.trimEnd().endsWith("?") || text.trimEnd().endsWith("?");
}
