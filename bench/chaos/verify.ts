import type pg from "pg";
import { type LogRow, unpackEvents } from "../../src/store/events/event-json.ts";
import type { CountedEffect } from "./outside-client.ts";
import type { SentMessage } from "./people.ts";

export type EventRow = {
  thread: string;
  type: string;
  turn: string | null;
  data: Record<string, unknown>;
};

export type Verdict = {
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly effectsNotOnce: number;
  /** Messages whose worker was killed three times over them: parked, and their sender told. */
  readonly parked: number;
  readonly unknownOutcomes: number;
  /** Calls that came again with a key that had acted: the system outside recognised them. */
  readonly replayedCalls: number;
  readonly resumedTurns: number;
  readonly samples: readonly string[];
};

/** Every event of every session, by thread, in order. */
export async function readThreads(pool: pg.Pool): Promise<readonly EventRow[]> {
  const log = await pool.query<LogRow & { thread: string }>(
    `select s.thread, l.seq::int, l.count, l.at, l.body from event_log l join sessions s on s.no = l.session_no
     order by s.thread, l.seq`,
  );
  return log.rows.flatMap((row) =>
    unpackEvents([row]).map(({ type, data }) => ({
      thread: row.thread,
      type,
      turn: "turn" in data ? data.turn : null,
      data: data as Record<string, unknown>,
    })),
  );
}

/** Compares what was said and acknowledged with what the log, the replies and the system outside say. */
export async function verify(
  pool: pg.Pool,
  sent: readonly SentMessage[],
  effects: readonly CountedEffect[],
): Promise<Verdict> {
  const rows = await readThreads(pool);
  const actions = await pool.query<{ turn_id: string; status: string }>(
    "select turn_id, status from actions",
  );
  const statusOf = new Map(actions.rows.map((row) => [row.turn_id, row.status]));
  const samples: string[] = [];
  let [lost, duplicated, reordered, effectsNotOnce, parked, unknownOutcomes] = [0, 0, 0, 0, 0, 0];
  const note = (what: string) => samples.length < 10 && samples.push(what);

  const received = new Map<string, EventRow[]>();
  const turnsOf = new Map<string, string[]>();
  const repliesOf = new Map<string, number>();
  const endOf = new Map<string, string>();
  const order = new Map<string, string[]>();
  for (const row of rows) {
    const turn = row.turn ?? "";
    if (row.type === "message.received") {
      const id = String(row.data.message);
      received.set(id, [...(received.get(id) ?? []), row]);
      order.set(row.thread, [...(order.get(row.thread) ?? []), id]);
    }
    if (row.type === "turn.started")
      for (const id of row.data.messages as string[]) turnsOf.set(id, [...(turnsOf.get(id) ?? []), turn]);
    if (row.type === "reply.posted" && turn) repliesOf.set(turn, (repliesOf.get(turn) ?? 0) + 1);
    if (row.type === "turn.ended") endOf.set(turn, String(row.data.status));
  }

  const applied = new Map<string, number>();
  for (const effect of effects) applied.set(effect.text, (applied.get(effect.text) ?? 0) + effect.applied);

  for (const message of sent) {
    if (!message.isAcknowledged) continue;
    const got = received.get(message.dedupe) ?? [];
    const [turn, ...others] = turnsOf.get(message.dedupe) ?? [];
    const end = turn === undefined ? undefined : endOf.get(turn);
    const replies = turn === undefined ? 0 : (repliesOf.get(turn) ?? 0);
    const status = statusOf.get(turn ?? "");
    if (got.length === 0 || replies === 0 || end === undefined || end === "waiting") {
      lost += 1;
      note(
        `lost ${message.dedupe}: received ${got.length}, replies ${replies}, end ${end}, action ${status}`,
      );
    }
    const expected = message.verb === "order" ? 2 : 1;
    if (got.length > 1 || others.length > 0 || replies > expected) {
      duplicated += 1;
      note(
        `duplicated ${message.dedupe}: received ${got.length}, turns ${others.length + 1}, replies ${replies}`,
      );
    }
    if (end === "failed" || status === "failed") parked += 1;
    if (status === "unknown") unknownOutcomes += 1;
    const times = applied.get(message.text) ?? 0;
    // Its workers were killed three times over it: told as not done, or, once it was begun, as unknown.
    const isGivenUp = status === "unknown" && message.verb !== "fax" && times <= 1;
    if (isGivenUp) parked += 1;
    const isParked =
      isGivenUp || (times === 0 && (end === "failed" ? status === undefined : status === "failed"));
    // A fax cannot be repeated or looked up: done at most once, and told as unknown when it may have been lost.
    const isRight =
      message.verb === "look"
        ? times === 0
        : message.verb === "fax"
          ? times === 1 || (times === 0 && status === "unknown")
          : times === 1 || isParked;
    if (!isRight) {
      effectsNotOnce += 1;
      note(`effect of ${message.dedupe} ${message.verb}: ${times} times, action ${status}, turn ${end}`);
    }
  }
  const said = new Map<string, string[]>();
  for (const { thread, dedupe } of sent) said.set(thread, [...(said.get(thread) ?? []), dedupe]);
  for (const [thread, ids] of order) {
    const places = ids.map((id) => said.get(thread)?.indexOf(id) ?? -1);
    reordered += places.filter((place, i) => i > 0 && place < (places[i - 1] ?? 0)).length;
  }
  return {
    lost,
    duplicated,
    reordered,
    effectsNotOnce,
    parked,
    unknownOutcomes,
    replayedCalls: effects.reduce((sum, effect) => sum + effect.calls - 1, 0),
    resumedTurns: new Set(rows.filter((row) => row.type === "turn.resumed").map((row) => row.turn)).size,
    samples,
  };
}
