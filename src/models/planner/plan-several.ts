import type { JsonObject } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";
import { answerFromPassages, joinAnswers, type PassageAnswer } from "./answer-from-passages.ts";
import { DOCUMENTS } from "./built-in-intents.ts";
import { baseOf, callOrAsk, type PlannerInput } from "./call-or-ask.ts";
import { confident } from "./confident-tool.ts";
import { fillArguments } from "./fill-arguments.ts";
import type { PlannerStep } from "./offline-planner.ts";
import type { PlannerState } from "./planner-state.ts";
import { type Reading, readText } from "./reading.ts";

/** How sure each of several answers must be. */
const SURE_ANSWER = 0.5;

/** Several requests in one message: all at once when they only read, else one after the other. */
export async function planSeveral(
  input: PlannerInput,
  clauses: readonly string[],
  state: PlannerState,
): Promise<PlannerStep | null> {
  const { request, conversation } = input;
  const picked: { tool: AnyTool; text: string; reading: Reading }[] = [];
  const answers: PassageAnswer[] = [];
  for (const text of clauses) {
    const reading = readText(text, baseOf(input));
    const ranked = await input.ranker.rank(reading, conversation, request.tools);
    const tool = confident(ranked, request.tools);
    if (tool) picked.push({ tool, text, reading });
    else {
      const answer = await answerFromPassages(text, request.passages, input.ranker.encode, request.principal);
      if (!answer || answer.confidence < SURE_ANSWER) return null;
      // The same words once more answer nothing more.
      const told = new Set(answers.flatMap((a) => a.citations.map((c) => c.quote)));
      if (answer.citations.every((c) => told.has(c.quote))) return null;
      answers.push(answer);
    }
  }
  if (answers.length > 0) {
    if (picked.length > 0) return null;
    const last = { tool: DOCUMENTS, args: {}, text: clauses.at(-1) ?? "" };
    return { ...joinAnswers(answers), calls: [], state: { ...state, last } };
  }
  const [first, ...rest] = picked;
  if (!first) return null;
  if (picked.every((p) => p.tool.manifest.effect === "read")) {
    const calls: { tool: string; args: JsonObject }[] = [];
    for (const { tool, reading } of picked) {
      const filled = fillArguments(reading, { ...baseOf(input), tool });
      const args = inherit(tool, filled.args, calls.at(-1), request.tools);
      if (!tool.schema.safeParse(args).success) return null;
      calls.push({ tool: tool.name, args });
    }
    const last = calls.at(-1);
    return {
      text: "",
      calls,
      citations: [],
      state: { ...state, last: last ? { ...last, text: clauses.at(-1) ?? "" } : null },
    };
  }
  const step = callOrAsk(
    first.tool,
    fillArguments(first.reading, { ...baseOf(input), tool: first.tool }),
    first.text,
    state,
  );
  return { ...step, state: { ...step.state, queue: rest.map((r) => ({ tool: r.tool.name, text: r.text })) } };
}

/** Names and records that an earlier clause of the same message gave ("look up Globex and log a note …"). */
export function inherit(
  tool: AnyTool,
  args: JsonObject,
  before: { tool: string; args: JsonObject } | null | undefined,
  tools: readonly AnyTool[],
): JsonObject {
  const source = tools.find((t) => t.name === before?.tool);
  if (!before || !source) return args;
  const out: Record<string, JsonObject[string]> = { ...args };
  for (const [arg, spec] of Object.entries(tool.manifest.args)) {
    if (out[arg] !== undefined || !spec.required || (spec.role !== "name" && spec.role !== "rid")) continue;
    const from = Object.entries(source.manifest.args).find(
      ([a, s]) => s.kind === spec.kind && s.role === spec.role && before.args[a] !== undefined,
    );
    const value = from ? before.args[from[0]] : undefined;
    if (value !== undefined) out[arg] = value;
  }
  return out;
}
