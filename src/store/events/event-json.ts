import type { NewSessionEvent, SessionEvent } from "../../types/session-event.ts";

/** What a kind of event mostly holds: left out of the row, put back when it is read. */
const USUAL: { readonly [K in SessionEvent["type"]]?: Readonly<Record<string, null | readonly never[]>> } = {
  "message.received": { files: [] },
  "model.answered": { calls: [], state: null, citations: [], note: null, costMicros: null },
  "action.finished": { records: [], facts: [] },
  "reply.posted": { citations: [], note: null },
  "turn.ended": { error: null },
};

type StoredEvent = { readonly type: string; readonly turn: string | null; readonly data: object };

/** An event as its row keeps it: the turn in a column of its own only, and nothing that goes without saying. */
export function toStored({ type, data }: NewSessionEvent): StoredEvent {
  const turn = "turn" in data ? data.turn : null;
  const usual = USUAL[type] ?? {};
  const kept = Object.entries(data).filter(
    ([name, value]) => !(name in usual && isEmpty(value)) && !(name === "turn" && turn !== null),
  );
  return { type, turn, data: Object.fromEntries(kept) };
}

export type EventRow = {
  readonly seq: number;
  readonly type: SessionEvent["type"];
  readonly turn: string | null;
  readonly data: object;
  readonly at: Date;
};

/** The event again, whole, from a row of this or of an earlier version. */
export function toEvent({ seq, type, turn, data, at }: EventRow): SessionEvent {
  const whole = { ...(turn === null ? {} : { turn }), ...USUAL[type], ...data };
  return { seq, type, data: whole, at } as SessionEvent;
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);
