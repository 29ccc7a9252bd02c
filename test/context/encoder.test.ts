import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEncoder } from "../../src/context/encoder.ts";
import { createVectorCache } from "../../src/context/vector-cache.ts";
import type { Encoder } from "../../src/types/encoder.ts";

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe("the encoder", () => {
  const encoder = createEncoder({ memo: 50 });
  afterAll(() => encoder.close());
  const one = async (text: string) => (await encoder.encode([text]))[0] ?? new Float32Array();

  it("gives unit vectors in which like texts are near and unlike ones far", async () => {
    const [a, b, c] = await encoder.encode([
      "When do I get my salary?",
      "On which day is the pay sent?",
      "The printer is out of toner.",
    ]);
    if (!a || !b || !c) throw new Error("a vector is missing");
    for (const vector of [a, b, c]) expect(dot(vector, vector)).toBeCloseTo(1, 3);
    expect(a).toHaveLength(encoder.dimensions);
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.1);
  });

  it("gives a text the same vector alone, in a batch and a second time", async () => {
    const texts = Array.from(
      { length: 40 },
      (_, i) => `Sentence number ${i} about ${"leave ".repeat(i % 7)}`,
    );
    const batch = await encoder.encode(texts);
    const fresh = createEncoder({ memo: 0 });
    const [alone] = await fresh.encode([texts[17] ?? ""]);
    await fresh.close();
    const again = await one(texts[17] ?? "");
    expect(dot(batch[17] ?? again, alone ?? again)).toBeCloseTo(1, 4);
    expect(dot(batch[17] ?? again, again)).toBeCloseTo(1, 4);
  });

  it("takes any text: empty ones have a zero vector, all others unit length", async () => {
    const texts = ["", " \n", "\0", "\ud800", "🙂", "مرحبا", "你好", "x".repeat(100_000), "a\u200bb", "<>&"];
    const more = fc.sample(fc.string({ unit: "grapheme", maxLength: 40 }), { numRuns: 30, seed: 7 });
    const vectors = await encoder.encode([...texts, ...more]);
    expect(vectors).toHaveLength(texts.length + more.length);
    for (const vector of vectors) {
      const norm = Math.sqrt(dot(vector, vector));
      expect(norm === 0 || Math.abs(norm - 1) < 1e-3).toBe(true);
    }
    expect([...(vectors[0] ?? [])].every((value) => value === 0)).toBe(true);
  });

  it("leaves the event loop free and answers a short question while a long list is encoded", async () => {
    let isListDone = false;
    const list = encoder
      .encode(
        Array.from({ length: 60 }, (_, i) => `${i} ${"A long passage about travel and hotels. ".repeat(12)}`),
      )
      .then(() => {
        isListDone = true;
      });
    let longestMs = 0;
    let last = performance.now();
    const ticker = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    await one("a short question in between");
    expect(isListDone).toBe(false);
    await list;
    clearInterval(ticker);
    // 60 such passages are about three seconds of computing.
    expect(longestMs).toBeLessThan(1_000);
  });

  it("fails what waits with VEC-503 when it is closed or too slow, and begins anew at the next call", async () => {
    const slow = createEncoder({ timeoutMs: 1 });
    await expect(slow.encode(["too slow to load in a millisecond"])).rejects.toMatchObject({
      code: "VEC-503",
    });
    await slow.close();
    const closing = createEncoder();
    const waits = expect(closing.encode(["never answered"])).rejects.toMatchObject({ code: "VEC-503" });
    await closing.close();
    await waits;
    expect((await closing.encode(["answered after all"]))[0]).toHaveLength(512);
    await closing.close();
  });
});

describe("the vector cache", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "steward-vectors-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const counting = (name = "counting") => {
    const asked: string[] = [];
    const encoder: Encoder = {
      name,
      dimensions: 4,
      encode: async (texts) => {
        asked.push(...texts);
        return texts.map((text) => Float32Array.of(text.length % 2, (text.length + 1) % 2, 0, 0));
      },
    };
    return { asked, encoder };
  };

  it("encodes a text once, over restarts, and gives the same vectors in the order asked", async () => {
    const first = counting();
    const path = join(directory, "deep", "vectors.bin");
    const before = await createVectorCache(path, first.encoder).encode(["a", "bb", "a"]);
    expect(first.asked).toEqual(["a", "bb"]);
    const second = counting();
    const after = await createVectorCache(path, second.encoder).encode(["bb", "a", "ccc"]);
    expect(second.asked).toEqual(["ccc"]);
    expect(after.slice(0, 2)).toEqual([before[1], before[0]]);
  });

  it("never takes vectors of another encoder or from a damaged file", async () => {
    const path = join(directory, "vectors.bin");
    await createVectorCache(path, counting("one").encoder).encode(["a", "bb"]);
    const other = counting("two");
    await createVectorCache(path, other.encoder).encode(["a"]);
    expect(other.asked).toEqual(["a"]);
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 8);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    const third = counting("two");
    expect(await createVectorCache(path, third.encoder).encode(["a"])).toEqual([Float32Array.of(1, 0, 0, 0)]);
    expect(third.asked).toEqual(["a"]);
  });

  it("adds new texts behind the others, and mends a file that was cut short while they were added", async () => {
    const path = join(directory, "vectors.bin");
    const writer = createVectorCache(path, counting().encoder);
    await writer.encode(["a"]);
    const size = readFileSync(path).length;
    await writer.encode(["bb", "a"]);
    const both = readFileSync(path);
    expect(both.length).toBe(size + 32 + 16);
    writeFileSync(path, both.subarray(0, both.length - 5));
    const second = counting();
    await createVectorCache(path, second.encoder).encode(["a", "bb", "ccc"]);
    expect(second.asked).toEqual(["bb", "ccc"]);
    const third = counting();
    await createVectorCache(path, third.encoder).encode(["ccc", "bb", "a"]);
    expect(third.asked).toEqual([]);
  });

  it("keeps the texts used last, and works where nothing can be written", async () => {
    const path = join(directory, "vectors.bin");
    const first = counting();
    await createVectorCache(path, first.encoder, { maxEntries: 2 }).encode(["a", "bb", "ccc"]);
    const second = counting();
    await createVectorCache(path, second.encoder, { maxEntries: 2 }).encode(["ccc", "bb", "a"]);
    expect(second.asked).toEqual(["a"]);
    const nowhere = counting();
    const cached = createVectorCache("/dev/null/vectors.bin", nowhere.encoder);
    expect(await cached.encode(["a"])).toHaveLength(1);
    expect(await cached.encode(["a"])).toHaveLength(1);
    expect(nowhere.asked).toEqual(["a"]);
  });
});
