import type { AnyTool } from "../../types/tool.ts";
import { stemOf, wordsOf } from "../words.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { DOCUMENTS, GREETING, HELP, NONE, THANKS } from "./built-in-intents.ts";
import { askIntent, baseOf, callOrAsk, type PlannerInput, say } from "./call-or-ask.ts";
import { splitClauses } from "./clauses.ts";
import { confident } from "./confident-tool.ts";
import type { Conversation } from "./conversation.ts";
import { fillArguments } from "./fill-arguments.ts";
import { readFollowUp } from "./follow-up.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { answerIt } from "./plan-answer.ts";
import { inherit, planSeveral } from "./plan-several.ts";
import type { PlannerState } from "./planner-state.ts";
import type { Ranked } from "./rank-intents.ts";
import { type FillContext, type Reading, readText } from "./reading.ts";
import {
  DECISION_REPLY,
  EMPTY_REPLY,
  NO_QUESTION_REPLY,
  NOTHING_OPEN_REPLY,
  STILL_WAITS_REPLY,
  sayGreeting,
  sayHelp,
  sayNothingFound,
  sayNotUnderstood,
  THANKS_REPLY,
} from "./replies.ts";

/** Longest text that is searched for a request; what is dictated may be longer. */
const LONGEST = 20_000;
/** From this probability on a tool is asked about by name. */
const ASK_FROM = 0.25;
/** A whole sentence that means another tool as surely as this is no change of what was asked before. */
const SURE_OF_NEW = 0.8;
const ASKS_ANEW =
  /^\s*(?:(?:and|so|ok|okay|now|please)[\s,]+)*(?:who|what|when|where|which|how|show|list|find|tell|give|look)(?:['’]s)?\b(?!\s+about\b)/i;
/** The step for a new message of the person. */
export async function planMessage(input: PlannerInput): Promise<PlannerStep> {
  const { conversation, request } = input;
  const text = conversation.text.slice(0, LONGEST);
  const state: PlannerState = { ...conversation.state, open: null, queue: [] };
  const hasWords = /[\p{L}\p{N}]/u.test(text);
  if (!hasWords && conversation.files.length === 0) return say(EMPTY_REPLY, conversation.state);
  const open = conversation.state.open;
  if (open) {
    const answered = await answerIt(input, text);
    if (answered) return answered;
  }
  const verbs = new Set(request.tools.flatMap((t) => t.manifest.verbs.flatMap(wordsOf).map(stemOf)));
  const clauses = splitClauses(text, verbs, stemOf);
  if (clauses.length > 1) {
    const several = await planSeveral(input, clauses, state);
    if (several) return several;
  }
  return planClause(
    { ...input, conversation: { ...conversation, state } },
    hasWords ? text : "read this file",
    null,
  );
}

/** One request. `forced` is the tool that was picked for it before. */
export async function planClause(
  input: PlannerInput,
  text: string,
  forced: string | null,
): Promise<PlannerStep> {
  const { conversation, request, ranker } = input;
  const base = baseOf(input);
  const state = conversation.state;
  const reading = readText(text, base);
  if (forced) {
    const tool = request.tools.find((t) => t.name === forced);
    if (!tool) return say(await sayNotUnderstood(text, request.tools, ranker.encode), state);
    const filled = fillArguments(reading, { ...base, tool });
    const args = inherit(tool, filled.args, state.last, request.tools);
    return callOrAsk(
      tool,
      { args, troubles: filled.troubles.filter((t) => args[t.arg] === undefined) },
      text,
      state,
    );
  }
  const short = sayToShort(text, request.tools);
  if (short) return say(short, state);
  const ranked = await ranker.rank(reading, conversation, request.tools);
  const tool = confident(ranked, request.tools);
  const sure = ranked[0]?.probability ?? 0;
  if (state.last) {
    const followUp = readFollowUp({
      reading,
      conversation,
      tools: request.tools,
      ranked: ranked.map((r) => r.intent),
      context: base,
    });
    const before = conversation.earlier[0];
    const isWaiting = before?.outcome.status === "waiting" && before.tool === followUp?.tool.name;
    // A second call would stand beside the one that waits, and both could be approved.
    if (isWaiting && followUp?.tool.manifest.effect !== "read") return say(STILL_WAITS_REPLY, state);
    const isNewQuestion =
      tool && tool.name !== followUp?.tool.name && sure > SURE_OF_NEW && ASKS_ANEW.test(text);
    if (followUp && !isNewQuestion) return callOrAsk(followUp.tool, followUp.filled, text, state);
  }
  if (tool && (sure > 0.75 || !isQuestionOnDocuments(ranked))) {
    return callOrAsk(tool, fillArguments(reading, { ...base, tool }), text, state);
  }
  return answerOrGiveUp(input, text, ranked, tool, reading, conversation);
}

const share = (ranked: readonly Ranked[], intent: string) =>
  ranked.find((r) => r.intent === intent)?.probability ?? 0;

function isQuestionOnDocuments(ranked: readonly Ranked[]): boolean {
  return share(ranked, DOCUMENTS) > 0.2;
}

async function answerOrGiveUp(
  { request, ranker }: PlannerInput,
  text: string,
  ranked: readonly Ranked[],
  tool: AnyTool | null,
  reading: Reading,
  conversation: Conversation,
): Promise<PlannerStep> {
  const { state } = conversation;
  const best = ranked[0]?.intent;
  const sure = ranked[0]?.probability ?? 0;
  if (best === GREETING && sure > 0.5) return say(sayGreeting(request.principal.name, request.tools), state);
  if (best === THANKS && sure > 0.5) return say(THANKS_REPLY, state);
  if (best === HELP && sure > 0.5) return say(sayHelp(request.tools), state);
  const answer = await answerFromPassages(text, request.passages, ranker.encode, request.principal);
  const isAsking =
    /\?\s*$/.test(text) ||
    /^\s*(?:what|who|whom|whose|which|when|where|why|how|is|are|am|do|does|did|can|could|may|must|should|will|would|has|have|explain|describe|summari[sz]e|tell me)\b/i.test(
      text,
    );
  const needed = best === DOCUMENTS ? 0.35 : isAsking ? 0.5 : 0.62;
  if (answer && answer.confidence >= needed) {
    return { text: answer.text, calls: [], citations: answer.citations, state: { ...state, last: null } };
  }
  if (tool)
    return callOrAsk(tool, fillArguments(reading, contextFor(request, conversation, tool)), text, state);
  if (best === DOCUMENTS || (isAsking && best === NONE)) return say(sayNothingFound(request.tools), state);
  const likely = request.tools.find((t) => t.name === best);
  if (likely && sure >= ASK_FROM) return askIntent(likely, text, state);
  return say(await sayNotUnderstood(text, request.tools, ranker.encode), state);
}

function contextFor(
  request: PlannerInput["request"],
  conversation: Conversation,
  tool: AnyTool,
): FillContext {
  const { directory, principal, now } = request;
  return { conversation, directory, principal, now, tool };
}

/** A bare yes or no without a question, or a decision on somebody's action in words. */
function sayToShort(text: string, tools: readonly AnyTool[]): string | null {
  const said = text
    .trim()
    .replace(/[.!,]+$/g, "")
    .toLowerCase();
  if (/^(?:yes|yeah|yep|no|nope|sure|go ahead|do it|confirm|confirmed|y|n)(?: please)?$/.test(said))
    return NO_QUESTION_REPLY;
  if (/^(?:(?:ok|okay|oh|no),? )?(?:never ?mind|forget it|leave it|not now|drop it|stop)$/.test(said))
    return NOTHING_OPEN_REPLY;
  const isDecision =
    /^(?:please )?(?:i )?(?:approve|reject|refuse|decline|accept)d?(?: (?:it|that|this|them|all|all of them|them all|everything|the request|the change))?$/.test(
      said,
    );
  // A tool that approves records of its own kind may be meant; one that arranges who may decide is not.
  const isTools = tools.some(
    ({ manifest }) =>
      manifest.effect !== "read" &&
      Object.values(manifest.args).some((a) => a.role === "rid") &&
      manifest.verbs.some((v) => said.includes(v)),
  );
  return isDecision && !isTools ? DECISION_REPLY : null;
}
