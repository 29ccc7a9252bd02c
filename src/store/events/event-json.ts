import type { NewSessionEvent, SessionEvent } from "../../types/session-event.ts";
import { packJson, unpackJson } from "../packed-json.ts";

/** What a kind of event mostly holds: left out of the row, put back when it is read. */
const USUAL: { readonly [K in SessionEvent["type"]]?: Readonly<Record<string, null | readonly never[]>> } = {
  "message.received": { files: [] },
  "model.answered": { calls: [], state: null, citations: [], note: null, costMicros: null },
  "action.finished": { records: [], facts: [] },
  "reply.posted": { citations: [], note: null },
  "turn.ended": { error: null },
};

/** The events of one commit as their row keeps them: packed, without what goes without saying. */
export function packEvents(events: readonly NewSessionEvent[]): Uint8Array {
  return packJson(
    events.map(({ type, data }) => {
      const usual = USUAL[type] ?? {};
      const kept = Object.entries(data).filter(([name, value]) => !(name in usual && isEmpty(value)));
      return { type, data: Object.fromEntries(kept) };
    }),
  );
}

/** A row of the log: the events of one commit, of which the last has the number `seq`. */
export type LogRow = {
  readonly seq: number;
  readonly count: number;
  readonly at: Date;
  readonly body: Uint8Array;
};

/** The events of rows again, whole, in order. */
export function unpackEvents(rows: readonly LogRow[]): SessionEvent[] {
  return rows.flatMap(({ seq, count, at, body }) =>
    (unpackJson(body) as unknown as NewSessionEvent[]).map(
      ({ type, data }, index) =>
        ({ seq: seq - count + 1 + index, type, data: { ...USUAL[type], ...data }, at }) as SessionEvent,
    ),
  );
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);
