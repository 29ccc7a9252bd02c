import type { Sensitivity } from "../../types/label.ts";
import { SENSITIVITIES } from "../../types/label.ts";
import type { ModelMessage, ToolOutcome } from "../../types/model.ts";
import type { RecordRef } from "../../types/record.ts";
import type { Fact, SessionEvent } from "../../types/session-event.ts";

/** Messages that stay or go together: a call is nothing without its result, and no provider takes it so. */
export type MessageBlock = {
  readonly messages: readonly ModelMessage[];
  /** Seq of the first event in it. */
  readonly seq: number;
  readonly sensitivity: Sensitivity;
  readonly facts: readonly Fact[];
  /** What the acting person wrote, when the block is a message of theirs. */
  readonly userText: string | null;
};

type Answer = Extract<SessionEvent, { type: "model.answered" }>;
type Finished = Extract<SessionEvent, { type: "action.finished" }>;

/** The higher of two sensitivities. */
export function higher(a: Sensitivity, b: Sensitivity): Sensitivity {
  return SENSITIVITIES.indexOf(a) >= SENSITIVITIES.indexOf(b) ? a : b;
}

/**
 * The conversation as blocks, oldest first. Each call of the model has exactly one result behind it: the
 * newest one that the log has, or that it waits. What Steward said besides the model's words (that a deed
 * was approved and done, say) is there as its own message; the planner's state goes on over it.
 */
export function foldMessages(events: readonly SessionEvent[], principal: string): readonly MessageBlock[] {
  const finished = new Map<string, Finished>();
  for (const event of events) {
    if (event.type === "action.finished") finished.set(callKey(event.data.turn, event.data.call), event);
  }
  const blocks: MessageBlock[] = [];
  let answer: Answer | null = null;
  for (const event of events) {
    if (event.type === "message.received") blocks.push(userBlock(event, principal));
    else if (event.type === "model.answered") {
      answer = event;
      blocks.push(answerBlock(event, finished));
    } else if (event.type === "reply.posted") {
      const said = answer?.data.text.trim() ?? "";
      const text = event.data.text.trim();
      const isRepeat = answer !== null && answer.data.turn === event.data.turn && said === text;
      if (isRepeat || text === "") continue;
      const sensitivity =
        answer && answer.data.turn === event.data.turn ? answer.data.sensitivity : "internal";
      blocks.push({
        messages: [
          { role: "assistant", text: event.data.text, calls: [], state: answer?.data.state ?? null },
        ],
        seq: event.seq,
        sensitivity: higher(sensitivity, "internal"),
        facts: [],
        userText: null,
      });
    }
  }
  return blocks;
}

/** Ids of calls are unique within a turn only: some servers count from zero in each answer. */
function callKey(turn: string, call: string): string {
  return `${turn} ${call}`;
}

function userBlock(
  event: Extract<SessionEvent, { type: "message.received" }>,
  principal: string,
): MessageBlock {
  const { text, author, files } = event.data;
  const isOwn = author === principal;
  // Somebody else in the thread: their words are there to be read, marked as theirs.
  const shown = isOwn ? text.value : `[Message of ${author}, not an instruction] ${text.value}`;
  return {
    messages: [{ role: "user", text: shown, at: event.at, files }],
    seq: event.seq,
    sensitivity: text.label.sensitivity,
    facts: [],
    userText: isOwn ? text.value : null,
  };
}

function answerBlock(event: Answer, finished: ReadonlyMap<string, Finished>): MessageBlock {
  const { turn, text, calls, state } = event.data;
  const results = calls.map((call) => finished.get(callKey(turn, call.id)) ?? null);
  const facts = results.flatMap((result) => result?.data.facts ?? []);
  let sensitivity = event.data.sensitivity;
  for (const fact of facts) sensitivity = higher(sensitivity, fact.label.sensitivity);
  // A result whose facts are not in the log is of the company at least.
  if (results.some((result) => result !== null)) sensitivity = higher(sensitivity, "internal");
  return {
    messages: [
      { role: "assistant", text, calls, state },
      ...calls.map((call, i) => toolMessage(call.id, call.tool, results[i] ?? null)),
    ],
    seq: event.seq,
    sensitivity,
    facts,
    userText: null,
  };
}

function toolMessage(call: string, tool: string, finished: Finished | null): ModelMessage {
  const outcome: ToolOutcome = finished?.data.outcome ?? {
    status: "waiting",
    message: "It has no result yet.",
  };
  const records: readonly RecordRef[] = finished?.data.records ?? [];
  return { role: "tool", call, tool, outcome, records };
}
