import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AskResult } from "../../src/types/ask-result.ts";
import { check } from "./check-said.ts";
import { HOSTILE } from "./hostile.ts";
import { at, type House, openHouse, type Talk } from "./house.ts";
import { SEVEN } from "./seven.ts";
import type { Conversation, Said, Step } from "./step.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 120_000);
afterAll(async () => {
  await house.close();
});

describe.each([
  ["the seven conversations", SEVEN],
  ["hostile and broken input", HOSTILE],
])("%s", (_, conversations) => {
  test.each(conversations.map((one) => [one.name, one] as const))("%s", run, 60_000);
});

test("there are at least sixty turns of words", () => {
  const turns = [...SEVEN, ...HOSTILE].flatMap((one) => one.steps).filter((step) => "say" in step);
  expect(turns.length).toBeGreaterThanOrEqual(60);
});

async function run(_name: string, { as, steps }: Conversation): Promise<void> {
  const talk = house.talk(as);
  /** The newest answer that did or proposed something: what cards and undo are about. */
  let acted: AskResult | null = null;
  for (const step of steps) {
    if ("say" in step && step.rejects) await expect(talk.say(step.say)).rejects.toThrow(step.rejects);
    else if ("say" in step) {
      const result = await talk.say(step.say, ...(step.files ?? []));
      check(step, result);
      if (result.actions.some((action) => action.effect !== "read")) acted = result;
    } else await doDeed(step, talk, acted);
  }
}

async function doDeed(deed: Exclude<Step, Said>, talk: Talk, result: AskResult | null): Promise<void> {
  const { ports } = house;
  const last = result?.actions.at(-1);
  /** The newest of the turn's actions that still waits: after one approval another may have taken its place. */
  const waiting = async (viewer: string) => {
    const card = await ports.card(at(viewer), result?.turn ?? "");
    const item = card.items.findLast((one) => one.status === "awaiting");
    return item?.approval ?? last?.approval ?? "";
  };
  if ("approve" in deed) await ports.approve(at(deed.approve), await waiting(deed.approve), null);
  else if ("refuse" in deed) await ports.refuse(at(deed.refuse), await waiting(deed.refuse), deed.reason);
  else if ("denied" in deed) {
    const approval = last?.approval ?? "";
    await expect(ports.approve(at(deed.denied), approval, null)).rejects.toThrow(deed.why);
  } else if ("undo" in deed) await ports.undo(at(deed.undo), last?.id ?? "");
  else {
    const viewer = "waitsFor" in deed ? deed.waitsFor : deed.hiddenFrom;
    const lines = (await ports.approvals(at(viewer))).flatMap(({ card }) =>
      card.items.map((item) => item.line),
    );
    if ("waitsFor" in deed) expect(lines.join("\n")).toMatch(deed.line);
    else expect(lines.join("\n")).not.toMatch(deed.line);
  }
  if ("later" in deed && deed.later) {
    const { later } = deed;
    await expect.poll(() => talk.latest(), { timeout: 10_000, interval: 50 }).toMatch(later);
  }
}
