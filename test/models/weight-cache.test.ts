import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { classifyVector, trainIntents } from "../../src/models/intent-classifier.ts";
import { createWeightCache } from "../../src/models/weight-cache.ts";
import type { Encoder } from "../../src/types/encoder.ts";

const directory = mkdtempSync(join(tmpdir(), "steward-weights-"));
afterAll(() => rmSync(directory, { recursive: true }));

const path = join(directory, "intents.bin");
const encoder: Encoder = {
  name: "letters",
  dimensions: 2,
  encode: async (texts) =>
    texts.map((text) => Float32Array.from([text.includes("a") ? 1 : 0, text.includes("o") ? 1 : 0])),
};
const examples = ["call anna", "call karla", "book room", "book hotel"].map((text) => ({
  text,
  intent: text.split(" ")[0] ?? "",
}));

it("gives the same answers from kept weights as from a fresh training", async () => {
  const fresh = await trainIntents(examples, encoder, { cache: createWeightCache(path) });
  const kept = await trainIntents(examples, encoder, { cache: createWeightCache(path) });
  expect(kept.alpha).toEqual(fresh.alpha);
  const vector = Float32Array.from([1, 0]);
  expect(classifyVector(kept, "call martha", vector)).toEqual(classifyVector(fresh, "call martha", vector));
});

it("trains again for other examples, and when the file is damaged", async () => {
  const others = [...examples, { text: "cancel tour", intent: "cancel" }];
  expect((await trainIntents(others, encoder, { cache: createWeightCache(path) })).alpha).toHaveLength(15);
  const bytes = readFileSync(path);
  bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
  const mended = await trainIntents(others, encoder, { cache: createWeightCache(path) });
  expect(mended.alpha).toEqual((await trainIntents(others, encoder)).alpha);
});
