import { expect, it } from "vitest";
import type { ModelChunk, ModelRequest, Provider } from "../../src/types/model.ts";

/** What a provider must bring to be held to the contract. */
export type ProviderUnderTest = {
  readonly provider: () => Provider;
  /** A request that is answered in words. */
  readonly words: () => ModelRequest;
  /** A request that is answered with at least one call; null when it never calls. */
  readonly calls: (() => ModelRequest) | null;
};

async function collect(provider: Provider, request: ModelRequest): Promise<readonly ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of provider.complete(request)) chunks.push(chunk);
  return chunks;
}

const texts = (chunks: readonly ModelChunk[]) =>
  chunks.map((c) => (c.type === "text" ? c.delta : "")).join("");

/** The promises every provider keeps; call it inside a `describe` with the provider's own samples. */
export function testProvider(under: ProviderUnderTest): void {
  it("ends with exactly one done chunk, and it is the last", async () => {
    const chunks = await collect(under.provider(), under.words());
    expect(chunks.filter((c) => c.type === "done")).toHaveLength(1);
    expect(chunks.at(-1)?.type).toBe("done");
  });

  it("gives as the whole text exactly the pieces it streamed", async () => {
    const chunks = await collect(under.provider(), under.words());
    const done = chunks.at(-1);
    expect(done?.type === "done" && done.text).toBe(texts(chunks));
    expect(texts(chunks)).not.toBe("");
  });

  it("never streams an empty piece", async () => {
    const chunks = await collect(under.provider(), under.words());
    expect(chunks.filter((c) => c.type === "text" && c.delta === "")).toEqual([]);
  });

  it("counts tokens as whole numbers from zero", async () => {
    const done = (await collect(under.provider(), under.words())).at(-1);
    const usage = done?.type === "done" ? Object.values(done.usage) : [];
    expect(usage).toHaveLength(2);
    for (const count of usage) expect(Number.isInteger(count) && count >= 0).toBe(true);
  });

  it("answers two requests at once without mixing them", async () => {
    const provider = under.provider();
    const [a, b] = await Promise.all([collect(provider, under.words()), collect(provider, under.words())]);
    expect(texts(a)).toBe(texts(b));
    expect(a.at(-1)?.type).toBe("done");
  });

  it("throws the reason of a signal that is aborted already, and says nothing", async () => {
    const reason = new Error("the person went away");
    const pieces: ModelChunk[] = [];
    const run = async () => {
      const request = { ...under.words(), signal: AbortSignal.abort(reason) };
      for await (const chunk of under.provider().complete(request)) pieces.push(chunk);
    };
    await expect(run()).rejects.toBe(reason);
    expect(pieces).toEqual([]);
  });

  it("can be left in the middle of an answer", async () => {
    for await (const chunk of under.provider().complete(under.words())) {
      expect(chunk.type).toBe("text");
      break;
    }
    const again = await collect(under.provider(), under.words());
    expect(again.at(-1)?.type).toBe("done");
  });

  if (!under.calls) return;
  const calls = under.calls;

  it("gives every call an id of its own, a tool's name and an object of arguments", async () => {
    const request = calls();
    const done = (await collect(under.provider(), request)).at(-1);
    if (done?.type !== "done") throw new Error("The provider did not finish");
    expect(done.calls.length).toBeGreaterThan(0);
    expect(new Set(done.calls.map((c) => c.id)).size).toBe(done.calls.length);
    for (const call of done.calls) {
      expect(call.id).not.toBe("");
      expect(request.tools.map((t) => t.name)).toContain(call.tool);
      expect(call.args).toBeTypeOf("object");
      expect(Array.isArray(call.args)).toBe(false);
    }
  });
}
