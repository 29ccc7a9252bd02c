import fc from "fast-check";
import { expect, test } from "vitest";
import { createSendGate } from "../../../channels/teams/transport/send-gate.ts";
import { TeamsSendError } from "../../../channels/teams/transport/teams-send-error.ts";
import { createRateLedger } from "./fakes/rate-ledger.ts";

/** Time that passes only while everybody waits. */
function createVirtualTime() {
  let clock = 1_000_000;
  const sleeping: { at: number; wake: () => void }[] = [];
  return {
    now: () => clock,
    sleep: (ms: number) => new Promise<void>((wake) => sleeping.push({ at: clock + ms, wake })),
    async until(work: Promise<unknown>): Promise<void> {
      let isDone = false;
      void work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        if (isDone) return;
        sleeping.sort((a, b) => a.at - b.at);
        const next = sleeping.shift();
        if (!next) continue;
        clock = Math.max(clock, next.at);
        next.wake();
      }
    },
  };
}

test("no burst over any number of conversations goes over a limit, however long each way is", async () => {
  const call = fc.record({
    conversation: fc.integer({ min: 0, max: 60 }),
    kind: fc.constantFrom("send" as const, "read" as const),
    afterMs: fc.integer({ min: 0, max: 200 }),
    thereMs: fc.integer({ min: 0, max: 900 }),
    backMs: fc.integer({ min: 0, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 250 }), async (calls) => {
      const time = createVirtualTime();
      const ledger = createRateLedger(time.now);
      const gate = createSendGate({ now: () => new Date(time.now()), sleep: time.sleep });
      const arrived: string[] = [];
      const work = Promise.allSettled(
        calls.map(async ({ conversation, kind, afterMs, thereMs, backMs }, i) => {
          await time.sleep(afterMs);
          await gate.run(kind, String(conversation), async () => {
            await time.sleep(thereMs);
            expect(ledger.count(kind, String(conversation))).toBeNull();
            arrived.push(`${i}`);
            await time.sleep(backMs);
          });
        }),
      );
      await time.until(work);
      const wrong = (await work).filter(
        (one) => one.status === "rejected" && !(one.reason instanceof TeamsSendError),
      );
      expect(wrong).toEqual([]);
      expect(ledger.violations).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test("what one conversation is told comes in the order it was said", async () => {
  const time = createVirtualTime();
  const gate = createSendGate({ now: () => new Date(time.now()), sleep: time.sleep });
  const arrived: number[] = [];
  const work = Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      gate.run("send", "a", async () => {
        await time.sleep(((i * 7919) % 400) + 1);
        arrived.push(i);
      }),
    ),
  );
  await time.until(work);
  expect(arrived).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test("five hundred cards for five hundred people leave at once as far as the tenant's limit lets them", async () => {
  const time = createVirtualTime();
  const ledger = createRateLedger(time.now);
  const gate = createSendGate({ now: () => new Date(time.now()), sleep: time.sleep });
  const begin = time.now();
  const work = Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      gate.run("send", `person ${i}`, async () => {
        await time.sleep(80);
        expect(ledger.count("send", `person ${i}`)).toBeNull();
        await time.sleep(20);
      }),
    ),
  );
  await time.until(work);
  expect(ledger.violations).toEqual([]);
  expect(time.now() - begin).toBeLessThan(20_000);
});

test("one person's flood goes back to the outbox with a time, and delays nobody else", async () => {
  const time = createVirtualTime();
  const gate = createSendGate({ now: () => new Date(time.now()), sleep: time.sleep });
  const flood = Promise.allSettled(
    Array.from({ length: 300 }, () => gate.run("send", "loud", async () => {})),
  );
  const begin = time.now();
  let quietAt = 0;
  const quiet = gate.run("send", "quiet", async () => {
    quietAt = time.now();
  });
  await time.until(Promise.all([flood, quiet]));
  expect(quietAt - begin).toBeLessThan(2_000);
  const refused = (await flood).flatMap((one) =>
    one.status === "rejected" ? [one.reason as TeamsSendError] : [],
  );
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.every(({ retryAfterMs }) => (retryAfterMs ?? 0) > 15_000)).toBe(true);
});

test("one failed call holds nobody up", async () => {
  const time = createVirtualTime();
  const gate = createSendGate({ now: () => new Date(time.now()), sleep: time.sleep });
  const failed = gate.run("send", "a", async () => {
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await gate.run("send", "a", async () => "yes")).toBe("yes");
});
