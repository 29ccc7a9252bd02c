import type { SlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import { type BenchHouse, wait } from "./house.ts";

/** Share of events that come again although they were acknowledged. */
const REDELIVERED = 0.3;
/** Of so much time one part is kept back and then comes last first. */
const REORDER_EVERY = 10;
const REORDER_MS = 250;

/** A button that changed nothing is not hit again and again: each time Steward says so in the conversation. */
const CLICK_AGAIN_MS = 300_000;

/** How far the people who write are. */
export type Progress = { written: number; isOver: boolean };

/** Sends three events in ten again some time later, as if the answer had been lost on its way. */
export function redeliver(platform: SlackPlatform) {
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

/** Now and then events are kept back for a moment, and then come last first; returns how many were. */
export async function turnRound(platform: SlackPlatform, state: Readonly<Progress>): Promise<number> {
  let turned = 0;
  while (!state.isOver) {
    await wait(REORDER_MS * REORDER_EVERY);
    const held = platform.deliveries.hold();
    await wait(REORDER_MS);
    turned += held.count();
    await held.release();
  }
  return turned;
}

export async function killNow(
  house: BenchHouse,
  kills: number,
  messages: number,
  state: Readonly<Progress>,
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
export async function decide(
  platform: SlackPlatform,
  teams: readonly string[],
  state: Readonly<Progress>,
): Promise<number> {
  let clicks = 0;
  const clickedAt = new Map<string, number>();
  while (!state.isOver) {
    for (const team of teams) {
      const boss = platform.person("boss", team);
      const waiting = boss
        .seen("@steward")
        .filter((one) => one.buttons.some(({ label }) => label === "Approve"))
        .filter((one) => Date.now() - (clickedAt.get(`${team} ${one.ts}`) ?? 0) > CLICK_AGAIN_MS);
      for (const { ts } of waiting) {
        clicks += 1;
        clickedAt.set(`${team} ${ts}`, Date.now());
        const click = async () => await boss.clicks("@steward", "Approve", { ts }).catch(() => null);
        await Promise.all([click(), click()]);
      }
    }
    await wait(500);
  }
  return clicks;
}
