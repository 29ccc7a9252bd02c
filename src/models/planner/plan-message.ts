import type { JsonObject } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";
import { stemOf, wordsOf } from "../words.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { DOCUMENTS, GREETING, HELP, NONE, THANKS } from "./built-in-intents.ts";
import { splitClauses } from "./clauses.ts";
import type { Conversation } from "./conversation.ts";
import { type Filled, fillArguments } from "./fill-arguments.ts";
import { readFollowUp } from "./follow-up.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { answerOpen } from "./open-question.ts";
import type { PlannerInput } from "./plan-after-outcomes.ts";
import type { PlannerState } from "./planner-state.ts";
import type { Ranked } from "./rank-intents.ts";
import { type FillContext, type Reading, readText } from "./reading.ts";
import {
  DECISION_REPLY,
  DROPPED_REPLY,
  EMPTY_REPLY,
  NO_QUESTION_REPLY,
  sayGreeting,
  sayHelp,
  sayNothingFound,
  sayNotUnderstood,
  sayQuestion,
  THANKS_REPLY,
} from "./replies.ts";

/** Longest text that is searched for a request; what is dictated may be longer. */
const LONGEST = 20_000;
/** Least probability to act on (chosen on half of the paraphrases in test/models). */
const ACT_READ = 0.4;
const ACT_WRITE = 0.5;

type Base = Omit<FillContext, "tool">;

function baseOf({ request, conversation }: PlannerInput): Base {
  const { directory, principal, now } = request;
  return { conversation, directory, principal, now };
}

const say = (text: string, state: PlannerState): PlannerStep => ({ text, calls: [], citations: [], state });

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

async function answerIt(input: PlannerInput, text: string): Promise<PlannerStep | null> {
  const { conversation, request } = input;
  const open = conversation.state.open;
  const tool = request.tools.find((t) => t.name === open?.tool);
  if (!open || !tool) return null;
  const context: FillContext = { ...baseOf(input), tool };
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

/** Several requests in one message: all at once when they only read, else one after the other. */
async function planSeveral(
  input: PlannerInput,
  clauses: readonly string[],
  state: PlannerState,
): Promise<PlannerStep | null> {
  const { request, conversation } = input;
  const picked: { tool: AnyTool; text: string; reading: Reading }[] = [];
  for (const text of clauses) {
    const reading = readText(text, baseOf(input));
    const ranked = await input.ranker.rank(reading, conversation, request.tools);
    const tool = confident(ranked, request.tools);
    if (!tool) return null;
    picked.push({ tool, text, reading });
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
function inherit(
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

/** The tool a ranking is sure enough of, or null. A change needs more than a look. */
function confident(ranked: readonly Ranked[], tools: readonly AnyTool[]): AnyTool | null {
  const best = ranked[0];
  const tool = tools.find((t) => t.name === best?.intent);
  if (!best || !tool) return null;
  const ratio = best.probability / (ranked[1]?.probability ?? 1e-6);
  if (tool.manifest.effect === "read")
    return best.probability >= ACT_READ || (best.probability >= 0.34 && ratio >= 1.4) ? tool : null;
  return best.probability >= ACT_WRITE || (best.probability >= 0.4 && ratio >= 2.5) ? tool : null;
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
    if (followUp) return callOrAsk(followUp.tool, followUp.filled, text, state);
  }
  if (tool && (sure > 0.75 || !isQuestionOnDocuments(ranked))) {
    return callOrAsk(tool, fillArguments(reading, { ...base, tool }), text, state);
  }
  return answerOrGiveUp(input, text, ranked, tool, reading, conversation);
}

const share = (ranked: readonly Ranked[], intent: string) =>
  ranked.find((r) => r.intent === intent)?.probability ?? 0;

function isQuestionOnDocuments(ranked: readonly Ranked[]): boolean {
  return share(ranked, DOCUMENTS) > 0.25;
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
  const answer = await answerFromPassages(text, request.passages, ranker.encode);
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

/** Calls the tool when everything is there, else asks for the first thing that is not. */
function callOrAsk(tool: AnyTool, filled: Filled, text: string, state: PlannerState): PlannerStep {
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

/** A bare yes or no without a question, or a decision on somebody's action in words. */
function sayToShort(text: string, tools: readonly AnyTool[]): string | null {
  const said = text
    .trim()
    .replace(/[.!,]+$/g, "")
    .toLowerCase();
  if (/^(?:yes|yeah|yep|no|nope|sure|go ahead|do it|confirm|confirmed|y|n)(?: please)?$/.test(said))
    return NO_QUESTION_REPLY;
  const isDecision =
    /^(?:please )?(?:i )?(?:approve|reject|refuse|decline|accept)d?(?: (?:it|that|this|them|the request|the change))?$/.test(
      said,
    );
  const isTools = tools.some((t) => t.manifest.verbs.some((v) => said.includes(v)));
  return isDecision && !isTools ? DECISION_REPLY : null;
}
