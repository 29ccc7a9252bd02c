import type { Evidence } from "../types/action.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Label, Labelled } from "../types/label.ts";

/**
 * Labels the arguments of a call. The model is opaque: what it wrote carries the lowest label of its context
 * (`floor`), unless the gate found in code where the value came from.
 */
export function labelArguments(
  args: JsonObject,
  evidence: readonly Evidence[],
  floor: Label,
): Readonly<Record<string, Labelled<Json>>> {
  const labelled: Record<string, Labelled<Json>> = {};
  for (const [name, value] of Object.entries(args)) {
    const about = evidence.filter((entry) => entry.arg === name);
    const isGrounded = about.length > 0 && about.every((entry) => entry.isGrounded);
    const source = about.map((entry) => entry.text).join("; ") || "the model";
    labelled[name] = {
      value,
      label: isGrounded ? { ...floor, integrity: "user", source } : { ...floor, source },
    };
  }
  return labelled;
}

/** The bare values of labelled arguments. */
export function bareArguments(args: Readonly<Record<string, Labelled<Json>>>): JsonObject {
  return Object.fromEntries(Object.entries(args).map(([name, labelled]) => [name, labelled.value]));
}
