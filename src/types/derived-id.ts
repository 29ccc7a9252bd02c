import { createHash } from "node:crypto";
import type { IdPrefix } from "./ids.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The one id that belongs to a text: whoever repeats a request means the same thing (130 bits of its SHA-256). */
export function derivedId(prefix: IdPrefix, text: string): string {
  const hash = createHash("sha256").update(text).digest();
  let id = "";
  for (const byte of hash.subarray(0, 26)) id += ALPHABET.charAt(byte & 31);
  return `${prefix}_${id}`;
}
