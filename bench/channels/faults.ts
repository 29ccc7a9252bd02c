import type { TeamSeed } from "../../test/channels/slack/fakes/seed-world.ts";
import { type SlackPlatform, startSlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import { sayTo } from "../turns/stub-model.ts";
import { type BenchHouse, installEverywhere, openBenchHouse, slackSettings, wait } from "./house.ts";
import { countCopies, countKept, type SentEvent } from "./kept.ts";
import { decide, killNow, type Progress, redeliver, turnRound } from "./trouble.ts";

/** Slack takes 300 messages a minute in a workspace and one a second in a conversation: many of both, few in each. */
const MESSAGES_A_WORKSPACE = 100;
const MESSAGES_A_PERSON = 8;
/** Every so many-th person writes in a channel, in a thread of their own; the others in their direct message. */
const CHANNEL_EVERY = 4;
const CHANNELS = ["desk", "floor"];
/** Whoever may approve is told of every order, each in one conversation. */
const MANAGERS = 3;
/** One message in so many asks for something that a manager decides by a click; Slack takes 50 edits a minute. */
const ORDER_EVERY = 200;
const WRITING_AT_ONCE = 24;
/** Slack gives up after three more tries; here it goes on, so that what is lost was lost by the house. */
const RETRY_DELAYS_MS = [700, 6_000, 15_000, 30_000, 60_000, 60_000];
const PATIENCE_MS = 120_000;
const DEAD_MS = 1_500;
const TELL_EVERY_MS = 10_000;

export type FaultFigures = {
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Answers that stand in another order than the log has them. */
  readonly outOfOrder: number;
  readonly [more: string]: unknown;
};

type Writer = {
  readonly team: string;
  readonly name: string;
  readonly place: string;
  readonly texts: string[];
  root: string | null;
};

/**
 * People write, and everything between them and the server goes wrong: events come again although they were
 * acknowledged, come in the wrong order, and the server dies in the middle. Then what was written is held against what
 * the log has, what the system outside did, and what people see in Slack.
 */
export async function measureFaults(options: {
  readonly events: number;
  readonly kills: number;
  readonly say: (line: string) => void;
}): Promise<FaultFigures> {
  const { say, kills } = options;
  const messages = Math.round(options.events / (1 + 1 / ORDER_EVERY));
  const teams = seedTeams(messages);
  const platform = await startSlackPlatform({ teams, retryDelaysMs: RETRY_DELAYS_MS });
  const people = teams.flatMap((team) =>
    team.people.map(({ name, email }) => ({ email: email ?? "", name, isManager: name === "boss" })),
  );
  const house = await openBenchHouse(people, (url) => slackSettings(platform, url), 0);
  try {
    await house.start();
    await installEverywhere(platform, house.url);
    const ids = [...platform.world.teams.keys()];
    const managed = ids.slice(0, MANAGERS);
    for (const team of managed) await platform.person("boss", team).says("@steward", "Hello");
    const sent: SentEvent[] = [];
    const writers = seatWriters(teams, ids, messages);
    say(`${writers.length} people in ${ids.length} workspaces write ${messages} messages, ${kills} kills`);
    const redelivered = redeliver(platform);
    const state: Progress = { written: 0, isOver: false };
    const startedAt = performance.now();
    const telling = setInterval(() => tell(house, state, messages, startedAt, say), TELL_EVERY_MS);
    const deciding = decide(platform, managed, state);
    const killing = killNow(house, kills, messages, state, say);
    const turning = turnRound(platform, state);
    // As many at once as there are people who write within the same second.
    const open = [...writers];
    await Promise.all(
      Array.from({ length: Math.min(WRITING_AT_ONCE, writers.length) }, async () => {
        for (let writer = open.shift(); writer; writer = open.shift()) {
          const text = writer.texts.shift();
          if (text === undefined) continue;
          const { event, isAcked } = await write(platform, writer, text);
          sent.push(event);
          state.written += 1;
          // While the server is dead people go on, but not as fast as their clients are refused.
          if (!isAcked) await wait(DEAD_MS);
          if (writer.texts.length > 0) open.push(writer);
        }
      }),
    );
    const writtenS = seconds(startedAt);
    say(`${sent.length} messages written`);
    const died = await killing;
    await Promise.race([platform.deliveries.idle(), wait(2 * PATIENCE_MS)]);
    let left = await drain(house);
    state.isOver = true;
    const clicks = await deciding;
    const turnedRound = await turning;
    await redelivered.settle();
    left = await drain(house);
    clearInterval(telling);
    const kept = await countKept(house, platform, sent);
    const { seen } = platform.deliveries;
    const acked = new Set(seen.filter((one) => one.isAcked).map(({ id }) => id));
    return {
      events: sent.length + clicks,
      ...kept,
      ...countCopies(
        platform,
        managed.map((team) => ({ team, name: "boss" })),
        sent,
      ),
      messages: sent.length,
      clicks,
      redelivered: redelivered.count(),
      turnedRound,
      kills: died,
      interrupted: new Set(seen.filter((one) => !one.isAcked).map(({ id }) => id)).size,
      neverAcknowledged: new Set(
        seen.filter(({ id, kind }) => kind === "event" && !acked.has(id)).map(({ id }) => id),
      ).size,
      repeatedByPlatform: seen.filter((one) => one.attempt > 0).length,
      rateViolations: platform.limits.violations.length,
      people: writers.length,
      workspaces: ids.length,
      left,
      writtenS,
      seconds: seconds(startedAt),
      methods: count(platform.calls.map(({ method, answer }) => `${method} ${answer}`)),
    };
  } finally {
    await house.close();
    await platform.close();
  }
}

/** Workspaces with their people; managers are in the first ones. */
function seedTeams(messages: number): TeamSeed[] {
  const workspaces = Math.max(1, Math.ceil(messages / MESSAGES_A_WORKSPACE));
  const each = Math.max(1, Math.ceil(messages / workspaces / MESSAGES_A_PERSON));
  return Array.from({ length: workspaces }, (_, w) => {
    const writing = Array.from({ length: each }, (_, i) => `p${i}`);
    return {
      name: `Bench ${w}`,
      emailDomain: "bench.example",
      isInstalled: false,
      people: [...(w < MANAGERS ? ["boss"] : []), ...writing].map((name) => ({
        name,
        email: `${name}-${w}@bench.example`,
      })),
      channels: CHANNELS.map((name) => ({ name, members: ["steward", ...writing] })),
    };
  });
}

function seatWriters(teams: readonly TeamSeed[], ids: readonly string[], messages: number): Writer[] {
  const writers = teams.flatMap(({ people }, w) =>
    people
      .filter(({ name }) => name !== "boss")
      .map(({ name }, i): Writer => {
        const channel = CHANNELS[Math.floor(i / CHANNEL_EVERY) % CHANNELS.length];
        const place = i % CHANNEL_EVERY === 0 && channel ? `#${channel}` : "@steward";
        return { team: ids[w] ?? "", name, place, texts: [], root: null };
      }),
  );
  for (let i = 0; i < messages; i++) {
    const text = `${i % ORDER_EVERY === 7 ? "order" : "note"} line ${i}`;
    writers[i % writers.length]?.texts.push(text);
  }
  return writers;
}

async function write(
  platform: SlackPlatform,
  writer: Writer,
  text: string,
): Promise<{ readonly event: SentEvent; readonly isAcked: boolean }> {
  const [verb = "note"] = text.split(" ");
  const { team, name, place } = writer;
  const person = platform.person(name, team);
  const where = writer.root === null ? {} : { thread: writer.root };
  const words = sayTo(verb as "note" | "order", text);
  const said = await person.says(place, place === "@steward" ? words : `@steward ${words}`, where);
  writer.root ??= said.ts;
  return {
    event: { team, name, place, channel: said.channel, root: writer.root, ts: said.ts, text, verb },
    isAcked: said.acks.every((ack) => ack.isAcked),
  };
}

type Left = {
  readonly inbox: number;
  readonly busy: number;
  readonly outbox: number;
  readonly waiting: number;
};

async function readLeft(house: BenchHouse): Promise<Left> {
  const { rows } = await house.pool.query<Left>(
    `select (select count(*)::int from inbox where state = 'new') as inbox,
       (select count(*)::int from sessions where owner is not null and lease_until > now()) as busy,
       (select count(*)::int from outbox where state = 'new') as outbox,
       (select count(*)::int from approvals where status = 'pending') as waiting`,
  );
  return rows[0] ?? { inbox: 0, busy: 0, outbox: 0, waiting: 0 };
}

function tell(
  house: BenchHouse,
  state: Progress,
  messages: number,
  startedAt: number,
  say: (line: string) => void,
): void {
  readLeft(house)
    .then(({ inbox, busy, outbox, waiting }) =>
      say(
        `${seconds(startedAt)} s: ${state.written} of ${messages} written; left: ${inbox} to take up, ${busy} at work, ${outbox} to send, ${waiting} to decide`,
      ),
    )
    .catch(() => {});
}

/** Until nothing is left to do or to send, or nothing has moved for two minutes; returns what is left. */
async function drain(house: BenchHouse): Promise<Left> {
  let [last, at] = ["", performance.now()];
  for (;;) {
    await wait(500);
    const left = await readLeft(house);
    const now = Object.values(left).join(" ");
    if (now === "0 0 0 0" || performance.now() - at > PATIENCE_MS) return left;
    if (now !== last) [last, at] = [now, performance.now()];
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1_000);

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
