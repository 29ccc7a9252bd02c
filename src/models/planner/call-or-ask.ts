import type { JsonObject } from "../../types/json.ts";
import type { ModelRequest } from "../../types/model.ts";
import type { AnyTool } from "../../types/tool.ts";
import type { Conversation } from "./conversation.ts";
import type { Filled } from "./fill-arguments.ts";
import type { PlannerStep } from "./offline-planner.ts";
import type { PlannerState } from "./planner-state.ts";
import type { IntentRanker } from "./rank-intents.ts";
import type { FillContext } from "./reading.ts";
import { sayQuestion } from "./replies.ts";

/** What every part of the planner is given at a step. */
export type PlannerInput = {
  readonly request: ModelRequest;
  readonly conversation: Conversation;
  readonly ranker: IntentRanker;
};

/** Stands for an argument's name in the question which tool is wanted. */
export const INTENT = "#intent";

export const say = (text: string, state: PlannerState): PlannerStep => ({
  text,
  calls: [],
  citations: [],
  state,
});

export function baseOf({ request, conversation }: PlannerInput): Omit<FillContext, "tool"> {
  const { directory, principal, now } = request;
  return { conversation, directory, principal, now };
}

/** Calls the tool when everything is there, else asks for the first thing that is not. */
export function callOrAsk(tool: AnyTool, filled: Filled, text: string, state: PlannerState): PlannerStep {
  const last = { tool: tool.name, args: filled.args, text: text.slice(0, 500) };
  const [trouble] = filled.troubles;
  if (!trouble) {
    const parsed = tool.schema.safeParse(filled.args);
    if (parsed.success)
      return {
        text: "",
        calls: [{ tool: tool.name, args: filled.args }],
        citations: [],
        state: { ...state, open: null, last },
      };
    const arg = String(parsed.error.issues[0]?.path[0] ?? "");
    const spec = tool.manifest.args[arg];
    const question = spec?.question ?? (spec ? `${spec.label}: what should it be?` : null);
    if (!question)
      return say(
        `I could not ${tool.manifest.title} from these words. Please say it with a few more details, for example: "${tool.manifest.examples[0] ?? ""}".`,
        { ...state, last },
      );
    return ask(tool, filled.args, { arg, question, options: [] }, text, { ...state, last });
  }
  return ask(tool, filled.args, trouble, text, { ...state, last });
}

function ask(
  tool: AnyTool,
  args: JsonObject,
  trouble: Filled["troubles"][number],
  text: string,
  state: PlannerState,
): PlannerStep {
  const { arg, question, options } = trouble;
  return say(sayQuestion(question, options), {
    ...state,
    open: {
      tool: tool.name,
      args,
      arg,
      question,
      options: options.map(({ label, value }) => ({ label, value })),
      text: text.slice(0, 500),
      day: trouble.day ?? null,
      isAddition: trouble.isAddition === true,
    },
  });
}

/** Half sure of what is wanted: asks instead of doing it or giving up. */
export function askIntent(tool: AnyTool, text: string, state: PlannerState): PlannerStep {
  const question = `Do you want me to ${tool.manifest.title}?`;
  const open = {
    tool: tool.name,
    args: {},
    arg: INTENT,
    question,
    options: [],
    text: text.slice(0, 500),
    day: null,
    isAddition: false,
  };
  return say(question, { ...state, open });
}
