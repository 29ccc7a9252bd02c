import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Keeps the weights of one training between starts: training costs a second of a core, reading a millisecond. */
export type WeightCache = {
  /** The weights of exactly this training, or null. */
  read(about: string): Float32Array | null;
  write(about: string, weights: Float32Array): void;
};

const HASH_BYTES = 32;

/** Weights in a file; a file that cannot be read or written only costs the time of training again. */
export function createWeightCache(path: string): WeightCache {
  const hashOf = (about: string) => createHash("sha256").update(about).digest();
  return {
    read: (about) => {
      try {
        const bytes = readFileSync(path);
        if (!bytes.subarray(0, HASH_BYTES).equals(hashOf(about))) return null;
        const body = bytes.subarray(2 * HASH_BYTES);
        if (!bytes.subarray(HASH_BYTES, 2 * HASH_BYTES).equals(createHash("sha256").update(body).digest()))
          return null;
        return new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength));
      } catch {
        return null;
      }
    },
    write: (about, weights) => {
      const body = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength);
      const beside = `${path}.${process.pid}`;
      try {
        writeFileSync(
          beside,
          Buffer.concat([hashOf(about), createHash("sha256").update(body).digest(), body]),
        );
        renameSync(beside, path);
      } catch {
        // The next start trains again.
      }
    },
  };
}
