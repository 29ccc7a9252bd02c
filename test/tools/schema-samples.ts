import fc from "fast-check";
import { type ZodType, z } from "zod";
import type { Json, JsonObject } from "../../src/types/json.ts";

type Node = {
  type?: string;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  enum?: Json[];
  const?: Json;
  anyOf?: Node[];
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
};

/**
 * Arguments that a schema accepts, drawn from its JSON Schema: strings are random text or one of `words`.
 * What the JSON Schema cannot express (refinements) is filtered by the schema itself.
 */
export function schemaSamples(schema: ZodType, words: readonly string[]): fc.Arbitrary<JsonObject> {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  return arbitrary(root, words).filter(
    (value) => schema.safeParse(value).success,
  ) as fc.Arbitrary<JsonObject>;
}

function arbitrary(node: Node, words: readonly string[]): fc.Arbitrary<Json> {
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.anyOf) return fc.oneof(...node.anyOf.map((one) => arbitrary(one, words)));
  switch (node.type) {
    case "string": {
      const text = fc.string({
        unit: "grapheme",
        minLength: Math.min(node.minLength ?? 0, 20),
        maxLength: Math.min(node.maxLength ?? 40, 40),
      });
      return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: text });
    }
    case "integer":
    case "number": {
      const min = Math.max(node.minimum ?? -1e9, Number.MIN_SAFE_INTEGER);
      const max = Math.min(node.maximum ?? 1e9, Number.MAX_SAFE_INTEGER);
      return fc.oneof(fc.integer({ min, max }), fc.integer({ min, max: Math.min(max, min + 100) }));
    }
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(arbitrary(node.items ?? {}, words), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? 3, 3),
      });
    case "object": {
      const fields = Object.entries(node.properties ?? {}).map(([k, v]) => [k, arbitrary(v, words)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: node.required ?? [] });
    }
    default:
      return fc.constant(null);
  }
}
