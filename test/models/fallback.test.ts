import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configuredModels } from "../../src/models/configured-models.ts";
import { createModelRouter, type RoutedChunk } from "../../src/models/model-router.ts";
import { createOfflinePlanner } from "../../src/models/planner/offline-planner.ts";
import type { ModelRoute } from "../../src/types/model.ts";
import { loadTestEncoder } from "./encoder.ts";
import { request, user } from "./planner-world.ts";
import { realTools } from "./score-paraphrases.ts";

const mock = new LLMock({ port: 0, chunkSize: 6, logLevel: "silent" });
const planner = createOfflinePlanner({ encoder: loadTestEncoder() });
const PLANNER: ModelRoute = {
  name: "offline-planner",
  provider: "offline-planner",
  model: "offline-planner",
  residency: "on-prem",
  maxSensitivity: "restricted",
  price: null,
};
const TEXT = "show my calendar for tomorrow";

beforeAll(async () => {
  mock.onMessage(TEXT, { content: "The cloud would say that you are free." });
  mock.onMessage(
    "cut me",
    { content: "Some words that are cut before they end here." },
    { truncateAfterChunks: 5, latency: 25 },
  );
  await mock.start();
  await planner.warm(realTools);
});
afterAll(() => mock.stop());
afterEach(() => mock.clearChaos());

type Vendor = "openai" | "anthropic";

function router(vendor: Vendor) {
  const settings =
    vendor === "openai"
      ? { OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${mock.url}/v1` }
      : { ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: mock.url };
  const failures: string[] = [];
  const made = createModelRouter({
    routes: [...configuredModels(settings, { firstMs: 250 }), { route: PLANNER, provider: planner }],
    onFailure: ({ code }) => failures.push(code),
  });
  return { ...made, failures };
}

async function run(vendor: Vendor, text: string) {
  const routed = router(vendor);
  let streamed = "";
  let done: Extract<RoutedChunk, { type: "done" }> | null = null;
  for await (const chunk of routed.complete(request([user(text)], { tools: realTools }))) {
    if (chunk.type === "text") streamed += chunk.delta;
    else done = chunk;
  }
  if (!done) throw new Error("The router did not finish");
  return { done, streamed, failures: routed.failures };
}

describe.each<Vendor>(["openai", "anthropic"])("when %s fails", (vendor) => {
  it("answers itself while nothing is wrong", async () => {
    const { done } = await run(vendor, TEXT);
    expect(done).toMatchObject({
      provider: vendor,
      note: null,
      text: "The cloud would say that you are free.",
    });
  });

  it.each([
    ["500s", { dropRate: 1 }, "MDL-502"],
    ["a rate limit", { rateLimitRate: 1 }, "MDL-429"],
    ["malformed bodies", { malformedRate: 1 }, "MDL-502"],
    ["hang-ups", { disconnectRate: 1 }, "MDL-502"],
    ["latency beyond the timeout", { latencyMs: 600 }, "MDL-504"],
  ])("the planner does the work after %s, and the person is told", async (_, chaos, code) => {
    mock.setChaos(chaos);
    const { done, failures } = await run(vendor, TEXT);
    expect(failures).toEqual([code]);
    expect(done.route).toBe("offline-planner");
    expect(done.calls).toMatchObject([{ tool: "calendar.listEvents", args: { day: "2026-03-17" } }]);
    expect(done.note).toMatch(
      /^The (?:cloud|on-premises) model did not answer, so this comes from the offline planner\.$/,
    );
  });

  it("keeps the words that were shown when it breaks off, and goes on after them", async () => {
    const { done, streamed } = await run(vendor, "cut me");
    expect(done.text).toBe(streamed);
    expect(done.route).toBe("offline-planner");
    expect(done.note).toMatch(/broke off, so the rest comes from the offline planner/);
    expect(streamed.indexOf("Some words")).toBe(streamed.lastIndexOf("Some words"));
  });
});
