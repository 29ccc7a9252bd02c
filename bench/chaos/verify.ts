import type pg from "pg";
import type { CountedEffect } from "./outside-client.ts";
import type { SentMessage } from "./people.ts";

type EventRow = {
  thread: string;
  seq: string;
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
  /** How many messages were taken up a second time, and a third. */
  readonly retried: Readonly<Record<string, number>>;
  readonly unknownOutcomes: number;
  /** Calls that came again with a key that had acted: the system outside recognised them. */
  readonly replayedCalls: number;
  readonly resumedTurns: number;
  readonly samples: readonly string[];
};

/** Compares what was said and acknowledged with what the log, the replies and the system outside say. */
export async function verify(
  pool: pg.Pool,
  sent: readonly SentMessage[],
  effects: readonly CountedEffect[],
): Promise<Verdict> {
  const { rows } = await pool.query<EventRow>(
    `select s.thread, e.seq, e.type, e.turn_id as turn, e.data from events e join sessions s on s.id = e.session_id
     order by s.thread, e.seq`,
  );
  const actions = await pool.query<{ turn_id: string; status: string }>(
    "select turn_id, status from actions",
  );
  const tries = await pool.query<{ attempts: string; n: string }>(
    "select attempts, count(*) as n from inbox where attempts > 0 group by 1",
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
    const isParked = times === 0 && (end === "failed" ? status === undefined : status === "failed");
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
    retried: Object.fromEntries(tries.rows.map((row) => [row.attempts, Number(row.n)])),
    unknownOutcomes,
    replayedCalls: effects.reduce((sum, effect) => sum + effect.calls - 1, 0),
    resumedTurns: new Set(rows.filter((row) => row.type === "turn.resumed").map((row) => row.turn)).size,
    samples,
  };
}
