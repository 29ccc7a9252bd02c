import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configuredModels, isPrivateAddress } from "../../src/models/configured-models.ts";
import { UNREADABLE_ARGS } from "../../src/models/langchain-provider.ts";
import type { ModelChunk, ModelMessage, ModelRequest, Provider } from "../../src/types/model.ts";
import type { Passage } from "../../src/types/passage.ts";
import { gatewayTools } from "./gateway-tools.ts";
import { complete, request, succeeded, user } from "./planner-world.ts";
import { testProvider } from "./provider-contract.ts";

const mock = new LLMock({ port: 0, chunkSize: 5, logLevel: "silent" });

beforeAll(async () => {
  mock.onMessage("say hello", {
    content: "Hello from the model, in several pieces.",
    usage: { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21, input_tokens: 12, output_tokens: 9 },
  });
  mock.onMessage("two cities", {
    content: "",
    toolCalls: [
      { name: "weather_lookUp", arguments: '{"city":"Graz","days":2}' },
      { name: "weather_lookUp", arguments: '{"city":"Linz"}' },
    ],
  });
  mock.onMessage("broken arguments", {
    content: "",
    toolCalls: [{ name: "weather_lookUp", arguments: '{"city": "Gr' }],
  });
  mock.onMessage("list as arguments", {
    content: "",
    toolCalls: [{ name: "clock_tell", arguments: "[1,2]" }],
  });
  mock.onMessage("cite", { content: "You get 27 days [2]. Ask your manager [1], [2]." });
  mock.onMessage(
    "cut me",
    { content: "This answer is cut in the middle of what it says." },
    { truncateAfterChunks: 3 },
  );
  mock.onMessage(
    "hang up",
    { content: "This answer hangs up in the middle of it all." },
    { disconnectAfterMs: 30, latency: 15 },
  );
  mock.onMessage("slowly", { content: "Slow but steady words." }, { latency: 400 });
  mock.on({ toolResultContains: "sunny" }, { content: "It is sunny there." });
  await mock.start();
});
afterAll(() => mock.stop());
afterEach(() => mock.clearChaos());

type Vendor = "openai" | "anthropic";

function provider(vendor: Vendor, timeouts = {}): Provider {
  const settings =
    vendor === "openai"
      ? { OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${mock.url}/v1` }
      : { ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: mock.url };
  const [first] = configuredModels(settings, timeouts);
  if (!first) throw new Error("No model was configured");
  return first.provider;
}

const ask = (text: string, more: Partial<ModelRequest> = {}) =>
  request([user(text)], { tools: gatewayTools, ...more });

async function pieces(from: Provider, input: ModelRequest): Promise<readonly ModelChunk[]> {
  const out: ModelChunk[] = [];
  for await (const chunk of from.complete(input)) out.push(chunk);
  return out;
}

describe.each<Vendor>(["openai", "anthropic"])("the %s chat model", (vendor) => {
  testProvider({
    provider: () => provider(vendor),
    words: () => ask("say hello"),
    calls: () => ask("two cities"),
  });

  it("streams words as they come and counts tokens", async () => {
    const chunks = await pieces(provider(vendor), ask("say hello"));
    const done = chunks.at(-1);
    expect(chunks.length).toBeGreaterThan(3);
    expect(done).toMatchObject({ type: "done", text: "Hello from the model, in several pieces.", calls: [] });
    const usage = done?.type === "done" ? done.usage : null;
    expect(usage?.inputTokens).toBe(12);
    // The Anthropic side of the fake counts the answer both at its start and at its end.
    expect(usage?.outputTokens).toBe(vendor === "openai" ? 9 : 18);
  });

  it("gathers parallel calls, with the tools' own names", async () => {
    const done = await complete(provider(vendor), ask("two cities"));
    expect(done.calls.map(({ tool, args }) => ({ tool, args }))).toEqual([
      { tool: "weather.lookUp", args: { city: "Graz", days: 2 } },
      { tool: "weather.lookUp", args: { city: "Linz" } },
    ]);
  });

  it("hands over arguments that are no object marked as unreadable, so that no schema takes them", async () => {
    for (const text of ["broken arguments", "list as arguments"]) {
      const done = await complete(provider(vendor), ask(text));
      const [call] = done.calls;
      const tool = gatewayTools.find((t) => t.name === call?.tool);
      // The Anthropic side of the fake mends broken JSON to an empty object before it sends it.
      if (vendor === "openai") expect(Object.keys(call?.args ?? {})).toEqual([UNREADABLE_ARGS]);
      expect(tool?.schema.safeParse(call?.args).success).toBe(false);
    }
  });

  it("reads results of its calls, even when a server repeats call ids", async () => {
    const call = { id: "0", tool: "weather.lookUp", args: { city: "Graz" } };
    const turn = (summary: string): ModelMessage[] => [
      { role: "assistant", text: "", calls: [call], state: null },
      { role: "tool", call: "0", tool: "weather.lookUp", outcome: succeeded([], {}, summary), records: [] },
    ];
    const messages = [user("and in Graz?"), ...turn("rainy"), user("again"), ...turn("sunny")];
    const done = await complete(provider(vendor), request(messages, { tools: gatewayTools }));
    expect(done.text).toBe("It is sunny there.");
  });

  it("numbers its sources from one and quotes the sentence behind each", async () => {
    const passage = (id: string, text: string): Passage => ({
      id,
      document: `doc_${id}`,
      title: `Title ${id}`,
      headings: [],
      text,
      score: 1,
      similarity: 0.5,
      keywordScore: 1,
      label: { integrity: "member", sensitivity: "internal", source: "a document", readers: ["everyone"] },
    });
    const passages = [
      passage("a", "Plan early. Ask your manager before you book."),
      passage("b", "Rest is good. Everyone gets 27 days of leave."),
    ];
    const done = await complete(provider(vendor), ask("cite", { passages }));
    expect(done.text).toBe("You get 27 days [1]. Ask your manager [2], [1].");
    expect(done.citations.map((c) => [c.passage, c.quote])).toEqual([
      ["b", "Everyone gets 27 days of leave."],
      ["a", "Ask your manager before you book."],
    ]);
  });

  it.each([
    ["a server error", { dropRate: 1 }, "MDL-502"],
    ["a rate limit", { rateLimitRate: 1 }, "MDL-429"],
    ["a body that is no protocol", { malformedRate: 1 }, "MDL-502"],
    ["a hang-up", { disconnectRate: 1 }, "MDL-502"],
  ])("says %s with a code and does not try the same server again", async (_, chaos, code) => {
    mock.setChaos(chaos);
    const before = mock.getRequests().length;
    await expect(complete(provider(vendor), ask("say hello"))).rejects.toMatchObject({ code });
    expect(mock.getRequests().length - before).toBeLessThanOrEqual(1);
  });

  it.each(["cut me", "hang up"])("does not take a broken stream for an answer: %s", async (text) => {
    await expect(complete(provider(vendor), ask(text))).rejects.toMatchObject({ code: "MDL-502" });
  });

  it("gives up when the first word takes too long, and when the whole does", async () => {
    const slow = complete(provider(vendor, { firstMs: 150 }), ask("slowly"));
    await expect(slow).rejects.toMatchObject({ code: "MDL-504" });
    const long = complete(provider(vendor, { totalMs: 900 }), ask("slowly"));
    await expect(long).rejects.toMatchObject({ code: "MDL-504" });
  });

  it("stops in the middle when the person does, with the person's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped by the person");
    setTimeout(() => controller.abort(reason), 700);
    await expect(complete(provider(vendor), ask("slowly", { signal: controller.signal }))).rejects.toBe(
      reason,
    );
  });
});

describe("models from the environment", () => {
  it("configures nothing without a key or an address", () => {
    expect(configuredModels({})).toEqual([]);
    expect(configuredModels({ OPENAI_API_KEY: "  " })).toEqual([]);
  });

  it("takes a server in the house for on-premises and lets it see everything; a cloud one only internal content", () => {
    const [inside] = configuredModels({ OPENAI_BASE_URL: "http://10.1.2.3:8000/v1", STEWARD_MODEL: "llama" });
    expect(inside?.route).toMatchObject({
      residency: "on-prem",
      maxSensitivity: "restricted",
      model: "llama",
    });
    const [cloud, second] = configuredModels({ OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" });
    expect(cloud?.route).toMatchObject({
      provider: "openai",
      residency: "cloud",
      maxSensitivity: "internal",
    });
    expect(second?.route).toMatchObject({
      provider: "anthropic",
      residency: "cloud",
      maxSensitivity: "internal",
    });
  });

  it("puts the vendor first that STEWARD_MODEL names", () => {
    const routes = configuredModels({
      OPENAI_API_KEY: "k",
      ANTHROPIC_API_KEY: "k",
      STEWARD_MODEL: "anthropic:large",
    });
    expect(routes.map((r) => [r.route.provider, r.route.model])).toEqual([
      ["anthropic", "large"],
      ["openai", "gpt-5-mini"],
    ]);
  });

  it("knows which addresses are in the house", () => {
    for (const url of [
      "http://localhost:1/v1",
      "http://[::1]/",
      "http://192.168.0.4",
      "http://llm.internal/v1",
      "http://172.20.1.1",
    ])
      expect(isPrivateAddress(url)).toBe(true);
    for (const url of ["https://api.openai.com/v1", "http://172.32.0.1", "http://10.example.com", "nonsense"])
      expect(isPrivateAddress(url)).toBe(false);
  });
});
