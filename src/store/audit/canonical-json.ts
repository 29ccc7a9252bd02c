import type { Json } from "../../types/json.ts";

/**
 * JSON with one spelling (RFC 8785): no spaces, keys in the order of their UTF-16 units, numbers and strings
 * as ECMAScript writes them. Equal values give equal bytes, whichever database held them.
 */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "number" && !Number.isFinite(value))
      throw new RangeError("JSON has no such number.");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`);
  return `{${members.join(",")}}`;
}
