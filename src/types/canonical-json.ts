import type { Json } from "./json.ts";

/**
 * The canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code unit, no spaces, numbers as
 * ECMAScript prints them. Throws a RangeError on what JSON cannot say (NaN, infinity, a lone surrogate).
 */
export function canonicalJson(value: Json | undefined): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError("JSON has no such number");
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new RangeError("JSON has no lone surrogates");
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object") throw new RangeError("not a JSON value");
  const entries: string[] = [];
  // Array.prototype.sort compares by UTF-16 code units, which is the order the RFC asks for.
  for (const key of Object.keys(value).sort()) {
    const item = value[key];
    if (item !== undefined) entries.push(`${canonicalJson(key)}:${canonicalJson(item)}`);
  }
  return `{${entries.join(",")}}`;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
