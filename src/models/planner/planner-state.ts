import { z } from "zod";
import type { Json, JsonObject } from "../../types/json.ts";

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const object = z.record(z.string(), json) as z.ZodType<JsonObject>;

const openSchema = z.object({
  tool: z.string(),
  /** What is filled already. */
  args: object,
  /** The argument asked for. */
  arg: z.string(),
  question: z.string(),
  options: z.array(z.object({ label: z.string(), value: json })),
  /** What was asked for in the words of the person, for reading the answer in its light. */
  text: z.string(),
  /** ISO date said before, when only the time of day is missing. */
  day: z.string().nullable(),
  /** The answer joins a list of values instead of replacing it. */
  isAddition: z.boolean(),
});

const stateSchema = z.object({
  v: z.literal(1),
  /** A question that waits for an answer. */
  open: openSchema.nullable(),
  /** The last thing done or tried, so that "and next week?" can change a part of it. */
  last: z.object({ tool: z.string(), args: object, text: z.string() }).nullable(),
  /** Clauses of the message that wait for the one before. */
  queue: z.array(z.object({ tool: z.string(), text: z.string() })),
});

/** What the planner gives with every answer and gets back with the next message. */
export type PlannerState = z.infer<typeof stateSchema>;
export type OpenQuestion = NonNullable<PlannerState["open"]>;

export const EMPTY_STATE: PlannerState = { v: 1, open: null, last: null, queue: [] };

/** Reads a state back; anything unknown (another provider's state) is an empty one. */
export function readState(value: Json | undefined): PlannerState {
  const parsed = stateSchema.safeParse(value);
  return parsed.success ? parsed.data : EMPTY_STATE;
}
