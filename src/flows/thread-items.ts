import type { ExecutorDeps } from "../actions/executor-deps.ts";
import { renderCard } from "../actions/render-card.ts";
import { readEventsAfter, readLastEvents } from "../store/events/read-events.ts";
import { readTurnRequest } from "../store/events/read-turn-request.ts";
import type { Principal } from "../types/principal.ts";
import type { SessionEvent } from "../types/session-event.ts";
import type { ThreadItem } from "../types/thread-item.ts";

/** How much of a conversation is shown when it is opened. */
const OPENING_EVENTS = 400;

const ASSISTANT = { id: "steward", name: "Steward", isAssistant: true };

/**
 * What a thread shows after a sequence number, as `viewer` may see it, in order; a card comes once, as it is now, in
 * the place of its last change. `head` is the sequence number to ask
 * from next, `start` the first one looked at.
 */
export async function threadItems(
  deps: ExecutorDeps,
  session: string,
  viewer: Principal,
  after: number,
): Promise<{ readonly items: readonly ThreadItem[]; readonly head: number; readonly start: number }> {
  const events =
    after === 0
      ? await readLastEvents(deps.db, session, OPENING_EVENTS)
      : await readEventsAfter(deps.db, session, after);
  return {
    items: await showEvents(deps, events, viewer),
    head: events.at(-1)?.seq ?? after,
    start: events[0]?.seq ?? 0,
  };
}

/** What a stretch of the log shows, as `viewer` may see it; a card once, in the place of its last change there. */
export async function showEvents(
  deps: ExecutorDeps,
  events: readonly SessionEvent[],
  viewer: Principal,
): Promise<readonly ThreadItem[]> {
  const lastChange = new Map<string, number>();
  for (const event of events) if (event.type === "card.changed") lastChange.set(event.data.turn, event.seq);
  const items: ThreadItem[] = [];
  for (const event of events) {
    const item =
      event.type === "card.changed"
        ? lastChange.get(event.data.turn) === event.seq &&
          (await cardItem(deps, event, event.data.turn, viewer))
        : plainItem(deps, event);
    if (item) items.push(item);
  }
  return items;
}

/** What these events show without their cards: what was said, and how turns went. */
export function threadItemsOf(
  deps: Pick<ExecutorDeps, "directory">,
  events: readonly SessionEvent[],
): readonly ThreadItem[] {
  return events.flatMap((event) => plainItem(deps, event) ?? []);
}

/** The item at one place of the log, as it is now; null when that place shows nothing. */
export async function threadItemAt(
  deps: ExecutorDeps,
  session: string,
  viewer: Principal,
  seq: number,
): Promise<ThreadItem | null> {
  const [event] = await readEventsAfter(deps.db, session, seq - 1, 1);
  if (event?.seq !== seq) return null;
  return event.type === "card.changed"
    ? await cardItem(deps, event, event.data.turn, viewer)
    : plainItem(deps, event);
}

async function cardItem(
  deps: ExecutorDeps,
  event: SessionEvent,
  turn: string,
  viewer: Principal,
): Promise<ThreadItem | null> {
  const request = await readTurnRequest(deps.db, turn);
  const card = request && (await renderCard(deps, request, viewer));
  return card ? { kind: "card", seq: event.seq, id: `${turn}:card`, at: event.at.toISOString(), card } : null;
}

function plainItem(deps: Pick<ExecutorDeps, "directory">, event: SessionEvent): ThreadItem | null {
  const place = { seq: event.seq, at: event.at.toISOString() };
  switch (event.type) {
    case "message.received": {
      const { author, message, text, files } = event.data;
      const name = deps.directory().find(author)?.name ?? author;
      return {
        ...place,
        kind: "message",
        id: message,
        author: { id: author, name, isAssistant: false },
        text: text.value,
        files,
        citations: [],
        turn: null,
        note: null,
      };
    }
    case "reply.posted": {
      const { message, text, citations, turn, note } = event.data;
      return {
        ...place,
        kind: "message",
        id: message,
        author: ASSISTANT,
        text,
        files: [],
        citations,
        turn,
        note,
      };
    }
    case "turn.started":
    case "turn.resumed":
      return {
        ...place,
        kind: "turn",
        id: `${event.data.turn}:turn`,
        status: "running",
        step: null,
        error: null,
      };
    case "turn.ended": {
      const { turn, status, error } = event.data;
      return { ...place, kind: "turn", id: `${turn}:turn`, status, step: null, error };
    }
    default:
      return null;
  }
}
