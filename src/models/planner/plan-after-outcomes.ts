import type { JsonObject } from "../../types/json.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { DOCUMENTS } from "./built-in-intents.ts";
import { baseOf, type PlannerInput, say } from "./call-or-ask.ts";
import type { Conversation, Outcome } from "./conversation.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { planClause } from "./plan-message.ts";
import type { PlannerState } from "./planner-state.ts";
import { readText } from "./reading.ts";
import { NOTHING_FOUND_REPLY, sayOutcomes, sayQuestion } from "./replies.ts";

/** How sure an answer from the documents must be to stand in for a look that found nothing. */
const ELSEWHERE = 0.6;
/** From this probability on a message may have been a question to the documents. */
const MAYBE_DOCUMENTS = 0.1;

/** The step after calls: goes on with what waits for them, asks what a tool asks, or says what happened. */
export async function planAfterOutcomes(input: PlannerInput): Promise<PlannerStep> {
  const { conversation, request } = input;
  const { current, state } = conversation;
  const elsewhere = await answerElsewhere(input);
  if (elsewhere) return elsewhere;
  const asking = current.find((o) => o.outcome.status === "asks");
  const isAllDone = current.every((o) => o.outcome.status === "succeeded");
  const [next, ...rest] = state.queue;
  if (next && isAllDone) {
    const planned = await planClause(input, next.text, next.tool);
    const queued: PlannerState = { ...planned.state, queue: rest };
    if (planned.calls.length > 0) return { ...planned, text: "", state: queued };
    const said = sayOutcomes(current, request.tools);
    return { ...planned, text: [said, planned.text].filter(Boolean).join("\n\n"), state: queued };
  }
  if (asking?.outcome.status === "asks") {
    const others = current.filter((o) => o !== asking);
    const question = sayQuestion(asking.outcome.question, asking.outcome.options);
    const text = [sayOutcomes(others, request.tools), question].filter(Boolean).join("\n\n");
    return {
      text,
      calls: [],
      citations: [],
      state: { ...state, open: openFor(asking, conversation, asking.args) },
    };
  }
  const left =
    state.queue.length > 0
      ? `I did not go on with the rest: "${state.queue.map((q) => q.text).join('", "')}".`
      : "";
  const text = [sayOutcomes(current, request.tools), left].filter(Boolean).join("\n\n");
  return { text: text || "Nothing was done.", calls: [], citations: [], state: { ...state, queue: [] } };
}

/** A look that found nothing of that name may have been the wrong place to look: the documents may know it. */
async function answerElsewhere(input: PlannerInput): Promise<PlannerStep | null> {
  const { conversation, request, ranker } = input;
  const { current, state, text } = conversation;
  const [only, ...others] = current;
  const tool = request.tools.find((t) => t.name === only?.tool);
  if (!only || others.length > 0 || tool?.manifest.effect !== "read") return null;
  const { outcome } = only;
  if (outcome.status !== "failed" || !outcome.code.endsWith("-404")) return null;
  const answer = await answerFromPassages(text, request.passages, ranker.encode, request.principal);
  if (!answer || answer.confidence < ELSEWHERE) {
    // A guess that found nothing says nothing of where it looked; a plain look-up tells what it did not find.
    const ranked = await ranker.rank(readText(text, baseOf(input)), conversation, request.tools);
    const onDocuments = ranked.find((r) => r.intent === DOCUMENTS)?.probability ?? 0;
    return onDocuments >= MAYBE_DOCUMENTS
      ? say(NOTHING_FOUND_REPLY, { ...state, last: null, queue: [] })
      : null;
  }
  return {
    text: answer.text,
    calls: [],
    citations: answer.citations,
    state: { ...state, last: null, queue: [] },
  };
}

function openFor(asking: Outcome, conversation: Conversation, args: JsonObject): PlannerState["open"] {
  if (asking.outcome.status !== "asks") return null;
  const { arg, question, options } = asking.outcome;
  return {
    tool: asking.tool,
    args,
    arg,
    question,
    options: options.map(({ label, value }) => ({ label, value })),
    text: conversation.text.slice(0, 500),
    day: null,
    isAddition: false,
  };
}
