import {
  type DetailedError,
  preparsePolicySet,
  preparseSchema,
  type SchemaJson,
} from "@cedar-policy/cedar-wasm/nodejs";
import { canonicalJson } from "../types/canonical-json.ts";
import type { ActionSchema } from "./action-schema.ts";
import type { ActionPlace } from "./build-schema.ts";
import { sha256Hex } from "./digest-action.ts";
import type { CompiledAction, ParsedRule, PolicySet } from "./load-policies.ts";

/**
 * Precompiles rules that are known to be valid, a slice of policies and of schema for each action: with
 * the whole set a decision takes 50 times as long at 1,000 rules, with slices it stays the same. Slices
 * are named by version, so an older set goes on deciding while a newer one is loaded. Throws when Cedar
 * refuses what it accepted before.
 */
export function compilePolicies(
  schema: SchemaJson<string>,
  places: ReadonlyMap<string, ActionPlace>,
  actions: readonly ActionSchema[],
  parsed: readonly ParsedRule[],
): PolicySet {
  const policies = Object.fromEntries(parsed.map((item) => [item.rule.id, item.json]));
  const version = sha256Hex(canonicalJson({ policies, schema: JSON.parse(JSON.stringify(schema)) }));
  const compiled = new Map<string, CompiledAction>();
  for (const action of actions) {
    const place = places.get(action.name);
    if (!place) continue;
    const { resourceType, groups } = place;
    const slice = `${version}:${action.name}`;
    orThrow(preparseSchema(slice, schemaSlice(schema, places, action.name, groups)));
    orThrow(preparsePolicySet(slice, { staticPolicies: policySlice(parsed, [action.name, ...groups]) }));
    compiled.set(action.name, { ...action, resourceType, slice });
  }
  const approveSlice = `${version}:approve`;
  orThrow(preparseSchema(approveSlice, schemaSlice(schema, places, "approve", [])));
  orThrow(preparsePolicySet(approveSlice, { staticPolicies: policySlice(parsed, ["approve"]) }));
  const rules = new Map(parsed.map((item) => [item.rule.id, item.rule]));
  return { version, actions: compiled, approveSlice, rules };
}

function policySlice(parsed: readonly ParsedRule[], names: readonly string[]): Record<string, string> {
  const scope = new Set(names);
  const chosen = parsed.filter(({ rule }) => rule.actions?.some((id) => scope.has(id)) ?? true);
  return Object.fromEntries(chosen.map((item) => [item.rule.id, item.text]));
}

/** The schema without the other tools' actions and resources, which a request's validation would walk. */
function schemaSlice(
  schema: SchemaJson<string>,
  places: ReadonlyMap<string, ActionPlace>,
  action: string,
  groups: readonly string[],
): SchemaJson<string> {
  const root = schema[""];
  if (!root) return schema;
  const others = new Set<string>();
  for (const [name, place] of places) if (name !== action) others.add(place.resourceType);
  const kept = new Set([action, ...groups, "approve"]);
  const actions = Object.fromEntries(Object.entries(root.actions).filter(([name]) => kept.has(name)));
  const entityTypes = Object.fromEntries(
    Object.entries(root.entityTypes).filter(([name]) => !others.has(name)),
  );
  return { ...schema, "": { ...root, actions, entityTypes } };
}

function orThrow(answer: { type: "success" } | { type: "failure"; errors: DetailedError[] }): void {
  if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join("; "));
}
