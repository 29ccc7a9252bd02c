import type { TeamSeed } from "../../test/channels/slack/fakes/seed-world.ts";
import { type SlackPlatform, startSlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import { sayTo } from "../turns/stub-model.ts";
import { type BenchHouse, installEverywhere, openBenchHouse, slackSettings, wait } from "./house.ts";
import { countKept, type SentEvent } from "./kept.ts";

/** One workspace may be posted in 300 times a minute; more workspaces, and the run is over sooner. */
const EVENTS_A_WORKSPACE = 250;
/** Nobody writes more than people can within the minute that counts (30), redelivered events included. */
const EVENTS_A_PERSON = 16;
const REDELIVERED = 0.3;
/** Of so many events one batch is turned round. */
const REORDER_EVERY = 10;
const REORDER_MS = 250;
/** One message in so many asks for something that its workspace's manager decides by a click. */
const ORDER_EVERY = 50;
const PATIENCE_MS = 120_000;
const DEAD_MS = 1_500;

export type FaultFigures = {
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly [more: string]: unknown;
};

type Writer = { readonly team: string; readonly name: string; readonly texts: string[]; root: string | null };

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
  const workspaces = Math.max(1, Math.min(60, Math.ceil(messages / EVENTS_A_WORKSPACE)));
  const each = Math.max(1, Math.ceil(messages / workspaces / EVENTS_A_PERSON));
  const teams: TeamSeed[] = Array.from({ length: workspaces }, (_, w) => ({
    name: `Bench ${w}`,
    emailDomain: "bench.example",
    isInstalled: false,
    people: ["boss", ...Array.from({ length: each }, (_, i) => `p${i}`)].map((name) => ({
      name,
      email: `${name}-${w}@bench.example`,
    })),
  }));
  const platform = await startSlackPlatform({ teams, retryDelaysMs: [700, 5_000, 15_000] });
  const people = teams.flatMap((team) =>
    team.people.map(({ name, email }) => ({ email: email ?? "", name, isManager: name === "boss" })),
  );
  const house = await openBenchHouse(people, (url) => slackSettings(platform, url), 0);
  try {
    await house.start();
    await installEverywhere(platform, house.url);
    const ids = [...platform.world.teams.keys()];
    for (const team of ids) await platform.person("boss", team).says("@steward", "Hello");
    const sent: SentEvent[] = [];
    const writers = ids.flatMap((team) =>
      Array.from({ length: each }, (_, i): Writer => ({ team, name: `p${i}`, texts: [], root: null })),
    );
    for (let i = 0; i < messages; i++) {
      const text = `${i % ORDER_EVERY === 7 ? "order" : "note"} line ${i}`;
      writers[i % writers.length]?.texts.push(text);
    }
    const redelivered = redeliver(platform);
    const state = { written: 0, isOver: false };
    const deciding = decide(platform, ids, state);
    const killing = killNow(house, kills, messages, state, say);
    const turning = turnRound(platform, state);
    const startedAt = performance.now();
    // As many at once as there are people who write within the same second.
    const open = [...writers];
    await Promise.all(
      Array.from({ length: Math.min(24, writers.length) }, async () => {
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
    say(`${sent.length} messages written`);
    const died = await killing;
    await Promise.race([platform.deliveries.idle(), wait(60_000)]);
    await drain(house, say);
    state.isOver = true;
    const clicks = await deciding;
    await turning;
    await redelivered.settle();
    await drain(house, say);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const kept = await countKept(house, platform, sent);
    return {
      events: sent.length + clicks,
      ...kept,
      messages: sent.length,
      clicks,
      redelivered: redelivered.count(),
      kills: died,
      repeatedByPlatform: platform.deliveries.seen.filter((one) => one.attempt > 0).length,
      rateViolations: platform.limits.violations.length,
      seconds,
    };
  } finally {
    await house.close();
    await platform.close();
  }
}

async function write(
  platform: SlackPlatform,
  writer: Writer,
  text: string,
): Promise<{ readonly event: SentEvent; readonly isAcked: boolean }> {
  const [verb = "note"] = text.split(" ");
  const person = platform.person(writer.name, writer.team);
  const where = writer.root === null ? {} : { thread: writer.root };
  const said = await person.says("@steward", sayTo(verb as "note" | "order", text), where);
  writer.root ??= said.ts;
  const { team, name } = writer;
  return {
    event: { team, name, channel: said.channel, ts: said.ts, text, verb },
    isAcked: said.acks.every((ack) => ack.isAcked),
  };
}

/** Sends three events in ten again some time later, as if the answer had been lost on its way. */
function redeliver(platform: SlackPlatform) {
  const open = new Set<Promise<unknown>>();
  let count = 0;
  platform.deliveries.watch((payload) => {
    const event = payload.event as { bot_id?: string } | undefined;
    if (event?.bot_id !== undefined || Math.random() >= REDELIVERED) return;
    count += 1;
    const again = wait(Math.random() * 4_000).then(() => platform.deliveries.again(payload));
    open.add(again);
    void again.finally(() => open.delete(again));
  });
  return {
    count: () => count,
    settle: async () => {
      await Promise.allSettled([...open]);
    },
  };
}

/** Now and then events are kept back for a moment, and then come last first. */
async function turnRound(platform: SlackPlatform, state: { readonly isOver: boolean }): Promise<void> {
  while (!state.isOver) {
    await wait(REORDER_MS * REORDER_EVERY);
    const held = platform.deliveries.hold();
    await wait(REORDER_MS);
    await held.release();
  }
}

async function killNow(
  house: BenchHouse,
  kills: number,
  messages: number,
  state: { readonly written: number; readonly isOver: boolean },
  say: (line: string) => void,
): Promise<number> {
  let died = 0;
  while (died < kills && !state.isOver) {
    await wait(50);
    if (state.written >= messages - 1) break;
    if (state.written / messages < (died + 0.5) / (kills + 1)) continue;
    died += 1;
    await house.kill();
    await house.start();
    say(`killed ${died} times, ${state.written} messages written`);
  }
  return died;
}

/** The managers click on what waits for them, twice each time. Returns how many clicks there were. */
async function decide(
  platform: SlackPlatform,
  teams: readonly string[],
  state: { readonly isOver: boolean },
): Promise<number> {
  let clicks = 0;
  while (!state.isOver) {
    for (const team of teams) {
      const boss = platform.person("boss", team);
      const waiting = boss
        .seen("@steward")
        .filter((one) => one.buttons.some(({ label }) => label === "Approve"));
      for (const { ts } of waiting) {
        clicks += 1;
        const click = async () => await boss.clicks("@steward", "Approve", { ts }).catch(() => null);
        await Promise.all([click(), click()]);
      }
    }
    await wait(500);
  }
  return clicks;
}

/** Until nothing is left to do or to send, or nothing has moved for two minutes. */
async function drain(house: BenchHouse, say: (line: string) => void): Promise<void> {
  let [last, at] = ["", performance.now()];
  while (performance.now() - at < PATIENCE_MS) {
    await wait(500);
    const { rows } = await house.pool.query<{ inbox: string; busy: string; outbox: string; waiting: string }>(
      `select (select count(*) from inbox where state = 'new') as inbox,
         (select count(*) from sessions where owner is not null) as busy,
         (select count(*) from outbox where state = 'new') as outbox,
         (select count(*) from approvals where status = 'pending') as waiting`,
    );
    const now = Object.values(rows[0] ?? {}).join(" ");
    if (now === "0 0 0 0") return;
    if (now === last) continue;
    if (performance.now() - at > 5_000) say(`left: inbox, sessions at work, outbox, approvals: ${now}`);
    [last, at] = [now, performance.now()];
  }
  say(`gave up waiting: ${last}`);
}
