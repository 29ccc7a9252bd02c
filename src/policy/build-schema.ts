import type { EntityType, SchemaJson, TypeOfAttribute } from "@cedar-policy/cedar-wasm/nodejs";
import { type ActionSchema, type AttributeType, COMMON_CONTEXT } from "./action-schema.ts";

/** Where an action lives in Cedar: its resource type and the groups a rule can name it by. */
export type ActionPlace = { readonly resourceType: string; readonly groups: readonly string[] };

type Attribute = TypeOfAttribute<string>;

/**
 * Adds to the schema file's JSON, for each tool, an action with its context, a resource type with its
 * attributes, and the action groups `tools:all`, `effect:<effect>` and `domain:<first part of the name>`.
 * Returns problems in words instead when the file lacks what the loader builds on.
 */
export function buildSchema(
  base: SchemaJson<string>,
  actions: readonly ActionSchema[],
):
  | {
      readonly ok: true;
      readonly schema: SchemaJson<string>;
      readonly places: ReadonlyMap<string, ActionPlace>;
    }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const root = base[""];
  const common = root?.commonTypes?.ToolContext;
  const problems: string[] = [];
  const shape = common && common.type === "Record" && "attributes" in common ? common.attributes : null;
  const known = shape ? Object.keys(shape).sort().join(", ") : "";
  if (!root || !shape || known !== [...COMMON_CONTEXT].sort().join(", ")) {
    problems.push(`The schema needs a type ToolContext with exactly ${COMMON_CONTEXT.join(", ")}.`);
  }
  for (const name of ["Person", "Group", "Approvals", "ApprovalRequest"]) {
    if (!root?.entityTypes[name]) problems.push(`The schema needs the entity type ${name}.`);
  }
  if (!root?.actions.approve) problems.push("The schema needs the action approve.");
  if (!root || !shape || problems.length > 0) return { ok: false, problems };

  const entityTypes: Record<string, EntityType<string>> = { ...root.entityTypes };
  const cedarActions = { ...root.actions };
  const places = new Map<string, ActionPlace>();
  const group = (id: string) => {
    cedarActions[id] ??= {};
    return id;
  };
  for (const action of actions) {
    if (cedarActions[action.name]) {
      problems.push(`The action ${action.name} is declared twice.`);
      continue;
    }
    const taken = Object.keys(action.context).filter((name) => Object.hasOwn(shape, name));
    if (taken.length > 0) problems.push(`The action ${action.name} redefines ${taken.join(", ")}.`);
    const groups = [group("tools:all"), group(`effect:${action.effect}`)];
    const domain = /^([^./]+)[./]/.exec(action.name)?.[1];
    if (domain) groups.push(group(`domain:${domain}`));
    const plain = `Resource_${action.name.replace(/[^A-Za-z0-9]/g, "_")}`;
    let resourceType = plain;
    for (let n = 2; entityTypes[resourceType]; n++) resourceType = `${plain}_${n}`;
    entityTypes[resourceType] = { shape: { type: "Record", attributes: cedarAttributes(action.resource) } };
    cedarActions[action.name] = {
      memberOf: groups.map((id) => ({ id })),
      appliesTo: {
        principalTypes: ["Person"],
        resourceTypes: [resourceType],
        context: { type: "Record", attributes: { ...shape, ...cedarAttributes(action.context) } },
      },
    };
    places.set(action.name, { resourceType, groups });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, schema: { ...base, "": { ...root, entityTypes, actions: cedarActions } }, places };
}

function cedarAttributes(declared: Readonly<Record<string, AttributeType>>): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const [name, type] of Object.entries(declared)) {
    const required = !type.endsWith("?");
    const bare = required ? type : type.slice(0, -1);
    if (bare === "Set<String>") attributes[name] = { type: "Set", element: { type: "String" }, required };
    else if (bare === "Long") attributes[name] = { type: "Long", required };
    else if (bare === "Boolean") attributes[name] = { type: "Boolean", required };
    else attributes[name] = { type: "String", required };
  }
  return attributes;
}
