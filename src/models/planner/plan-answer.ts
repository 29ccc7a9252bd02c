import type { JsonObject } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";
import { stemOf, wordsOf } from "../words.ts";
import { DOCUMENTS, HELP, NONE } from "./built-in-intents.ts";
import { baseOf, callOrAsk, INTENT, type PlannerInput, say } from "./call-or-ask.ts";
import { type Filled, fillArguments } from "./fill-arguments.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { answerOpen } from "./open-question.ts";
import { planClause } from "./plan-message.ts";
import type { Ranked } from "./rank-intents.ts";
import { type FillContext, type Reading, readText } from "./reading.ts";
import { DROPPED_REPLY, sayHelp, sayQuestion, sayWhyAsked } from "./replies.ts";

/** Reads a message as the answer to the open question; null when it is a message of its own. */
export async function answerIt(input: PlannerInput, text: string): Promise<PlannerStep | null> {
  const { conversation, request } = input;
  const open = conversation.state.open;
  const tool = request.tools.find((t) => t.name === open?.tool);
  if (!open || !tool) return null;
  const context: FillContext = { ...baseOf(input), tool };
  if (open.arg === INTENT) {
    const state = { ...conversation.state, open: null };
    if (ASKS_WHY.test(text) || ASKS_AGAIN.test(text))
      return say(
        `I was not sure what "${open.text.slice(0, 120)}" asks for. ${open.question} Say yes or no, or write it in other words.`,
        conversation.state,
      );
    if (
      /^\s*(?:yes|yeah|yep|sure|ok|okay|please do|please|exactly|right|correct|go ahead|do it)\b/i.test(text)
    )
      return planClause({ ...input, conversation: { ...conversation, state } }, open.text, tool.name);
    return /^\s*(?:no|nope|never ?mind|stop|cancel)[.! ]*$/i.test(text) ? say(DROPPED_REPLY, state) : null;
  }
  const reading = readText(text, context);
  if (ASKS_WHY.test(text)) return say(sayWhyAsked(open, tool.manifest.title), conversation.state);
  if (ASKS_AGAIN.test(text))
    return say(
      sayQuestion(`I asked: ${open.question} Or say "never mind".`, open.options),
      conversation.state,
    );
  const ranked = await input.ranker.rank(reading, conversation, request.tools);
  const best = ranked[0];
  const other = request.tools.find((t) => t.name === best?.intent);
  const words = wordsOf(text);
  if (best?.intent === HELP && best.probability > 0.6 && words.length <= 6)
    return say(
      `${sayHelp(request.tools)}\n\nMy question is still open: ${open.question}`,
      conversation.state,
    );
  const isNew = isNewRequest(text, tool, other ?? null, best ?? null, reading);
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

const ASKS_WHY =
  /^\s*(?:but |and )?(?:why(?: do you (?:ask|need (?:that|to know)))?|how come|what for|why is that|what do you mean)\s*[?.!]*\s*$/i;
const ASKS_AGAIN =
  /^\s*(?:what|pardon|sorry|huh|excuse me|say again|come again|which ones?|\?+)\s*[?.!]*\s*$/i;
const ASKS_SOMETHING =
  /^\s*(?:(?:and|but|so|ok|okay|wait|hm+|also|actually)[\s,]+)*(?:what|who|whom|whose|which|when|where|why|how)(?:['’]s)?\b(?! about\b)/i;
const ASKS_WHETHER = /^\s*(?:is|are|am|do|does|did|can|could|may|must|should|will|would|has|have)\b/i;

/**
 * Whether a message that follows a question is a request of its own. Whoever asks something does not answer;
 * "is 3 possible?" answers when a time was asked for, so there the ranking must be sure of something else.
 */
function isNewRequest(
  text: string,
  tool: AnyTool,
  other: AnyTool | null,
  best: Ranked | null,
  reading: Reading,
): boolean {
  const words = wordsOf(text);
  if (!best || words.length < 3) return false;
  const sure = best.probability;
  if (ASKS_SOMETHING.test(text)) return best.intent !== NONE || /\?\s*$/.test(text);
  if (ASKS_WHETHER.test(text)) {
    if (best.intent === DOCUMENTS) return sure > 0.5;
    return other !== null && other.name !== tool.name && sure > 0.6 && words.length >= 4;
  }
  if (best.intent === DOCUMENTS && /\?\s*$/.test(text)) return sure > 0.5;
  if (!other || sure <= 0.6) return false;
  const stems = new Set(other.manifest.verbs.map((v) => stemOf(v)));
  const hasVerb = words.slice(0, 4).some((w) => stems.has(stemOf(w)));
  const isPossessive = /^\s*(?:my|our)\b/i.test(text) && reading.people.every((p) => p.how === "self");
  return (hasVerb || isPossessive) && (other.name !== tool.name || words.length >= 5);
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
