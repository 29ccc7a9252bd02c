import type { JsonObject } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";
import { wordsOf } from "../words.ts";
import { DOCUMENTS, HELP, NONE } from "./built-in-intents.ts";
import { baseOf, callOrAsk, INTENT, type PlannerInput, say } from "./call-or-ask.ts";
import { type Filled, fillArguments } from "./fill-arguments.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { answerOpen } from "./open-question.ts";
import { planClause } from "./plan-message.ts";
import { type FillContext, readText } from "./reading.ts";
import { DROPPED_REPLY, sayQuestion } from "./replies.ts";

/** Reads a message as the answer to the open question; null when it is a message of its own. */
export async function answerIt(input: PlannerInput, text: string): Promise<PlannerStep | null> {
  const { conversation, request } = input;
  const open = conversation.state.open;
  const tool = request.tools.find((t) => t.name === open?.tool);
  if (!open || !tool) return null;
  const context: FillContext = { ...baseOf(input), tool };
  if (open.arg === INTENT) {
    const state = { ...conversation.state, open: null };
    if (
      /^\s*(?:yes|yeah|yep|sure|ok|okay|please do|please|exactly|right|correct|go ahead|do it)\b/i.test(text)
    )
      return planClause({ ...input, conversation: { ...conversation, state } }, open.text, tool.name);
    return /^\s*(?:no|nope|never ?mind|stop|cancel)[.! ]*$/i.test(text) ? say(DROPPED_REPLY, state) : null;
  }
  const reading = readText(text, context);
  const ranked = await input.ranker.rank(reading, conversation, request.tools);
  const best = ranked[0];
  const other = request.tools.find((t) => t.name === best?.intent);
  const words = wordsOf(text);
  const hasVerb = other?.manifest.verbs.some((v) => words.slice(0, 4).includes(v)) ?? false;
  const isQuestion = best?.intent === DOCUMENTS && /\?\s*$/.test(text) && best.probability > 0.6;
  const isNew =
    (best !== undefined &&
      best.probability > 0.6 &&
      other !== undefined &&
      hasVerb &&
      words.length >= 3 &&
      (other.name !== tool.name || words.length >= 5)) ||
    isQuestion ||
    (best?.intent === HELP && best.probability > 0.8);
  const answer = answerOpen(open, text, context, isNew);
  if (answer.kind === "dropped") return say(DROPPED_REPLY, { ...conversation.state, open: null, queue: [] });
  if (answer.kind === "other") {
    if (isNew || other || (best && best.probability > 0.5 && best.intent !== NONE)) return null;
    // Neither an answer nor anything else: ask once more, with the options.
    if (words.length > 6) return null;
    return say(
      sayQuestion(`I could not read that as an answer. ${open.question}`, open.options),
      conversation.state,
    );
  }
  const filled: Filled =
    answer.kind === "asks"
      ? { args: answer.args, troubles: [answer.trouble] }
      : { args: answer.args, troubles: stillMissing(tool, answer.args, open.text, context) };
  return callOrAsk(tool, filled, open.text, { ...conversation.state, open: null });
}

/** What else the request lacks once one question is answered. */
function stillMissing(
  tool: AnyTool,
  args: JsonObject,
  text: string,
  context: FillContext,
): Filled["troubles"] {
  const again = fillArguments(readText(text, context), context);
  return again.troubles.filter((t) => args[t.arg] === undefined && !isTwinFilled(tool, t.arg, args));
}

function isTwinFilled(tool: AnyTool, arg: string, args: JsonObject): boolean {
  const kind = tool.manifest.args[arg]?.kind;
  return (
    kind !== undefined &&
    Object.entries(tool.manifest.args).some(([a, s]) => s.kind === kind && args[a] !== undefined)
  );
}
