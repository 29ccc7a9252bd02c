import type { ExecutorDeps } from "../actions/executor-deps.ts";
import type { Delta } from "../types/channel.ts";
import type { Sensitivity } from "../types/label.ts";
import type { ModelChunk, ModelMessage, ModelRequest } from "../types/model.ts";
import type { Passage } from "../types/passage.ts";
import type { Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact, SessionEvent } from "../types/session-event.ts";
import type { AnyTool } from "../types/tool.ts";

/** A chunk of whichever route answered; the last one says which it was. */
export type RoutedChunk =
  | Extract<ModelChunk, { type: "text" }>
  | (Extract<ModelChunk, { type: "done" }> & {
      readonly route: string;
      readonly provider: string;
      readonly model: string;
      /** Said to the person when another route than the first answered. */
      readonly note: string | null;
      /** Millionths of a US dollar; null when the price is not known. */
      readonly costMicros: number | null;
    });

/** What a stretch of the log means for the next step of a turn. */
export type AssembledContext = {
  readonly messages: readonly ModelMessage[];
  readonly facts: readonly Fact[];
  /** Records of the person's own earlier requests, the latest first. */
  readonly focus: readonly RecordRef[];
  readonly sensitivity: Sensitivity;
};

/** What a turn is handed by the composition root. */
export type TurnDeps = ExecutorDeps & {
  readonly complete: (request: ModelRequest) => AsyncIterable<RoutedChunk>;
  readonly retrieve: (query: string, reader: Principal) => Promise<readonly Passage[]>;
  readonly assemble: (input: {
    readonly events: readonly SessionEvent[];
    readonly principal: string;
    readonly passages: readonly Passage[];
    readonly tools: readonly AnyTool[];
  }) => AssembledContext;
  readonly renderPrompt: (input: {
    readonly principal: Principal;
    readonly tools: readonly AnyTool[];
    readonly passages: readonly Passage[];
    readonly now: Date;
  }) => { readonly text: string; readonly version: string };
  /** Words and steps as they come, for channels that show them. Must not throw. */
  readonly onDelta: (delta: Delta) => void;
  /** An approval was asked for or closed: its deadline and its approvers' views change. Must not throw. */
  readonly onApproval: (approval: { readonly id: string; readonly expiresAt: Date }) => void;
  readonly limits: {
    readonly maxSteps: number;
    /** Calls in one answer. */
    readonly maxCalls: number;
    /** Tokens in and out of a turn: bounds what it costs also where no price is known. */
    readonly maxTokens: number;
    readonly maxCostMicros: number;
  };
};
