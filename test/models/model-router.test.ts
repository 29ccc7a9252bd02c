import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costMicros } from "../../src/models/model-cost.ts";
import { createModelRouter, type RoutedChunk } from "../../src/models/model-router.ts";
import { SENSITIVITIES, type Sensitivity } from "../../src/types/label.ts";
import type { ModelChunk, ModelRequest, ModelRoute, Provider } from "../../src/types/model.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { request, user } from "./planner-world.ts";

type Script = readonly (string | Error)[];

/** A provider that says its pieces; an Error among them is thrown there. */
function scripted(
  name: string,
  script: Script | (() => Script),
): { provider: Provider; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    provider: {
      name,
      async *complete({ signal }): AsyncIterable<ModelChunk> {
        asked += 1;
        let text = "";
        for (const piece of typeof script === "function" ? script() : script) {
          signal.throwIfAborted();
          if (piece instanceof Error) throw piece;
          text += piece;
          yield { type: "text", delta: piece };
        }
        yield {
          type: "done",
          text,
          calls: [],
          citations: [],
          state: null,
          usage: { inputTokens: 1000, outputTokens: 10 },
        };
      },
    },
  };
}

const route = (name: string, more: Partial<ModelRoute> = {}): ModelRoute => ({
  name,
  provider: name,
  model: `${name}-1`,
  residency: "cloud",
  maxSensitivity: "internal",
  price: null,
  ...more,
});
const PLANNER = route("offline-planner", { residency: "on-prem", maxSensitivity: "restricted" });
const down = () => new StewardError("MDL-502", "down");

async function run(
  router: { complete(r: ModelRequest): AsyncIterable<RoutedChunk> },
  more: Partial<ModelRequest> = {},
) {
  let streamed = "";
  for await (const chunk of router.complete(request([user("hello")], more))) {
    if (chunk.type === "text") streamed += chunk.delta;
    else return { streamed, done: chunk };
  }
  throw new Error("The router did not finish");
}

describe("the model router", () => {
  it("answers with the first route and says nothing about others", async () => {
    const cloud = scripted("cloud", ["Hi ", "there."]);
    const planner = scripted("planner", ["No."]);
    const router = createModelRouter({
      routes: [
        {
          route: route("cloud", { price: { inputMicros: 250_000, outputMicros: 2_000_000 } }),
          provider: cloud.provider,
        },
        { route: PLANNER, provider: planner.provider },
      ],
    });
    const { done, streamed } = await run(router);
    expect(streamed).toBe("Hi there.");
    expect(done).toMatchObject({
      text: "Hi there.",
      route: "cloud",
      model: "cloud-1",
      note: null,
      costMicros: 270,
    });
    expect(planner.asked()).toBe(0);
  });

  it("falls back before any word was shown and says so", async () => {
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: scripted("cloud", [down()]).provider },
        { route: PLANNER, provider: scripted("planner", ["From the planner."]).provider },
      ],
    });
    const { done, streamed } = await run(router);
    expect(streamed).toBe("From the planner.");
    expect(done.route).toBe("offline-planner");
    expect(done.note).toBe("The cloud model did not answer, so this comes from the offline planner.");
  });

  it("goes on after words that were shown, keeps them, and says that it broke off", async () => {
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: scripted("cloud", ["The answer ", "is", down()]).provider },
        { route: PLANNER, provider: scripted("planner", ["Forty-two."]).provider },
      ],
    });
    const { done, streamed } = await run(router);
    expect(streamed).toBe("The answer is\n\nForty-two.");
    expect(done.text).toBe(streamed);
    expect(done.note).toBe("The cloud model broke off, so the rest comes from the offline planner.");
  });

  it("never shows words twice when the next route begins with the same ones", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (parts, n) => {
          const cut = n % (parts.length + 1);
          const router = createModelRouter({
            routes: [
              { route: route("a"), provider: scripted("a", [...parts.slice(0, cut), down()]).provider },
              { route: route("b"), provider: scripted("b", parts).provider },
            ],
          });
          const { done, streamed } = await run(router);
          expect(streamed).toBe(parts.join(""));
          expect(done.text).toBe(streamed);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("never gives content to a route that may not see it, not even as a fallback", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Sensitivity>(...SENSITIVITIES), { minLength: 1, maxLength: 5 }),
        fc.constantFrom<Sensitivity>(...SENSITIVITIES),
        async (limits, sensitivity) => {
          const all = limits.map((max, i) => ({
            max,
            fake: scripted(`r${i}`, [down()]),
            route: route(`r${i}`, { maxSensitivity: max }),
          }));
          const router = createModelRouter({
            routes: all.map((a) => ({ route: a.route, provider: a.fake.provider })),
          });
          await expect(run(router, { sensitivity })).rejects.toMatchObject({ code: "MDL-503" });
          for (const a of all) {
            const isAllowed = SENSITIVITIES.indexOf(sensitivity) <= SENSITIVITIES.indexOf(a.max);
            expect(a.fake.asked()).toBe(isAllowed ? 1 : 0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says why a confidential question did not go to the cloud", async () => {
    const cloud = scripted("cloud", ["secret?"]);
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: cloud.provider },
        { route: PLANNER, provider: scripted("planner", ["Here."]).provider },
      ],
    });
    const { done } = await run(router, { sensitivity: "confidential" });
    expect(cloud.asked()).toBe(0);
    expect(done.note).toBe(
      "The cloud model may not see confidential content, so this comes from the offline planner.",
    );
  });

  it("lets a route rest for thirty seconds after three failures, then tries it with one request", async () => {
    let clock = 0;
    let isUp = false;
    const cloud = scripted("cloud", () => (isUp ? ["Back."] : [down()]));
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: cloud.provider },
        { route: PLANNER, provider: scripted("planner", ["Planner."]).provider },
      ],
      now: () => clock,
    });
    for (let i = 0; i < 5; i++) expect((await run(router)).done.note).toContain("did not answer");
    expect(cloud.asked()).toBe(3);
    expect(router.health()[0]).toEqual({ route: "cloud", restsUntil: new Date(30_000) });
    clock = 30_000;
    await run(router);
    await run(router);
    expect(cloud.asked()).toBe(4);
    clock = 60_000;
    isUp = true;
    const both = await Promise.all([run(router), run(router)]);
    expect(both.map((r) => r.streamed).sort()).toEqual(["Back.", "Planner."]);
    expect((await run(router)).streamed).toBe("Back.");
  });

  it("frees the one trial again when the reader leaves in its middle", async () => {
    let clock = 0;
    let isUp = false;
    const cloud = scripted("cloud", () => (isUp ? ["Back ", "again."] : [down()]));
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: cloud.provider },
        { route: PLANNER, provider: scripted("p", ["P."]).provider },
      ],
      now: () => clock,
    });
    for (let i = 0; i < 3; i++) await run(router);
    clock = 30_000;
    isUp = true;
    for await (const _ of router.complete(request([user("hello")]))) break;
    expect((await run(router)).streamed).toBe("Back again.");
  });

  it("asks a resting route all the same when there is no other", async () => {
    const only = scripted("only", [down()]);
    const router = createModelRouter({ routes: [{ route: route("only"), provider: only.provider }] });
    for (let i = 0; i < 5; i++) await expect(run(router)).rejects.toMatchObject({ code: "MDL-503" });
    expect(only.asked()).toBe(5);
  });

  it("does not hold a request that a route cannot take against the route", async () => {
    const cloud = scripted("cloud", [new StewardError("MDL-400", "too long")]);
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: cloud.provider },
        { route: PLANNER, provider: scripted("p", ["P."]).provider },
      ],
    });
    for (let i = 0; i < 5; i++) await run(router);
    expect(cloud.asked()).toBe(5);
  });

  it("stops at once when the person does, without trying another route", async () => {
    const controller = new AbortController();
    const planner = scripted("planner", ["P."]);
    const stopping: Provider = {
      name: "cloud",
      async *complete(): AsyncIterable<ModelChunk> {
        yield { type: "text", delta: "A" };
        controller.abort(new Error("stopped"));
        throw new Error("socket closed");
      },
    };
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: stopping },
        { route: PLANNER, provider: planner.provider },
      ],
    });
    await expect(run(router, { signal: controller.signal })).rejects.toThrow("stopped");
    expect(planner.asked()).toBe(0);
  });

  it("takes a stream that ends without its end for a failure", async () => {
    const silent: Provider = { name: "silent", async *complete(): AsyncIterable<ModelChunk> {} };
    const router = createModelRouter({
      routes: [
        { route: route("cloud"), provider: silent },
        { route: PLANNER, provider: scripted("p", ["P."]).provider },
      ],
    });
    expect((await run(router)).done.route).toBe("offline-planner");
  });
});

describe("the cost of an answer", () => {
  it("is unknown without a price and rounds up to a whole micro-unit", () => {
    const usage = { inputTokens: 3, outputTokens: 1 };
    expect(costMicros(usage, { price: null })).toBeNull();
    expect(costMicros(usage, { price: { inputMicros: 1, outputMicros: 1 } })).toBe(1);
    expect(
      costMicros({ inputTokens: 0, outputTokens: 0 }, { price: { inputMicros: 9, outputMicros: 9 } }),
    ).toBe(0);
  });
});
