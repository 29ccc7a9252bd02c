import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_LADDER, type Ladder, readLadder } from "../actions/ladder.ts";
import { type ActionSchema, deriveActionSchema, readActionSchemas } from "../policy/action-schema.ts";
import { loadPolicies, type PolicySet } from "../policy/load-policies.ts";
import type { PolicyFile, PolicyProblem } from "../policy/policy-text.ts";
import type { AnyTool } from "../types/tool.ts";

/** The policies that come with Steward; an installation may have its own in DIR/policies. */
export const BUILT_IN_POLICIES = fileURLToPath(new URL("../../policies/", import.meta.url));

const SCHEMA = "steward.cedarschema";
const ACTIONS = "actions.json";
const LADDER = "approvals.json";
const MAX_FILES = 1_000;

/** Everything that a directory of policies says. */
export type Policies = { readonly set: PolicySet; readonly ladder: Ladder };
export type PoliciesRead =
  | { readonly ok: true; readonly policies: Policies }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Whether a file of this name says anything to Steward. */
export const isPolicyFile = (name: string) =>
  name.endsWith(".cedar") || name === SCHEMA || name === ACTIONS || name === LADDER;

/**
 * The files of a directory of policies, in order of their names. What an own directory leaves out of the schema and
 * the table of actions is as Steward brings it. Throws when it cannot be read.
 */
export function readPolicyFiles(directory: string): readonly PolicyFile[] {
  const names = readdirSync(directory).filter(isPolicyFile).sort();
  if (names.length > MAX_FILES) throw new Error(`There are ${names.length} files; ${MAX_FILES} are allowed.`);
  return names
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => ({ path: name, text: readFileSync(join(directory, name), "utf8") }));
}

/**
 * Compiles the texts of a directory of policies for the tools there are. A tool that `actions.json` does not know is
 * given the attributes of its manifest, so that a rule can still be written about it. Never throws.
 */
export function loadPolicyFiles(files: readonly PolicyFile[], tools: readonly AnyTool[]): PoliciesRead {
  const wrong = (file: string, message: string): PoliciesRead => ({
    ok: false,
    problems: [{ file, line: file === "" ? 0 : 1, rule: null, message }],
  });
  const cedar = files.filter(({ path }) => path.endsWith(".cedar"));
  if (cedar.length === 0) return wrong("", "There is no .cedar file, so nothing at all would be permitted.");
  const table = readActionSchemas(fileOr(files, ACTIONS).text);
  if (!table.ok) return wrong(ACTIONS, table.message);
  const climb = files.find(({ path }) => path === LADDER);
  const ladder = climb ? readLadder(climb.text) : { ok: true as const, ladder: DEFAULT_LADDER };
  if (!ladder.ok) return wrong(LADDER, ladder.message);
  const known = new Set(table.actions.map((action) => action.name));
  const derived: ActionSchema[] = tools
    .filter((tool) => !known.has(tool.name))
    .map((tool) => deriveActionSchema(tool.manifest));
  const loaded = loadPolicies(cedar, fileOr(files, SCHEMA), [...table.actions, ...derived]);
  return loaded.ok ? { ok: true, policies: { set: loaded.policies, ladder: ladder.ladder } } : loaded;
}

function fileOr(files: readonly PolicyFile[], name: string): PolicyFile {
  const own = files.find(({ path }) => path === name);
  return own ?? { path: name, text: readFileSync(join(BUILT_IN_POLICIES, name), "utf8") };
}

/** Reads and compiles a directory of policies, with its texts; what cannot be read is a problem too. Never throws. */
export function readPolicyDirectory(
  directory: string,
  tools: readonly AnyTool[],
): PoliciesRead & { readonly files: readonly PolicyFile[] } {
  let files: readonly PolicyFile[];
  try {
    files = readPolicyFiles(directory);
  } catch (error) {
    const message = `The policies could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, problems: [{ file: directory, line: 0, rule: null, message }], files: [] };
  }
  return { ...loadPolicyFiles(files, tools), files };
}

/** The texts of all files as one, for the record of versions. */
export function policyText(files: readonly PolicyFile[]): string {
  return files.map(({ path, text }) => `// ---- ${path}\n${text.trimEnd()}\n`).join("\n");
}
