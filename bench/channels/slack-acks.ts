import { type SlackPlatform, startSlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import { percentile, round } from "../turns/measure.ts";
import { sayTo } from "../turns/stub-model.ts";
import { type BenchHouse, installEverywhere, openBenchHouse, slackSettings, wait } from "./house.ts";

const WORKSPACES = 10;
/** So many that nobody writes faster than people do. */
const PEOPLE_EACH = 20;
/** Slower than events come, so that work piles up while they are acknowledged. */
const MODEL_MS = 400;
const STALL_MS = 2_000;

export type AckFigures = {
  readonly ackMsP50: number | null;
  readonly ackMsP99: number | null;
  readonly ackMsMax: number | null;
  readonly stalledAckMsMax: number | null;
  readonly eventsPerSecond: number;
  readonly events: number;
  readonly queuedMax: number;
  readonly stalledEvents: number;
  /** Events that were refused while the database stood still, and so came again. */
  readonly stalledRefused: number;
};

type Crowd = readonly { readonly team: string; readonly name: string; root: string | null }[];

/** Signed events over HTTP at an even pace, whatever the answers do; then again while the database stands still. */
export async function measureSlackAcks(options: {
  readonly rate: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}): Promise<AckFigures> {
  const { rate, seconds, say } = options;
  const teams = Array.from({ length: WORKSPACES }, (_, w) => ({
    name: `Bench ${w}`,
    emailDomain: "bench.example",
    isInstalled: false,
    people: Array.from({ length: PEOPLE_EACH }, (_, i) => ({ name: `p${w}-${i}` })),
  }));
  const platform = await startSlackPlatform({ teams, retryDelaysMs: [1_000, 5_000, 15_000] });
  const people = teams.flatMap((team) =>
    team.people.map(({ name }) => ({ email: `${name}@bench.example`, name, isManager: false })),
  );
  const house = await openBenchHouse(people, (url) => slackSettings(platform, url), MODEL_MS);
  try {
    await house.start();
    await installEverywhere(platform, house.url);
    const ids = [...platform.world.teams.keys()];
    const crowd: Crowd = teams.flatMap((team, w) =>
      team.people.map(({ name }) => ({ team: ids[w] ?? "", name, root: null })),
    );
    say("everybody says hello once");
    await warmUp(platform, crowd);
    await house.settle();
    const even = await fire(platform, house, crowd, rate, seconds);
    say(`acknowledged ${even.ms.length} events, ${even.queuedMax} messages queued at most`);
    const timer = setTimeout(() => house.proxy.stall(STALL_MS), 1_500);
    const stalled = await fire(platform, house, crowd, rate, 5);
    clearTimeout(timer);
    const at = (numbers: readonly number[], share: number) => round(percentile(numbers, share), 1);
    return {
      ackMsP50: at(even.ms, 0.5),
      ackMsP99: at(even.ms, 0.99),
      ackMsMax: at(even.ms, 1),
      stalledAckMsMax: at([...stalled.ms, ...stalled.refusedMs], 1),
      eventsPerSecond: round(even.ms.length / seconds, 1) ?? 0,
      events: even.ms.length,
      queuedMax: even.queuedMax,
      stalledEvents: stalled.ms.length + stalled.refusedMs.length,
      stalledRefused: stalled.refusedMs.length,
    };
  } finally {
    await house.close();
    await platform.close();
  }
}

/** First contact asks Slack who somebody is, which has limits of its own: in small groups, a workspace beside another. */
async function warmUp(platform: SlackPlatform, crowd: Crowd): Promise<void> {
  for (let i = 0; i < PEOPLE_EACH; i++) {
    await Promise.all(
      Array.from({ length: WORKSPACES }, async (_, w) => {
        const one = crowd[w * PEOPLE_EACH + i];
        if (!one) return;
        one.root = (await platform.person(one.name, one.team).says("@steward", "Hello")).ts;
      }),
    );
  }
  await wait(2_000);
}

async function fire(platform: SlackPlatform, house: BenchHouse, crowd: Crowd, rate: number, seconds: number) {
  const ms: number[] = [];
  const refusedMs: number[] = [];
  const sent: Promise<void>[] = [];
  let queuedMax = 0;
  const watching = setInterval(() => {
    house.pool
      .query<{ n: string }>("select count(*) as n from inbox where state = 'new'")
      .then(({ rows }) => {
        queuedMax = Math.max(queuedMax, Number(rows[0]?.n ?? 0));
      })
      .catch(() => {});
  }, 500);
  const from = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const late = from + (i * 1_000) / rate - performance.now();
    if (late > 0) await wait(late);
    const one = crowd[i % crowd.length];
    if (!one) continue;
    const words = sayTo("note", `ack ${from.toFixed(0)} ${i}`);
    const where = one.root === null ? {} : { thread: one.root };
    sent.push(
      platform
        .person(one.name, one.team)
        .says("@steward", words, where)
        .then(({ acks: [ack] }) => {
          if (ack) (ack.isAcked ? ms : refusedMs).push(ack.ms);
        }),
    );
  }
  await Promise.all(sent);
  clearInterval(watching);
  return { ms, refusedMs, queuedMax };
}
