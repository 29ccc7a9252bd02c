import { randomUUID } from "node:crypto";
import { startSlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import type { CountedEffect } from "../chaos/outside-client.ts";
import { sayTo } from "../turns/stub-model.ts";
import { type BenchHouse, installEverywhere, openBenchHouse, slackSettings, wait } from "./house.ts";

/** Slack tells who somebody is 100 times a minute: at this pace everybody is met once without waiting. */
const MEET_EVERY_MS = 760;
const PEOPLE = 100;
/** More than the API takes at once would be refused. */
const VOTES_AT_ONCE = 100;

export type BurstFigures = {
  readonly approvals: number;
  /** Calls that Slack would have refused for coming too fast. */
  readonly limitViolations: number;
  readonly [more: string]: unknown;
};

/**
 * Everybody in one workspace asks for something that needs a manager's yes, at the same moment; then all of it is
 * approved at once. Slack's limits of one workspace are what the cards wait for; how far they are after `seconds` is
 * told, and whether a limit was gone over on the way.
 */
export async function measureBurst(options: {
  readonly approvals: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}): Promise<BurstFigures> {
  const { approvals, seconds, say } = options;
  const many = Math.min(PEOPLE, approvals);
  const people = ["boss", ...Array.from({ length: many }, (_, i) => `p${i}`)].map((name) => ({
    name,
    email: `${name}@bench.example`,
    isManager: name === "boss",
  }));
  const platform = await startSlackPlatform({
    teams: [{ name: "Bench", emailDomain: "bench.example", isInstalled: false, people }],
  });
  const house = await openBenchHouse(people, (url) => slackSettings(platform, url), 0);
  try {
    await house.start();
    await installEverywhere(platform, house.url);
    for (const { name } of people) {
      await platform.person(name).says("@steward", "Hello");
      await wait(MEET_EVERY_MS);
    }
    await house.settle();
    const before = platform.calls.length;
    say(`${many} people ask for ${approvals} approvals`);
    await Promise.all(
      Array.from({ length: approvals }, async (_, i) => {
        const person = platform.person(`p${i % many}`);
        return await person.says("@steward", sayTo("order", `order line ${i}`));
      }),
    );
    const waiting = await pending(house, approvals);
    say(`${waiting.length} approvals wait`);
    await wait((seconds * 1_000) / 2);
    const posted = cards();
    await Promise.all(
      chunks(waiting, VOTES_AT_ONCE).map(async (some) => {
        const answer = await fetch(`${house.url}/api/approvals/approve`, {
          method: "POST",
          headers: {
            Authorization: `Bearer ${house.token}`,
            "Content-Type": "application/json",
            "Idempotency-Key": randomUUID(),
          },
          body: JSON.stringify({ approvals: some }),
        });
        if (!answer.ok) throw new Error(`votes were answered with ${answer.status}`);
      }),
    );
    say("all approved at once");
    const { doneAfterMs, effects } = await untilDone(house, waiting.length, (seconds * 1_000) / 2, say);
    await wait(Math.max(0, (seconds * 1_000) / 2 - doneAfterMs));
    const { violations } = platform.limits;
    const calls = platform.calls.slice(before);
    return {
      approvals: waiting.length,
      limitViolations: violations.length,
      violationsByMethod: Object.fromEntries(
        [...new Set(violations.map(({ method }) => method))].map((method) => [
          method,
          violations.filter((one) => one.method === method).length,
        ]),
      ),
      cardsPostedBeforeDecision: posted,
      effects: effects.length,
      effectsTwice: effects.filter(({ applied }) => applied > 1).length,
      allDoneAfterMs: effects.length >= waiting.length ? Math.round(doneAfterMs) : null,
      calls: calls.length,
      posts: calls.filter(({ method, answer }) => method === "chat.postMessage" && answer === "ok").length,
      updates: calls.filter(({ method, answer }) => method === "chat.update" && answer === "ok").length,
      seconds,
    };

    function cards(): number {
      return platform.calls.filter(({ method, answer }) => method === "chat.postMessage" && answer === "ok")
        .length;
    }
  } finally {
    await house.close();
    await platform.close();
  }
}

type Waiting = { readonly id: string; readonly digest: string };

/** Every approval that is asked for, once there are as many as were asked. */
async function pending(house: BenchHouse, wanted: number): Promise<readonly Waiting[]> {
  for (let tries = 0; ; tries++) {
    const { rows } = await house.pool.query<Waiting>(
      "select id, digest from approvals where status = 'pending'",
    );
    if (rows.length >= wanted || tries > 600) return rows;
    await wait(200);
  }
}

/** What was done outside, once it is as much as was approved, or after `patienceMs`. */
async function untilDone(
  house: BenchHouse,
  wanted: number,
  patienceMs: number,
  say: (line: string) => void,
): Promise<{ readonly doneAfterMs: number; readonly effects: readonly CountedEffect[] }> {
  const from = performance.now();
  for (let told = 0; ; ) {
    const effects = await house.effects();
    const doneAfterMs = performance.now() - from;
    if (effects.length >= wanted || doneAfterMs > patienceMs) return { doneAfterMs, effects };
    if (doneAfterMs > told + 5_000) {
      told = doneAfterMs;
      say(`${effects.length} of ${wanted} are done`);
    }
    await wait(250);
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
