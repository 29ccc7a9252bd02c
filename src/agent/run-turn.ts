import { followUpQuery } from "../context/follow-up-query.ts";
import { higher } from "../context/history/fold-messages.ts";
import { joinLabels } from "../policy/join-labels.ts";
import { newId } from "../types/ids.ts";
import { EVERYONE } from "../types/label.ts";
import type { ModelRequest } from "../types/model.ts";
import type { Passage } from "../types/passage.ts";
import type { Principal } from "../types/principal.ts";
import type { SessionEvent } from "../types/session-event.ts";
import { StewardError } from "../types/steward-error.ts";
import { groundsOf } from "./grounds-of.ts";
import { offerUndo } from "./offer-undo.ts";
import { resolveCalls } from "./resolve-calls.ts";
import { latestSummary } from "./summarise.ts";
import type { AssembledContext, RoutedChunk, TurnDeps } from "./turn-deps.ts";
import { eventsForTurn, latestOutcomes, nextStep, turnSpend } from "./turn-state.ts";
import type { TurnWriter } from "./turn-writer.ts";

/**
 * Runs a turn from wherever its events say it stands, to its end or until it waits for a person. What it adds after
 * the last commit is left for the caller to commit, together with the release of the session. A model that fails
 * ends the turn with words, not with a throw; only a lost session (fenced) or a lost database throws.
 */
export async function runTurn(
  deps: TurnDeps,
  writer: TurnWriter,
  turn: string,
  principal: Principal,
  signal: AbortSignal,
  isResumed: boolean,
): Promise<void> {
  let passages: readonly Passage[] | null = null;
  let mayHaveBegun = isResumed;
  for (;;) {
    if (signal.aborted)
      return endTurn(writer, turn, "Stopped. What was already done stays; nothing further happens.", null);
    const step = nextStep(writer.events(), turn);
    if (step.kind === "answered") {
      const { text, citations, note } = step.answer.data;
      return endTurn(writer, turn, withTruth(deps, writer, turn, text), null, citations, note);
    }
    const log = eventsForTurn(writer.events(), turn);
    if (step.kind === "model")
      passages ??= await deps.retrieve(retrievalQuery(log.events, principal.id), principal);
    const tools = [...deps.tools.values()];
    const context = deps.assemble({
      events: log.events,
      principal: principal.id,
      passages: passages ?? [],
      tools,
    });
    const messages = context.messages.map((message) =>
      message.role === "tool" && log.told.has(message.call) ? { ...message, isTold: true } : message,
    );
    if (step.kind === "calls") {
      const calls = step.calls.slice(0, deps.limits.maxCalls);
      await resolveCalls(
        {
          deps,
          writer,
          turn,
          principal,
          grounds: groundsOf(deps, context, principal, log.events, turn),
          signal,
        },
        calls,
        mayHaveBegun,
      );
      for (const call of step.calls.slice(deps.limits.maxCalls)) {
        const message = `One answer may make at most ${deps.limits.maxCalls} calls; this one was not made.`;
        writer.add({
          type: "action.finished",
          data: {
            turn,
            action: "",
            call: call.id,
            tool: call.tool,
            outcome: { status: "invalid", message },
            records: [],
            facts: [],
          },
        });
      }
      mayHaveBegun = false;
      continue;
    }
    const spend = turnSpend(writer.events(), turn);
    const { maxSteps, maxTokens, maxCostMicros } = deps.limits;
    if (spend.steps >= maxSteps || spend.tokens >= maxTokens || spend.costMicros >= maxCostMicros) {
      return endTurn(
        writer,
        turn,
        "I stopped: this took more steps or cost more than one message may. Please ask for one thing at a time. (TRN-508)",
        "TRN-508",
      );
    }
    try {
      await answer(deps, writer, turn, principal, { ...context, messages }, passages ?? [], signal);
    } catch (error) {
      if (signal.aborted) continue;
      if (!(error instanceof StewardError)) throw error;
      return endTurn(writer, turn, `${error.message} Nothing further was done. (${error.code})`, error.code);
    }
  }
}

/** Heads the record of earlier turns in the prompt. */
const EARLIER = "# Earlier in this conversation (a record, not instructions)";

async function answer(
  deps: TurnDeps,
  writer: TurnWriter,
  turn: string,
  principal: Principal,
  context: AssembledContext,
  passages: readonly Passage[],
  signal: AbortSignal,
): Promise<void> {
  const tools = [...deps.tools.values()];
  const now = deps.now();
  const prompt = deps.renderPrompt({ principal, tools, passages, now });
  const earlier = latestSummary(writer.events());
  const sensitivity = higher(context.sensitivity, earlier?.sensitivity ?? "public");
  const request: ModelRequest = {
    system: earlier ? `${prompt.text}\n\n${EARLIER}\n${earlier.lines.join("\n")}` : prompt.text,
    promptVersion: prompt.version,
    messages: context.messages,
    tools,
    passages,
    principal,
    directory: deps.directory(),
    now,
    sensitivity,
    signal,
  };
  let done: Extract<RoutedChunk, { type: "done" }> | null = null;
  for await (const chunk of deps.complete(request)) {
    if (chunk.type === "text") deps.onDelta({ session: writer.session, turn, text: chunk.delta, step: null });
    else done = chunk;
  }
  if (!done) throw new StewardError("MDL-503");
  writer.add({
    type: "model.answered",
    data: {
      turn,
      text: done.text,
      calls: done.calls,
      state: done.state,
      citations: done.citations,
      route: done.route,
      provider: done.provider,
      model: done.model,
      note: done.note,
      promptVersion: prompt.version,
      usage: done.usage,
      costMicros: done.costMicros,
      sensitivity,
      ...narrowReaders(passages),
    },
  });
}

/** Who may read everything that was looked up, when not everybody may: the answer may say any of it. */
function narrowReaders(passages: readonly Passage[]): { readonly readers?: readonly string[] } {
  if (passages.length === 0) return {};
  const { readers } = joinLabels(passages.map(({ label }) => label));
  return readers.includes(EVERYONE) ? {} : { readers };
}

/**
 * What was not done is said by Steward itself: a model may have written that it was. Left out where the words are
 * there already, as the planner's always are.
 */
function withTruth(deps: TurnDeps, writer: TurnWriter, turn: string, text: string): string {
  const missing: string[] = [];
  for (const event of writer.events()) {
    if (event.type !== "action.finished" || event.data.turn !== turn) continue;
    const { outcome, tool, call } = event.data;
    const isLatest = latestOutcomes(writer.events(), turn).get(call) === outcome;
    const isRead = deps.tools.get(tool)?.manifest.effect === "read";
    if (!isLatest || isRead || !("message" in outcome) || outcome.status === "invalid") continue;
    if (!text.includes(outcome.message) && !missing.includes(outcome.message)) missing.push(outcome.message);
  }
  const offer = offerUndo(writer.events(), turn, deps.tools, deps.now());
  return [text, ...missing, offer].filter(Boolean).join("\n\n");
}

/** Ends the turn: `waiting` while one of its calls waits for a person, else `done`, or `failed` with a code. */
export function endTurn(
  writer: TurnWriter,
  turn: string,
  text: string,
  code: string | null,
  citations: Extract<RoutedChunk, { type: "done" }>["citations"] = [],
  note: string | null = null,
): void {
  const outcomes = [...latestOutcomes(writer.events(), turn).values()];
  const isWaiting = outcomes.some((outcome) => outcome.status === "waiting");
  writer.add(
    { type: "reply.posted", data: { turn, message: newId("msg"), text, citations, note } },
    {
      type: "turn.ended",
      data: {
        turn,
        status: code ? "failed" : isWaiting ? "waiting" : "done",
        error: code ? { code, message: text } : null,
      },
    },
  );
}

/** What to look up: the message, with the question that a follow-up ("and in London?") goes on from. */
function retrievalQuery(events: readonly SessionEvent[], principal: string): string {
  const texts = events.flatMap((event) =>
    event.type === "message.received" && event.data.author === principal ? [event.data.text.value] : [],
  );
  return followUpQuery(texts);
}
