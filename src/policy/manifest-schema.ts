import { z } from "zod";
import type { ToolManifest } from "../types/tool.ts";

const ROLES = {
  dest: "who receives: an e-mail address, a user name, an account",
  url: "a link",
  amount: "money",
  rid: "the id of a record",
  name: "who or what, by name",
  path: "a path of a file",
  time: "an ISO date or date-time",
  title: "a short text that names something",
  value: "a choice, a number or another typed value",
  body: "free text that others will read",
  flag: "a switch",
  free: "free text that only the tool reads, such as a query",
} as const;
const roles = Object.keys(ROLES) as [keyof typeof ROLES, ...(keyof typeof ROLES)[]];
const roleHelp = Object.entries(ROLES)
  .map(([role, help]) => `${role}: ${help}`)
  .join("; ");

const argSchema = z.strictObject({
  role: z.enum(roles).describe(`What the argument is for, which decides how it is checked. ${roleHelp}.`),
  kind: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "For rid and name: the kind of record meant, as the outputs call it (`person`, `file`, `crm.deal`).",
    ),
  many: z.boolean().optional().describe("True when the value is a list."),
  required: z.boolean().optional(),
  choices: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe("For value and flag: the values allowed, each with the words that people use for it."),
  part: z
    .enum(["start", "end", "day", "range", "duration"])
    .optional()
    .describe("For time: which part of a stretch of time it is."),
  unit: z
    .enum(["minor", "major"])
    .optional()
    .describe("For amount: cents (`minor`, as when left out) or whole units (`major`)."),
  default: z
    .json()
    .optional()
    .describe("What the tool assumes when it is left out; the same value given needs no evidence."),
  label: z.string().max(100).optional().describe("People's word for the argument on cards."),
  question: z.string().max(300).optional().describe("What to ask a person when it is missing."),
});

const outputSchema = z.strictObject({
  integrity: z
    .enum(["external", "member", "system"])
    .default("external")
    .describe(
      "Who decided the value: `system` (ids, dates, addresses that the system itself keeps), `member` (a signed-in colleague wrote it), `external` (anybody could have: bodies, descriptions, files, reviews, web pages).",
    ),
  sensitivity: z.enum(["public", "internal", "confidential", "restricted"]).default("internal"),
  kind: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "`email`, `iban`, `money`, `number`, `time`, `url`, `phone`, `path`, `text`, `title` (what people call the record), or a kind of record where the value is its id.",
    ),
});

const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$/)
    .describe("The tool's name as the model calls it."),
  title: z
    .string()
    .max(200)
    .optional()
    .describe('A verb phrase for people: "change a deal". Made from the name when left out.'),
  description: z.string().max(4000).default(""),
  effect: z
    .enum(["read", "egress", "draft", "write", "destructive"])
    .describe(
      "`read`: looks only, inside. `egress`: looks, but tells the outside something (a web page fetched, a search). `draft`: prepares something nobody sees yet. `write`: changes or sends. `destructive`: cannot be taken back.",
    ),
  verbs: z
    .array(z.string().min(1).max(60))
    .max(100)
    .default([])
    .describe("Words with which a person asks for it: verbs only, base form (`send`, `set up`)."),
  args: z
    .record(z.string().min(1).max(100), argSchema)
    .default({})
    .describe("Each argument by name. A call with one that is not here is held."),
  output: z
    .record(z.string().startsWith("$").max(300), outputSchema)
    .default({})
    .describe(
      "JSON path in the result → what stands there: `$.events[*].title`, `$[*].id`, `$.prices.*`, and `$.prices.*~` for property names that are data. What is not declared is external.",
    ),
  idempotency: z.enum(["key", "none"]).default("none"),
  compensate: z
    .strictObject({ windowMs: z.int().positive(), note: z.string().max(300) })
    .nullable()
    .default(null)
    .describe("How long it can be undone and what a person should know; null when it cannot be."),
  examples: z.array(z.string().min(1).max(500)).max(200).default([]),
  timeoutMs: z.int().positive().max(3_600_000).optional(),
});

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  tools: z.array(manifestSchema).max(5000),
});

const MAX_CHARS = 20_000_000;
const MAX_PROBLEMS = 50;

/** What a file of tool manifests holds, or what is wrong with it, in words with the place. */
export type ManifestFile =
  | { readonly ok: true; readonly manifests: readonly ToolManifest[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads a file of tool manifests: `{ "tools": [ … ] }`, a bare list, or an object from tool name to
 * manifest. Keys that a manifest does not have are left out and told as warnings: they cannot make a call
 * more trusted. Anything else that does not fit is a problem, and nothing is read. Never throws.
 */
export function readManifests(text: string): ManifestFile {
  if (text.length > MAX_CHARS)
    return { ok: false, problems: [`The file has more than ${MAX_CHARS} characters.`] };
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return {
      ok: false,
      problems: [`The file is not JSON: ${error instanceof Error ? error.message : error}`],
    };
  }
  const shaped = shape(json);
  const warnings: string[] = [];
  let parsed = fileSchema.safeParse(shaped);
  for (let round = 0; !parsed.success && round < 5; round++) {
    const strange = parsed.error.issues.filter((issue) => issue.code === "unrecognized_keys");
    if (strange.length === 0 || strange.length < parsed.error.issues.length) break;
    for (const issue of strange) {
      for (const key of issue.keys) {
        dropKey(shaped, issue.path, key);
        warnings.push(`${placeOf(shaped, issue.path)}: "${key}" is not a part of a manifest; left out.`);
      }
    }
    parsed = fileSchema.safeParse(shaped);
  }
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, MAX_PROBLEMS)
      .map((issue) => `${placeOf(shaped, issue.path)}: ${issue.message}`);
    return { ok: false, problems };
  }
  const seen = new Set<string>();
  const twins = parsed.data.tools.filter(({ name }) => seen.has(name) || !seen.add(name));
  if (twins.length > 0) return { ok: false, problems: twins.map(({ name }) => `${name}: declared twice.`) };
  for (const tool of parsed.data.tools) {
    if (tool.effect !== "read" || !Object.values(tool.args).some(({ role }) => role === "url")) continue;
    tool.effect = "egress";
    warnings.push(`${tool.name}: it opens links, which tells the outside something; taken as egress.`);
  }
  return { ok: true, manifests: parsed.data.tools.map(complete), warnings };
}

/** The JSON Schema (2020-12) of a file of manifests, as published in `docs/tool-manifest.schema.json`. */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { io: "input", target: "draft-2020-12" });
  return {
    ...schema,
    title: "Tool manifests of Steward",
    description:
      "Declares each tool once for the gate, the planner, the approval card and the docs. A bare list of manifests, or an object from tool name to manifest, is read too.",
  };
}

function complete({ args, title, ...rest }: z.infer<typeof manifestSchema>): ToolManifest {
  const filled = Object.entries(args).map(([name, spec]) => {
    const words = inWords(name);
    const part = spec.part ?? (spec.role === "time" ? partOf(words) : undefined);
    return [name, { ...spec, ...(part ? { part } : {}), label: spec.label ?? words }];
  });
  return {
    ...rest,
    title: title ?? inWords(rest.name.split(".").at(-1) ?? rest.name),
    args: Object.fromEntries(filled),
  };
}

/** Which part of a stretch of time an argument's name speaks of. */
function partOf(words: string): "start" | "end" | "duration" | undefined {
  if (/\b(?:end|ends|ending|until|till|finish|check ?out|to|through|departure)\b/.test(words)) return "end";
  if (/\b(?:start|starts|starting|begin|from|check ?in|arrival)\b/.test(words)) return "start";
  return /\b(?:duration|length)\b/.test(words) ? "duration" : undefined;
}

/** "newStartTime", "new_start_time" → "new start time". */
function inWords(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_./-]+/g, " ")
    .trim()
    .toLowerCase();
}

function shape(json: unknown): unknown {
  if (Array.isArray(json)) return { tools: json };
  if (typeof json !== "object" || json === null) return json;
  if ("tools" in json && Array.isArray(json.tools)) return json;
  const map = "tools" in json ? json.tools : json;
  if (typeof map !== "object" || map === null) return json;
  const entries = Object.entries(map).filter(([name]) => name !== "$schema");
  const isMap =
    entries.length > 0 && entries.every(([, value]) => typeof value === "object" && value !== null);
  return isMap ? { tools: entries.map(([name, value]) => ({ name, ...(value as object) })) } : json;
}

function dropKey(root: unknown, path: readonly PropertyKey[], key: string): void {
  let at = root as Record<PropertyKey, unknown> | undefined;
  for (const step of path) at = at?.[step] as Record<PropertyKey, unknown> | undefined;
  if (at) delete at[key];
}

/** "send_email, args.to.role": the tool's name instead of its number, where it has one. */
function placeOf(root: unknown, path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path;
  if (first !== "tools" || typeof index !== "number") return path.map(String).join(".") || "the file";
  const tools = (root as { readonly tools?: readonly { readonly name?: unknown }[] }).tools;
  const name = tools?.[index]?.name;
  const tool = typeof name === "string" ? name : `tool ${index + 1}`;
  return rest.length > 0 ? `${tool}, ${rest.map(String).join(".")}` : tool;
}
