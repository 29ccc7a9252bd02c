import type { AnyTool } from "../../types/tool.ts";
import { createSpeller, type Speller } from "../spelling.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";
import { answerFollowUp } from "./answer-follow-up.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { BUILT_IN_EXAMPLES, DOCUMENTS, NONE } from "./built-in-intents.ts";
import { askIntent, baseOf, callOrAsk, type PlannerInput, say } from "./call-or-ask.ts";
import { splitClauses } from "./clauses.ts";
import { confident } from "./confident-tool.ts";
import { type Conversation, kindsInFocus } from "./conversation.ts";
import { impossibleDeed, toolsFor } from "./direct-object.ts";
import { type Filled, fillArguments } from "./fill-arguments.ts";
import { areVerbs } from "./fill-values.ts";
import { focusRequest } from "./focus-request.ts";
import { readFollowUp } from "./follow-up.ts";
import { readNegated, sayLeft } from "./negated-request.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { sayOtherLanguage } from "./other-language.ts";
import { findPeople } from "./people.ts";
import { kindWords } from "./phrases.ts";
import { plainRequest } from "./plain-request.ts";
import { answerIt } from "./plan-answer.ts";
import { inherit, planSeveral } from "./plan-several.ts";
import type { PlannerState } from "./planner-state.ts";
import type { Ranked } from "./rank-intents.ts";
import { type FillContext, type Reading, readText } from "./reading.ts";
import { findReference } from "./references.ts";
import {
  EMPTY_REPLY,
  NOTHING_FOUND_REPLY,
  OUT_OF_SCOPE_REPLY,
  STILL_WAITS_REPLY,
  sayCannot,
  sayNotUnderstood,
} from "./replies.ts";
import { sayBySmallTalk, sayIfAbility, sayToShort } from "./small-talk.ts";

/** Longest text that is searched for a request; what is dictated may be longer. */
const LONGEST = 20_000;
/** From this probability on a tool is asked about by name. */
const ASK_FROM = 0.25;
/** A whole sentence that means another tool as surely as this is no change of what was asked before. */
const SURE_OF_NEW = 0.8;
/** From this probability on a message is none of Steward's business, rather than words it does not know. */
const SURE_OF_NONE = 0.6;
const ASKS_ANEW =
  /^\s*(?:(?:and|so|ok|okay|now|please)[\s,]+)*(?:who|what|when|where|which(?! ones?\b)|how|show|list|find|tell|give|look)(?:['’]s)?\b(?!\s+about\b)/i;
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
  const verbs = new Set(request.tools.flatMap((t) => t.manifest.verbs.map((v) => v.toLowerCase())));
  const foreign = sayOtherLanguage(text);
  if (foreign) return say(foreign, state);
  const negated = readNegated(text);
  if (negated && !negated.instead) return say(sayLeft(conversation, isRead(request.tools)), state);
  const fresh: PlannerInput = { ...input, conversation: { ...conversation, state } };
  const focused = focusRequest(negated?.instead ?? text, (part) =>
    findPeople(part, request.directory, request.principal),
  );
  const wanted = plainRequest(focused, verbs);
  const planned = await planRequest(fresh, hasWords ? wanted : "read this file");
  if (!planned.isLost || !hasWords) return planned;
  // Not understood as it stands: perhaps a slip of the fingers stands in the way.
  const corrected = spellerFor(request.tools).correct(wanted);
  if (corrected === wanted) return planned;
  const again = await planRequest(fresh, corrected);
  return again.isLost ? planned : again;
}

async function planRequest(input: PlannerInput, text: string): Promise<PlannerStep> {
  const { request, conversation } = input;
  const verbs = new Set(request.tools.flatMap((t) => t.manifest.verbs.flatMap(wordsOf).map(stemOf)));
  const clauses = splitClauses(text, verbs, stemOf);
  if (clauses.length > 1) {
    const several = await planSeveral(input, clauses, conversation.state);
    if (several) return several;
  }
  return planClause(input, text, null);
}

const isRead = (tools: readonly AnyTool[]) => (name: string) =>
  tools.find((t) => t.name === name)?.manifest.effect === "read";

/** Lines of no meaning teach no words. */
const EVERYDAY = BUILT_IN_EXAMPLES.map((e) => e.text).filter((text) => wordsOf(text).some(isFunctionWord));

let spelling: { readonly key: string; readonly spell: Speller } | null = null;

/** Knows the words of the tools' examples and of everyday questions. */
function spellerFor(tools: readonly AnyTool[]): Speller {
  const key = tools.map((t) => t.name).join();
  if (spelling?.key !== key) {
    const texts = tools.flatMap(({ manifest }) => [manifest.title, ...manifest.verbs, ...manifest.examples]);
    spelling = { key, spell: createSpeller([...texts, ...EVERYDAY]) };
  }
  return spelling.spell;
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
  const short = sayToShort(text, request.tools, conversation);
  if (short) return say(short, state);
  const ability = await sayIfAbility(text, reading, conversation, request.tools, ranker);
  if (ability) return say(ability, state);
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
  const fixed = tool ? sayUnchangeable(tool, reading, conversation, request.tools) : null;
  if (fixed) return say(fixed, state);
  const onDocuments = await answerFollowUp(input, text, tool, sure);
  if (onDocuments) return onDocuments;
  const object = impossibleDeed(text, request.tools);
  if (object) return say(sayCannot(object.verb, object.word, toolsFor(object.kind, request.tools)), state);
  if (tool && (sure > 0.75 || !isQuestionOnDocuments(ranked))) {
    return callOrAsk(
      tool,
      withVerbOfLast(tool, fillArguments(reading, { ...base, tool }), text, state),
      text,
      state,
    );
  }
  return answerOrGiveUp(input, text, ranked, tool, reading, conversation);
}

/** "And every Friday my open deals" goes on with the verb of the request before ("send me …"). */
function withVerbOfLast(tool: AnyTool, filled: Filled, text: string, { last }: PlannerState): Filled {
  if (last?.tool !== tool.name || !/^\s*and\b/i.test(text)) return filled;
  const more = Object.entries(tool.manifest.args).filter(
    ([arg, s]) =>
      s.choices &&
      filled.args[arg] === undefined &&
      last.args[arg] !== undefined &&
      areVerbs(s.choices, tool.manifest.verbs),
  );
  const kept = more.flatMap(([arg]) => {
    const value = last.args[arg];
    return value === undefined ? [] : [[arg, value] as const];
  });
  return { ...filled, args: { ...filled.args, ...Object.fromEntries(kept) } };
}

/** "Make it 10" of something that no tool changes: said so, instead of asking which other thing is meant. */
function sayUnchangeable(
  { manifest }: AnyTool,
  reading: Reading,
  conversation: Conversation,
  tools: readonly AnyTool[],
): string | null {
  const [kind] = kindsInFocus(conversation);
  if (manifest.effect === "read" || !kind || findReference(reading.text)?.how !== "it") return null;
  const kindsOf = (m: AnyTool["manifest"]) =>
    Object.values(m.args).flatMap((s) => (s.role === "rid" && s.kind && s.kind !== "file" ? [s.kind] : []));
  const own = kindsOf(manifest);
  const takes = tools.filter((t) => t.manifest.effect !== "read" && kindsOf(t.manifest).includes(kind));
  if (
    own.length === 0 ||
    own.includes(kind) ||
    takes.length === 0 ||
    reading.people.some((p) => p.how === "name")
  )
    return null;
  const isNamed = wordsOf(reading.text).some((w) =>
    own.some((k) => kindWords(k).map(stemOf).includes(stemOf(w))),
  );
  const thing = kind.split(".").at(-1) ?? kind;
  return isNamed ? null : sayCannot("change", thing, toolsFor(thing, tools));
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
  const talk = sayBySmallTalk(ranked, request.principal.name, request.tools, conversation);
  if (talk) return say(talk, state);
  const answer = await answerFromPassages(text, request.passages, ranker.encode, request.principal);
  const last = { tool: DOCUMENTS, args: {}, text: text.slice(0, 500) };
  const isAsking =
    /\?\s*$/.test(text) ||
    /^\s*(?:what|who|whom|whose|which|when|where|why|how|is|are|am|do|does|did|can|could|may|must|should|will|would|has|have|explain|describe|summari[sz]e|tell me)\b/i.test(
      text,
    );
  const needed = best === DOCUMENTS ? 0.35 : isAsking ? 0.5 : 0.62;
  if (answer && answer.confidence >= needed) {
    return { text: answer.text, calls: [], citations: answer.citations, state: { ...state, last } };
  }
  if (tool)
    return callOrAsk(tool, fillArguments(reading, contextFor(request, conversation, tool)), text, state);
  if (best === DOCUMENTS) return lost(NOTHING_FOUND_REPLY, state);
  const { knows } = spellerFor(request.tools);
  const words = wordsOf(text).filter((word) => !isFunctionWord(word));
  const isTold = words.filter(knows).length * 2 >= words.length;
  if (best === NONE && sure > SURE_OF_NONE && isTold) return lost(OUT_OF_SCOPE_REPLY, state);
  if (isAsking && best === NONE) return lost(NOTHING_FOUND_REPLY, state);
  const likely = request.tools.find((t) => t.name === best);
  if (likely && sure >= ASK_FROM) return askIntent(likely, text, state);
  return lost(await sayNotUnderstood(text, request.tools, ranker.encode), state);
}

const lost = (text: string, state: PlannerState): PlannerStep => ({ ...say(text, state), isLost: true });

function contextFor(
  request: PlannerInput["request"],
  conversation: Conversation,
  tool: AnyTool,
): FillContext {
  const { directory, principal, now } = request;
  return { conversation, directory, principal, now, tool };
}
