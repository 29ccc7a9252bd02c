import { Worker } from "node:worker_threads";
import type { Encoder } from "../types/encoder.ts";
import { StewardError } from "../types/steward-error.ts";
import type { EncodeAnswer, EncodeJob } from "./encoder-worker.ts";

const ENCODER_NAME = "use-lite-en";
const ENCODER_DIMENSIONS = 512;

/** The tokenizer copies what is left of the text at every letter; past this a text adds time, not meaning. */
const MAX_CHARS = 1_200;

/** Up to this many texts count as somebody waiting: they go before the batches of an ingestion. */
const INTERACTIVE_TEXTS = 4;

/** Short texts cost 27 ms alone and 4 ms in a batch of 8; passages cost 50 ms each either way. */
const BATCH_CHARS = 1_600;
const BATCH_TEXTS = 32;

export type EncoderOptions = {
  /** How many recent texts keep their vectors in memory (2 kB each). */
  readonly memo?: number;
  /** How long a batch may take before the worker is replaced. */
  readonly timeoutMs?: number;
};

type Batch = {
  readonly texts: readonly string[];
  readonly resolve: (vectors: readonly Float32Array[]) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * The local English sentence encoder (Universal Sentence Encoder Lite, 512 dimensions, unit length). It is
 * loaded at first use, in a thread of its own: encoding is pure computation, and the server must go on
 * answering while documents come in. `encode` throws `VEC-503` when the thread fails or is too slow; the
 * next call begins with a fresh one. `close` ends the thread and fails what waits.
 */
export function createEncoder({ memo = 2_000, timeoutMs = 60_000 }: EncoderOptions = {}): Encoder & {
  close(): Promise<void>;
} {
  const known = new Map<string, Float32Array>();
  const waiting: { urgent: Batch[]; bulk: Batch[] } = { urgent: [], bulk: [] };
  let worker: Worker | null = null;
  let current: { id: number; batch: Batch; timer: NodeJS.Timeout } | null = null;
  let lastId = 0;

  const settle = (done: (batch: Batch) => void) => {
    if (!current) return;
    clearTimeout(current.timer);
    const { batch } = current;
    current = null;
    worker?.unref();
    done(batch);
    next();
  };

  const drop = (why: string) => {
    const old = worker;
    worker = null;
    old?.removeAllListeners();
    // A thread that is ended while it starts may still raise an error that nobody waits for.
    old?.on("error", () => {});
    void old?.terminate();
    settle((batch) => batch.reject(new StewardError("VEC-503", why)));
  };

  const start = (): Worker => {
    const fresh = new Worker(new URL("./encoder-worker.ts", import.meta.url), { name: "encoder" });
    fresh.on("message", (answer: EncodeAnswer) => {
      if (answer.id !== current?.id) return;
      settle((batch) => {
        if ("error" in answer) return batch.reject(new StewardError("VEC-503", answer.error));
        const width = answer.vectors.length / batch.texts.length;
        if (width !== ENCODER_DIMENSIONS) {
          return batch.reject(new StewardError("VEC-503", `The encoder answered ${width} dimensions.`));
        }
        batch.resolve(batch.texts.map((_, i) => answer.vectors.slice(i * width, (i + 1) * width)));
      });
    });
    fresh.on("error", (error) => drop(String(error)));
    fresh.on("exit", (code) => drop(`The encoder's thread ended with ${code}.`));
    return fresh;
  };

  const next = () => {
    if (current) return;
    const batch = waiting.urgent.shift() ?? waiting.bulk.shift();
    if (!batch) return;
    worker ??= start();
    worker.ref();
    const id = ++lastId;
    const timer = setTimeout(() => drop(`The encoder took longer than ${timeoutMs} ms.`), timeoutMs);
    current = { id, batch, timer };
    worker.postMessage({ id, texts: batch.texts } satisfies EncodeJob);
  };

  const run = (texts: readonly string[], lane: Batch[]) =>
    new Promise<readonly Float32Array[]>((resolve, reject) => {
      lane.push({ texts, resolve, reject });
      next();
    });

  const remember = (text: string, vector: Float32Array) => {
    known.delete(text);
    known.set(text, vector);
    if (known.size <= memo) return;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  };

  return {
    name: ENCODER_NAME,
    dimensions: ENCODER_DIMENSIONS,
    async encode(texts) {
      const cleaned = texts.map(cleanText);
      const vectors = new Map<string, Float32Array>();
      const missing: string[] = [];
      for (const text of new Set(cleaned)) {
        const vector = text === "" ? new Float32Array(ENCODER_DIMENSIONS) : known.get(text);
        if (!vector) missing.push(text);
        else {
          vectors.set(text, vector);
          if (text !== "") remember(text, vector);
        }
      }
      const lane = missing.length <= INTERACTIVE_TEXTS ? waiting.urgent : waiting.bulk;
      for (const batch of batchesOf(missing)) {
        const found = await run(batch, lane);
        for (const [i, text] of batch.entries()) {
          const vector = found[i] ?? new Float32Array(ENCODER_DIMENSIONS);
          vectors.set(text, vector);
          remember(text, vector);
        }
      }
      return cleaned.map((text) => vectors.get(text) ?? new Float32Array(ENCODER_DIMENSIONS));
    },
    async close() {
      const old = worker;
      worker = null;
      old?.removeAllListeners();
      old?.on("error", () => {});
      const ended = new StewardError("VEC-503", "The encoder was closed.");
      const left = [...waiting.urgent.splice(0), ...waiting.bulk.splice(0)];
      settle((batch) => batch.reject(ended));
      for (const batch of left) batch.reject(ended);
      await old?.terminate();
    },
  };
}

/** What the model can read: no lone surrogates or control characters, single spaces, bounded. "" stays "". */
function cleanText(text: string): string {
  return text
    .slice(0, MAX_CHARS * 2)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_CHARS)
    .toWellFormed();
}

/** Longest first, so that a batch holds texts of like length: the model pads to the longest. */
function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let chars = 0;
  for (const text of [...texts].sort((a, b) => b.length - a.length)) {
    if (batch.length > 0 && (chars + text.length > BATCH_CHARS || batch.length >= BATCH_TEXTS)) {
      batches.push(batch);
      batch = [];
      chars = 0;
    }
    batch.push(text);
    chars += text.length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
