import type { Evidence } from "../types/action.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { EVERYONE, type Label, type Labelled } from "../types/label.ts";
import { joinLabels, LOWEST_LABEL } from "./join-labels.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The arguments of a call with their labels. A value rises to `user` or `system` only by its evidence;
 * a held one keeps the label of the fact that it came from, or the lowest. Also the two facts about the
 * whole call that policy reads.
 */
export function labelArguments(
  args: JsonObject,
  evidence: readonly Evidence[],
  ledger: Ledger,
): {
  readonly args: Readonly<Record<string, Labelled<Json>>>;
  readonly isUngrounded: boolean;
  readonly hasExternal: boolean;
} {
  const labelled: Record<string, Labelled<Json>> = {};
  let hasExternal = false;
  for (const [arg, value] of Object.entries(args)) {
    const own = evidence.filter((item) => item.arg === arg);
    const label = labelOf(value, own, ledger);
    if (label.integrity === "external" && own.length > 0) hasExternal = true;
    labelled[arg] = { value, label };
  }
  return { args: labelled, isUngrounded: evidence.some((item) => !item.isGrounded), hasExternal };
}

function labelOf(value: Json, evidence: readonly Evidence[], ledger: Ledger): Label {
  const leaves = typeof value === "object" && value !== null ? Object.values(value) : [value];
  const known = leaves.flatMap((leaf: Json) =>
    typeof leaf === "object" ? [] : ledger.factsOf(leaf).map((fact) => fact.label),
  );
  const carried = known.length > 0 ? joinLabels(known) : LOWEST_LABEL;
  const [first] = evidence;
  if (!first || evidence.some((item) => !item.isGrounded) || first.rule === "G5") {
    return { ...carried, integrity: known.length > 0 ? carried.integrity : "external" };
  }
  const integrity = first.rule === "G1" ? "user" : "system";
  const { sensitivity } = carried;
  return {
    integrity,
    sensitivity,
    source: first.text,
    readers: known.length > 0 ? carried.readers : [EVERYONE],
  };
}
