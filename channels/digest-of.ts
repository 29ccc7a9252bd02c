import { createHash } from "node:crypto";

/** Ids of platforms are long and of any characters: keys of notes carry their digest, 40 hex digits. */
export function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 40);
}
