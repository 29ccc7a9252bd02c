import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ActionSchema, readActionSchemas } from "../../src/policy/action-schema.ts";
import { loadPolicies, type PolicySet } from "../../src/policy/load-policies.ts";
import type { PolicyFile } from "../../src/policy/policy-text.ts";
import type { Directory, Principal } from "../../src/types/principal.ts";

const FOLDER = join(import.meta.dirname, "../../policies");

export const SCHEMA: PolicyFile = read("steward.cedarschema");
export const DEMO_FILES: readonly PolicyFile[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".cedar"))
  .sort()
  .map(read);
export const DEMO_ACTIONS: readonly ActionSchema[] = readDemoActions();

function read(name: string): PolicyFile {
  return { path: name, text: readFileSync(join(FOLDER, name), "utf8") };
}

function readDemoActions(): readonly ActionSchema[] {
  const table = readActionSchemas(read("actions.json").text);
  if (!table.ok) throw new Error(table.message);
  // Steward's own tools bring their actions with their manifests; here a name is enough.
  const known = new Set(table.actions.map(({ name }) => name));
  const named = DEMO_FILES.flatMap(({ text }) =>
    [...text.matchAll(/Action::"([a-z]+\.[A-Za-z]+)"/g)].map((match) => match[1] ?? ""),
  );
  const own = [...new Set(named)].filter((name) => !known.has(name));
  return [
    ...table.actions,
    ...own.map((name) => ({ name, effect: "write" as const, resource: {}, context: {} })),
  ];
}

/** The policies of the demo company, or with other text; fails the test when they do not load. */
export function loadOrFail(files: readonly PolicyFile[] = DEMO_FILES, actions = DEMO_ACTIONS): PolicySet {
  const result = loadPolicies(files, SCHEMA, actions);
  if (!result.ok)
    throw new Error(result.problems.map((item) => `${item.file}:${item.line} ${item.message}`).join("\n"));
  return result.policies;
}

/** The messages of what is wrong with one rule added to the demo's. */
export function problemsOf(text: string, actions = DEMO_ACTIONS): readonly string[] {
  const result = loadPolicies([...DEMO_FILES, { path: "new.cedar", text }], SCHEMA, actions);
  return result.ok ? [] : result.problems.map((item) => `${item.file}:${item.line} ${item.message}`);
}

export function person(
  name: string,
  groups: readonly string[] = [],
  more: Partial<Principal> = {},
): Principal {
  const id = `${name.toLowerCase().replace(/ /g, ".")}@brightwell.example`;
  return {
    id,
    name,
    title: "Employee",
    manager: null,
    groups: ["everyone", ...groups],
    zone: "Europe/Berlin",
    locale: "en-GB",
    ...more,
  };
}

export function directoryOf(people: readonly Principal[]): Directory {
  return {
    people,
    domains: ["brightwell.example"],
    groupTitles: {},
    find: (id) => people.find((item) => item.id === id) ?? null,
    inGroup: (group) => people.filter((item) => item.groups.includes(group)),
  };
}
