import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Encoder } from "../types/encoder.ts";

const HASH_BYTES = 32;

/**
 * An encoder that keeps the vectors of texts in a file, for texts that come back at every start (a tool's
 * examples): encoding 300 of them costs seconds, reading them milliseconds. Not for what people write. A
 * file that is missing, cut short, damaged or of another encoder only costs the time to encode again; one
 * that cannot be written costs nothing. Keeps the `maxEntries` used last (2 kB each).
 */
export function createVectorCache(
  path: string,
  encoder: Encoder,
  {
    maxEntries = 5_000,
    onProgress,
  }: { maxEntries?: number; onProgress?: (done: number, of: number) => void } = {},
): Encoder {
  let known: Map<string, Float32Array> | null = null;
  // Whether the file holds whole entries of this encoder, so that new ones may go behind them.
  let isWhole = false;
  const keyOf = (text: string) => createHash("sha256").update(text).digest("hex");
  return {
    name: encoder.name,
    dimensions: encoder.dimensions,
    async encode(texts) {
      if (!known) ({ vectors: known, isWhole } = readCache(path, encoder));
      const vectors = known;
      const keys = texts.map(keyOf);
      const missing = new Map<string, string>();
      for (const [i, text] of texts.entries()) {
        const key = keys[i] ?? "";
        if (!vectors.has(key)) missing.set(key, text);
      }
      const entries = [...missing];
      for (let at = 0; at < entries.length; at += 64) {
        const part = entries.slice(at, at + 64);
        const found = await encoder.encode(part.map(([, text]) => text));
        for (const [i, [key]] of part.entries()) {
          const vector = found[i];
          if (vector) vectors.set(key, vector);
        }
        onProgress?.(at + part.length, entries.length);
      }
      const result = keys.map((key) => {
        const vector = vectors.get(key) ?? new Float32Array(encoder.dimensions);
        vectors.delete(key);
        vectors.set(key, vector);
        return vector;
      });
      const fresh = [...missing.keys()].map((key) => [key, vectors.get(key)] as const);
      for (const key of vectors.keys()) {
        if (vectors.size <= maxEntries) break;
        vectors.delete(key);
        isWhole = false;
      }
      if (fresh.length > 0) {
        isWhole = isWhole ? appendEntries(path, fresh) : writeCache(path, encoder, vectors);
      }
      return result;
    },
  };
}

/** First line of the file: another encoder or another layout is another file. */
function headOf(encoder: Encoder): Buffer {
  return Buffer.from(`steward-vectors 1 ${encoder.name} ${encoder.dimensions}\n`);
}

function readCache(
  path: string,
  encoder: Encoder,
): { readonly vectors: Map<string, Float32Array>; readonly isWhole: boolean } {
  const vectors = new Map<string, Float32Array>();
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return { vectors, isWhole: false };
  }
  const head = headOf(encoder);
  if (!file.subarray(0, head.length).equals(head)) return { vectors, isWhole: false };
  const size = HASH_BYTES + encoder.dimensions * 4;
  let isWhole = (file.length - head.length) % size === 0;
  for (let at = head.length; at + size <= file.length; at += size) {
    const bytes = new Uint8Array(file.subarray(at + HASH_BYTES, at + size));
    const vector = new Float32Array(bytes.buffer);
    // Vectors have unit length (or none, for an empty text); a damaged one has not.
    const norm = Math.hypot(...vector);
    if (norm === 0 || Math.abs(norm - 1) < 0.01)
      vectors.set(file.toString("hex", at, at + HASH_BYTES), vector);
    else isWhole = false;
  }
  return { vectors, isWhole };
}

function entriesOf(vectors: Iterable<readonly [key: string, vector: Float32Array | undefined]>): Buffer {
  const parts: Uint8Array[] = [];
  for (const [key, vector] of vectors) {
    if (!vector) continue;
    parts.push(Buffer.from(key, "hex"), new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  }
  return Buffer.concat(parts);
}

/** Whether it could be written: on a read-only or full disk the next start encodes again. */
function appendEntries(path: string, entries: Parameters<typeof entriesOf>[0]): boolean {
  try {
    appendFileSync(path, entriesOf(entries));
    return true;
  } catch {
    return false;
  }
}

function writeCache(path: string, encoder: Encoder, vectors: ReadonlyMap<string, Float32Array>): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, Buffer.concat([headOf(encoder), entriesOf(vectors)]), { mode: 0o600 });
    renameSync(beside, path);
    return true;
  } catch {
    return false;
  }
}
