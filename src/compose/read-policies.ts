import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ActionSchema, deriveActionSchema, readActionSchemas } from "../policy/action-schema.ts";
import { type LoadResult, loadPolicies } from "../policy/load-policies.ts";
import type { AnyTool } from "../types/tool.ts";

/** The policies that come with Steward; an installation may have its own in DIR/policies. */
export const BUILT_IN_POLICIES = fileURLToPath(new URL("../../policies/", import.meta.url));

/**
 * Reads and compiles a directory of policies for the tools there are. A tool that `actions.json` does not know is
 * given the attributes of its manifest, so that a rule can still be written about it.
 */
export function readPolicies(directory: string, tools: readonly AnyTool[]): LoadResult {
  const read = (name: string) => ({ path: name, text: readFileSync(join(directory, name), "utf8") });
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(".cedar"))
    .sort();
  const table = readActionSchemas(read("actions.json").text);
  if (!table.ok) {
    return { ok: false, problems: [{ file: "actions.json", line: 1, rule: null, message: table.message }] };
  }
  const known = new Set(table.actions.map((action) => action.name));
  const derived: ActionSchema[] = tools
    .filter((tool) => !known.has(tool.name))
    .map((tool) => deriveActionSchema(tool.manifest));
  return loadPolicies(files.map(read), read("steward.cedarschema"), [...table.actions, ...derived]);
}
