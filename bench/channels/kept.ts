import { type LogRow, unpackEvents } from "../../src/store/events/event-json.ts";
import type { SlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import type { BenchHouse } from "./house.ts";

export type SentEvent = {
  readonly team: string;
  readonly name: string;
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly verb: string;
};

export type Kept = {
  /** Messages that were acknowledged, or should have been in the end, and are not in the log, without effect or answer. */
  readonly lost: number;
  /** Messages in the log twice, deeds done twice, answers that a person sees twice. */
  readonly duplicated: number;
  readonly lostMessages: number;
  readonly lostEffects: number;
  readonly lostAnswers: number;
  readonly duplicatedMessages: number;
  readonly duplicatedEffects: number;
  readonly duplicatedAnswers: number;
  readonly samples: readonly string[];
};

/** Holds what people wrote against the log, against what the system outside did, and against what they see. */
export async function countKept(
  house: BenchHouse,
  platform: SlackPlatform,
  sent: readonly SentEvent[],
): Promise<Kept> {
  const received = new Map<string, number>();
  const { rows } = await house.pool.query<LogRow>(
    "select seq::int, count, at, body from event_log order by session_id, seq",
  );
  for (const event of unpackEvents(rows)) {
    if (event.type === "message.received")
      received.set(event.data.message, (received.get(event.data.message) ?? 0) + 1);
  }
  const applied = new Map<string, number>();
  for (const { text, applied: times } of await house.effects())
    applied.set(text, (applied.get(text) ?? 0) + times);
  const answers = new Map<string, number>();
  const cards = new Map<string, number>();
  const seenBy = new Map<string, readonly string[]>();
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
  let [lost, duplicated] = [0, 0];
  for (const { team, name, channel, ts, text } of sent) {
    const place = `${team} ${name}`;
    if (!seenBy.has(place)) {
      const person = platform.person(name, team);
      seenBy.set(
        place,
        person
          .seen("@steward")
          .filter(({ author }) => author === "Steward")
          .map((one) => one.text),
      );
      for (const words of seenBy.get(place) ?? []) {
        // The card of what was done begins with the deed; what was done, or what it waits for, is the answer in words.
        const [, card] = /^\w+ "(\w+ line \d+)"/.exec(words) ?? [];
        const [, answer] = card ? [] : (/^(?:Noted: |This waits for .*")(\w+ line \d+)/.exec(words) ?? []);
        if (answer) answers.set(answer, (answers.get(answer) ?? 0) + 1);
        if (card) cards.set(card, (cards.get(card) ?? 0) + 1);
      }
    }
    const inLog = received.get(`slack:${team}:${channel}:${ts}`) ?? 0;
    const done = applied.get(text) ?? 0;
    const told = answers.get(text) ?? 0;
    const shown = cards.get(text) ?? 0;
    if (inLog === 0) figures.lostMessages += 1;
    if (done === 0) figures.lostEffects += 1;
    if (told === 0 || shown === 0) figures.lostAnswers += 1;
    if (inLog > 1) figures.duplicatedMessages += 1;
    if (done > 1) figures.duplicatedEffects += 1;
    if (told > 1 || shown > 1) figures.duplicatedAnswers += 1;
    const times = [inLog, done, told, shown];
    if (times.includes(0)) lost += 1;
    if (times.some((n) => n > 1)) duplicated += 1;
    if (times.some((n) => n !== 1))
      tell(`${place} ${ts} "${text}": in the log, done, answered, on a card ${times.join(", ")} times`);
  }
  return { lost, duplicated, ...figures, samples };
}
