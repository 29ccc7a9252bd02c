import type { Json, JsonObject } from "../types/json.ts";
import type { Labelled } from "../types/label.ts";

/** The bare values of labelled arguments. */
export function bareArguments(args: Readonly<Record<string, Labelled<Json>>>): JsonObject {
  return Object.fromEntries(Object.entries(args).map(([name, labelled]) => [name, labelled.value]));
}
