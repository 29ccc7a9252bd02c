import { z } from "zod";
import type { Json, JsonObject } from "../types/json.ts";
import type { ArgSpec, Effect, PolicyAttributes, ToolManifest } from "../types/tool.ts";

/** Cedar's types as a tool may declare them; a `?` at the end means that it may be missing (`has`). */
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];
const ATTRIBUTE_TYPES = [
  "String",
  "Long",
  "Boolean",
  "Set<String>",
  "String?",
  "Long?",
  "Boolean?",
  "Set<String>?",
] as const;

/** What policy may know of a tool's calls: the attributes that its preview gives. */
export type ActionSchema = {
  readonly name: string;
  readonly effect: Effect;
  readonly resource: Readonly<Record<string, AttributeType>>;
  readonly context: Readonly<Record<string, AttributeType>>;
};

/** Names that every action's context has already; a tool cannot redefine them. */
export const COMMON_CONTEXT = ["approvals", "effect", "hasExternal", "isUngrounded"] as const;

const attributes = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), z.enum(ATTRIBUTE_TYPES));
const table = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$/),
      effect: z.enum(["read", "egress", "draft", "write", "destructive"]),
      resource: attributes.default({}),
      context: attributes.default({}),
    }),
  )
  .max(5000);

/** Reads a table of actions (`policies/actions.json`). Never throws. */
export function readActionSchemas(
  text: string,
):
  | { readonly ok: true; readonly actions: readonly ActionSchema[] }
  | { readonly ok: false; readonly message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, message: "The file is not JSON." };
  }
  const parsed = table.safeParse(json);
  if (parsed.success) return { ok: true, actions: parsed.data };
  const first = parsed.error.issues[0];
  return {
    ok: false,
    message: `${first?.path.join(".") || "The table"}: ${first?.message ?? "is not valid"}`,
  };
}

/**
 * The action of a tool that came without a table (an MCP server's, say), from its manifest: each
 * argument that a rule could compare is an optional attribute of the context, so that an administrator
 * can write rules about it without editing a schema.
 */
export function deriveActionSchema(manifest: Pick<ToolManifest, "name" | "effect" | "args">): ActionSchema {
  const context: Record<string, AttributeType> = {};
  for (const [arg, spec] of Object.entries(manifest.args)) {
    const name = attributeName(arg);
    if (!(COMMON_CONTEXT as readonly string[]).includes(name)) context[name] = attributeType(spec);
  }
  return { name: manifest.name, effect: manifest.effect, resource: {}, context };
}

/** The context attributes that `deriveActionSchema` promised, for one call. Fractions are left out: Cedar has none. */
export function deriveAttributes(manifest: Pick<ToolManifest, "args">, args: JsonObject): PolicyAttributes {
  const context: Record<string, string | number | boolean | readonly string[]> = {};
  for (const [arg, spec] of Object.entries(manifest.args)) {
    const value: Json | undefined = args[arg];
    const type = attributeType(spec);
    const name = attributeName(arg);
    if (value === undefined || value === null || (COMMON_CONTEXT as readonly string[]).includes(name))
      continue;
    if (type === "Long?" && Number.isSafeInteger(value)) context[name] = Number(value);
    if (type === "Boolean?" && typeof value === "boolean") context[name] = value;
    if (type === "String?") context[name] = typeof value === "string" ? value : JSON.stringify(value);
    if (type === "Set<String>?") {
      const items = Array.isArray(value) ? value : [value];
      context[name] = items.map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
    }
  }
  return context;
}

function attributeName(arg: string): string {
  const name = arg.replace(/[^A-Za-z0-9_]/g, "_").slice(0, 60);
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

function attributeType(spec: ArgSpec): AttributeType {
  if (spec.many) return "Set<String>?";
  if (spec.role === "amount") return "Long?";
  if (spec.role === "flag") return "Boolean?";
  return "String?";
}
