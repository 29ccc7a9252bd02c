import { createHash } from "node:crypto";
import { canonicalJson } from "../types/canonical-json.ts";
import type { JsonObject } from "../types/json.ts";

/** SHA-256 (hex) of a text. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * What an approval binds to: SHA-256 (hex) of tool, canonical arguments and policy version. Any other
 * tool, argument or policy has another digest, so consent cannot be carried over.
 */
export function digestAction(tool: string, args: JsonObject, policyVersion: string): string {
  return sha256Hex(canonicalJson({ args, policyVersion, tool }));
}
