import { randomBytes } from "node:crypto";
import type { Encoder } from "../../types/encoder.ts";
import type { JsonObject } from "../../types/json.ts";
import type { ModelChunk, ModelRequest, Provider, ToolCall } from "../../types/model.ts";
import type { Citation } from "../../types/passage.ts";
import type { AnyTool } from "../../types/tool.ts";
import type { WeightCache } from "../weight-cache.ts";
import { readConversation } from "./conversation.ts";
import { planAfterOutcomes } from "./plan-after-outcomes.ts";
import { planMessage } from "./plan-message.ts";
import type { PlannerState } from "./planner-state.ts";
import { createIntentRanker } from "./rank-intents.ts";

/** What the planner decided at one step. */
export type PlannerStep = {
  readonly text: string;
  readonly calls: readonly { readonly tool: string; readonly args: JsonObject }[];
  readonly citations: readonly Citation[];
  readonly state: PlannerState;
  /** Nothing was made of the message: another reading of it may do better. */
  readonly isLost?: boolean;
};

export type OfflinePlanner = Provider & {
  /** Learns the tools' examples ahead of the first message. */
  warm(tools: readonly AnyTool[]): Promise<void>;
};

/**
 * A model provider without a model: it finds the intent from the tools' manifests, fills the arguments from
 * the person's words, asks for what is missing, and answers questions with sentences of the documents. It
 * reads only what the person wrote; words in results and documents never become calls.
 * @param options.exampleEncoder an encoder of the same vectors that keeps those of the examples between starts
 */
export function createOfflinePlanner(options: {
  readonly encoder: Encoder;
  readonly exampleEncoder?: Encoder;
  /** Keeps what was learned between starts. */
  readonly weightCache?: WeightCache;
  /** Makes ids of calls; random unless given. */
  readonly newCallId?: () => string;
}): OfflinePlanner {
  const ranker = createIntentRanker(options.encoder, options.exampleEncoder, options.weightCache);
  const newCallId = options.newCallId ?? (() => `call_${randomBytes(9).toString("hex")}`);

  async function step(request: ModelRequest): Promise<PlannerStep> {
    const conversation = readConversation(request);
    const input = { request, conversation, ranker };
    return conversation.current.length > 0 ? planAfterOutcomes(input) : planMessage(input);
  }

  return {
    name: "offline-planner",
    warm: (tools) => ranker.warm(tools),
    async *complete(request): AsyncIterable<ModelChunk> {
      request.signal.throwIfAborted();
      const { text, calls, citations, state } = await step(request);
      request.signal.throwIfAborted();
      for (const delta of pieces(text)) yield { type: "text", delta };
      yield {
        type: "done",
        text,
        calls: calls.map((call): ToolCall => ({ id: newCallId(), ...call })),
        citations,
        state,
        usage: { inputTokens: 0, outputTokens: 0 },
      };
    },
  };
}

/** Lines, so that a long answer appears in pieces as any model's does. */
function pieces(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
