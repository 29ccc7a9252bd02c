import { type LogRow, unpackEvents } from "../../src/store/events/event-json.ts";
import type { SlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import type { BenchHouse } from "./house.ts";

export type SentEvent = {
  readonly team: string;
  readonly name: string;
  /** As the person names it: `@steward`, `#desk`. */
  readonly place: string;
  readonly channel: string;
  /** Timestamp of the message that the thread hangs on. */
  readonly root: string;
  readonly ts: string;
  readonly text: string;
  readonly verb: string;
};

export type Kept = {
  /** Messages that were acknowledged, or should have been in the end, and are not in the log, without effect or answer. */
  readonly lost: number;
  /** Messages in the log twice, deeds done twice, answers that a person sees twice. */
  readonly duplicated: number;
  /** Answers that stand in their thread before one that the log has earlier. */
  readonly outOfOrder: number;
  /** Messages that came in another order than they were written in, which the platform's own turning round does. */
  readonly cameTurned: number;
  readonly lostMessages: number;
  readonly lostEffects: number;
  readonly lostAnswers: number;
  readonly duplicatedMessages: number;
  readonly duplicatedEffects: number;
  readonly duplicatedAnswers: number;
  readonly samples: readonly string[];
};

type Shown = { readonly answers: readonly string[]; readonly cards: readonly string[] };

/** Holds what people wrote against the log, against what the system outside did, and against what they see. */
export async function countKept(
  house: BenchHouse,
  platform: SlackPlatform,
  sent: readonly SentEvent[],
): Promise<Kept> {
  const received = await readReceived(house);
  const applied = new Map<string, number>();
  for (const { text, applied: times } of await house.effects())
    applied.set(text, (applied.get(text) ?? 0) + times);
  const samples: string[] = [];
  const tell = (what: string) => {
    if (samples.length < 10) samples.push(what);
  };
  const figures = {
    lostMessages: 0,
    lostEffects: 0,
    lostAnswers: 0,
    duplicatedMessages: 0,
    duplicatedEffects: 0,
    duplicatedAnswers: 0,
  };
  let [lost, duplicated, outOfOrder, cameTurned] = [0, 0, 0, 0];
  for (const [thread, events] of Map.groupBy(sent, ({ channel, root }) => `${channel} ${root}`)) {
    const { answers, cards } = shownTo(platform, events[0]);
    const placeInLog = new Map<string, number>();
    for (const { team, channel, ts, text } of events) {
      const inLog = received.get(`slack:${team}:${channel}:${ts}`) ?? [];
      if (inLog[0] !== undefined) placeInLog.set(text, inLog[0]);
      const done = applied.get(text) ?? 0;
      const told = answers.filter((one) => one === text).length;
      const shown = cards.filter((one) => one === text).length;
      if (inLog.length === 0) figures.lostMessages += 1;
      if (done === 0) figures.lostEffects += 1;
      if (told === 0 || shown === 0) figures.lostAnswers += 1;
      if (inLog.length > 1) figures.duplicatedMessages += 1;
      if (done > 1) figures.duplicatedEffects += 1;
      if (told > 1 || shown > 1) figures.duplicatedAnswers += 1;
      const times = [inLog.length, done, told, shown];
      if (times.includes(0)) lost += 1;
      if (times.some((n) => n > 1)) duplicated += 1;
      if (times.some((n) => n !== 1))
        tell(`${thread} ${ts} "${text}": in the log, done, answered, on a card ${times.join(", ")} times`);
    }
    const written = events.toSorted((a, b) => Number(a.ts) - Number(b.ts)).map(({ text }) => text);
    cameTurned += countTurned(written, placeInLog);
    for (const [what, all] of Object.entries({ answers, cards })) {
      const turned = countTurned([...new Set(all)], placeInLog);
      outOfOrder += turned;
      if (turned > 0) tell(`${thread}: ${what} stand as ${all.join(", ")}`);
    }
  }
  return { lost, duplicated, outOfOrder, cameTurned, ...figures, samples };
}

export type Copies = {
  /** Copies of cards at approvers that do not show what was decided. */
  readonly staleCopies: number;
  readonly lostCopies: number;
  readonly duplicatedCopies: number;
};

/** Whether every manager has one card of each order, and none that can still be decided. */
export function countCopies(
  platform: SlackPlatform,
  managers: readonly { readonly team: string; readonly name: string }[],
  sent: readonly SentEvent[],
): Copies {
  const orders = sent.filter(({ verb }) => verb === "order").map(({ text }) => text);
  let [staleCopies, lostCopies, duplicatedCopies] = [0, 0, 0];
  for (const { team, name } of managers) {
    const seen = platform.person(name, team).seen("@steward");
    staleCopies += seen.filter(({ buttons }) => buttons.some(({ label }) => label === "Approve")).length;
    const cards = Map.groupBy(seen, ({ text }) => /"(order line \d+)"/.exec(text)?.[1] ?? "");
    for (const order of orders) {
      const copies = cards.get(order)?.length ?? 0;
      if (copies === 0) lostCopies += 1;
      if (copies > 1) duplicatedCopies += 1;
    }
  }
  return { staleCopies, lostCopies, duplicatedCopies };
}

/** Where in its session's log each message is, by its id. */
async function readReceived(house: BenchHouse): Promise<ReadonlyMap<string, readonly number[]>> {
  const received = new Map<string, number[]>();
  const { rows } = await house.pool.query<LogRow>(
    "select seq::int, count, at, body from event_log order by session_no, seq",
  );
  for (const event of unpackEvents(rows)) {
    if (event.type !== "message.received") continue;
    const places = received.get(event.data.message) ?? [];
    places.push(event.seq);
    received.set(event.data.message, places);
  }
  return received;
}

/** What a person sees in their thread, from top to bottom, by the line that it is about. */
function shownTo(platform: SlackPlatform, event: SentEvent | undefined): Shown {
  const answers: string[] = [];
  const cards: string[] = [];
  if (!event) return { answers, cards };
  const { team, name, place, root } = event;
  const seen = platform.person(name, team).seen(place, { thread: root });
  for (const { author, text } of seen.toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
    if (author !== "Steward") continue;
    // The card of what was done begins with the deed; what was done, or what it waits for, is the answer in words.
    const [, card] = /^\w+ "(\w+ line \d+)"/.exec(text) ?? [];
    const [, answer] = card ? [] : (/^(?:Noted: |This waits for .*")(\w+ line \d+)/.exec(text) ?? []);
    if (answer) answers.push(answer);
    if (card) cards.push(card);
  }
  return { answers, cards };
}

/** How many stand before one whose place is earlier. */
function countTurned(texts: readonly string[], placeOf: ReadonlyMap<string, number>): number {
  let [last, turned] = [Number.NEGATIVE_INFINITY, 0];
  for (const text of texts) {
    const place = placeOf.get(text);
    if (place === undefined) continue;
    if (place < last) turned += 1;
    last = Math.max(last, place);
  }
  return turned;
}
