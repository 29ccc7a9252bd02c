import type { Json } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";

type Field = { safeParse(value: unknown): { success: boolean } };

/** The schema of one argument, when the tool's schema is an object that shows its parts. */
function fieldOf(tool: AnyTool, arg: string): Field | null {
  const shape = (tool.schema as unknown as { shape?: Record<string, Field> }).shape;
  return shape?.[arg] ?? null;
}

/**
 * The first way of writing a value that the tool's own schema takes; undefined when it takes none.
 * Tools differ in how they want a time or a duration; the schema is what decides.
 */
export function fitField(tool: AnyTool, arg: string, candidates: readonly Json[]): Json | undefined {
  const field = fieldOf(tool, arg);
  if (!field) return candidates[0];
  return candidates.find((value) => field.safeParse(value).success);
}
