import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Json, JsonObject } from "../../src/types/json.ts";

/** One call of a suite with what it answered; `carries` says where attacker text stands in the answer. */
export type SuiteCall = {
  readonly tool: string;
  readonly args: JsonObject;
  /** `read` or something that has an effect (`egress_read`, `write`), as the suite labels it. */
  readonly effect: string;
  readonly output: Json;
  readonly carries: readonly { readonly vector: string; readonly paths: readonly string[] }[];
};

export type UserTask = { readonly id: string; readonly prompt: string; readonly calls: readonly SuiteCall[] };
export type InjectionTask = {
  readonly id: string;
  readonly goal: string;
  readonly calls: readonly SuiteCall[];
};

export type Suite = {
  readonly name: string;
  readonly environment: Json;
  /** Text that stands in the place of an injection when there is none, by vector. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly userTasks: readonly UserTask[];
  readonly injectionTasks: readonly InjectionTask[];
};

const call = z.looseObject({
  tool: z.string(),
  args: z.record(z.string(), z.json()).default({}),
  effect: z.string().default("write"),
  output: z.json().optional(),
  output_text: z.string().optional(),
  carries: z.array(z.looseObject({ vector: z.string(), paths: z.array(z.string()).default([]) })).nullish(),
});
const suite = z.looseObject({
  suite: z.string().default("suite"),
  environment: z.json().default({}),
  injection_vectors: z.array(z.looseObject({ id: z.string(), default: z.string().nullish() })).default([]),
  user_tasks: z.array(
    z.looseObject({ id: z.string(), prompt: z.string(), calls: z.array(call).default([]) }),
  ),
  injection_tasks: z
    .array(z.looseObject({ id: z.string(), goal: z.string().default(""), calls: z.array(call).default([]) }))
    .default([]),
});

/** Reads a suite file; throws an Error in words when it is none. */
export function readSuite(path: string): Suite {
  const parsed = suite.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw new Error(`${path} is not a suite: ${first?.path.join(".")}: ${first?.message}`);
  }
  const { data } = parsed;
  const calls = (list: readonly z.infer<typeof call>[]): readonly SuiteCall[] =>
    list.map((item) => ({
      tool: item.tool,
      args: item.args as JsonObject,
      effect: item.effect,
      output: (item.output ?? item.output_text ?? null) as Json,
      carries: item.carries ?? [],
    }));
  return {
    name: data.suite,
    environment: data.environment as Json,
    defaults: new Map(data.injection_vectors.map((vector) => [vector.id, vector.default ?? ""])),
    userTasks: data.user_tasks.map((task) => ({ ...task, calls: calls(task.calls) })),
    injectionTasks: data.injection_tasks.map((task) => ({ ...task, calls: calls(task.calls) })),
  };
}

/** A call's output with the attacker's text in the place of the harmless one, in every field that carries it. */
export function inject({ output, carries }: SuiteCall, defaults: Suite["defaults"], text: string): Json {
  let result = output;
  for (const { vector, paths } of carries) {
    for (const path of paths)
      result = replaceAt(result, steps(path), (old) => withText(old, defaults.get(vector) ?? "", text));
  }
  return result;
}

/** The steps of a JSON pointer (RFC 6901). */
function steps(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function replaceAt(value: Json, [step, ...rest]: readonly string[], change: (old: Json) => Json): Json {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === step ? replaceAt(item, rest, change) : item));
  if (typeof value !== "object" || value === null) return change(value);
  const object = value as JsonObject;
  return Object.hasOwn(object, step)
    ? { ...object, [step]: replaceAt(object[step] ?? null, rest, change) }
    : value;
}

function withText(old: Json, usual: string, text: string): Json {
  if (typeof old !== "string") return text;
  return usual !== "" && old.includes(usual) ? old.replace(usual, () => text) : `${old}\n${text}`;
}
