import type { Sensitivity } from "../../types/label.ts";
import type { ModelMessage } from "../../types/model.ts";
import type { Passage } from "../../types/passage.ts";
import type { RecordRef } from "../../types/record.ts";
import type { Fact, SessionEvent } from "../../types/session-event.ts";
import type { AnyTool } from "../../types/tool.ts";
import { foldMessages, higher, type MessageBlock } from "./fold-messages.ts";
import { recentRecords } from "./recent-records.ts";

export type ContextLimits = {
  readonly maxMessages: number;
  /** Letters of all messages together, arguments and results as JSON. About four a token. */
  readonly maxChars: number;
  /** Letters that the data of one result may have once its turn is over. */
  readonly maxOldDataChars: number;
};

const CONTEXT_LIMITS: ContextLimits = { maxMessages: 60, maxChars: 48_000, maxOldDataChars: 4_000 };

export type AssembledContext = {
  readonly messages: readonly ModelMessage[];
  /** Facts of the results in the window, oldest first. */
  readonly facts: readonly Fact[];
  /** What the acting person wrote in the window, oldest first; the last one is the newest. */
  readonly userTexts: readonly string[];
  /** What "it" may mean, newest first. */
  readonly focus: readonly RecordRef[];
  readonly sensitivity: Sensitivity;
  /** Whether older messages were left out. */
  readonly isCut: boolean;
};

/**
 * What a model step is given of a session: the newest messages that fit, whole blocks only, beginning with
 * words of a person. The newest message of the person and all that came after it stay whatever their size.
 * Everything else in the result speaks of the same window, so that what the model can no longer see can
 * neither ground an argument nor raise the sensitivity.
 */
export function assembleContext(input: {
  readonly events: readonly SessionEvent[];
  readonly principal: string;
  readonly passages: readonly Passage[];
  /** Tools of the turn, for their effects. */
  readonly tools?: readonly AnyTool[];
  readonly limits?: Partial<ContextLimits>;
}): AssembledContext {
  const limits = { ...CONTEXT_LIMITS, ...input.limits };
  const blocks = foldMessages(input.events, input.principal);
  const kept = window(blocks, limits);
  const effects = new Map((input.tools ?? []).map(({ name, manifest }) => [name, manifest.effect]));
  const from = kept[0]?.seq ?? 0;
  const events = input.events.filter((event) => event.seq >= from || event.type === "message.received");
  return {
    messages: kept.flatMap((block) => block.messages),
    facts: kept.flatMap((block) => block.facts),
    userTexts: kept.flatMap((block) => (block.userText === null ? [] : [block.userText])),
    focus: recentRecords(events, input.principal, (name) => effects.get(name) ?? null),
    sensitivity: contextSensitivity(kept, input.passages),
    isCut: kept.length < blocks.length,
  };
}

/** Joined sensitivity of blocks and passages. At least internal: the prompt itself names people. */
export function contextSensitivity(
  blocks: readonly Pick<MessageBlock, "sensitivity">[],
  passages: readonly Passage[],
): Sensitivity {
  let joined: Sensitivity = "internal";
  for (const { sensitivity } of blocks) joined = higher(joined, sensitivity);
  for (const { label } of passages) joined = higher(joined, label.sensitivity);
  return joined;
}

function window(blocks: readonly MessageBlock[], limits: ContextLimits): readonly MessageBlock[] {
  const newest = Math.max(
    0,
    blocks.findLastIndex((block) => block.userText !== null),
  );
  const trimmed = blocks.map((block, i) => (i < newest ? trim(block, limits.maxOldDataChars) : block));
  let messages = 0;
  let chars = 0;
  let start = trimmed.length;
  for (let i = trimmed.length - 1; i >= 0; i--) {
    const block = trimmed[i];
    if (!block) break;
    messages += block.messages.length;
    chars += block.messages.reduce((sum, message) => sum + sizeOf(message), 0);
    if (i < newest && (messages > limits.maxMessages || chars > limits.maxChars)) break;
    start = i;
  }
  // An answer without its question says nothing, and some providers refuse it.
  while (start < newest && trimmed[start]?.messages[0]?.role !== "user") start++;
  return trimmed.slice(start);
}

/** Old results keep what they said; their data goes when it is large. */
function trim(block: MessageBlock, maxChars: number): MessageBlock {
  const messages = block.messages.map((message): ModelMessage => {
    if (message.role !== "tool" || message.outcome.status !== "succeeded") return message;
    if (JSON.stringify(message.outcome.data).length <= maxChars) return message;
    const summary = message.outcome.summary.slice(0, maxChars);
    return { ...message, outcome: { ...message.outcome, summary, data: {} } };
  });
  return { ...block, messages };
}

function sizeOf(message: ModelMessage): number {
  if (message.role === "user") return message.text.length;
  if (message.role === "assistant") return message.text.length + JSON.stringify(message.calls).length;
  return JSON.stringify(message.outcome).length;
}
