import type { FileRef } from "./file-ref.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Sensitivity } from "./label.ts";
import type { Citation, Passage } from "./passage.ts";
import type { Directory, Principal } from "./principal.ts";
import type { RecordRef } from "./record.ts";
import type { ActionResult, AnyTool } from "./tool.ts";

export type ToolCall = { readonly id: string; readonly tool: string; readonly args: JsonObject };

/** What became of a call, as the model may see it. */
export type ToolOutcome =
  | ActionResult
  | { readonly status: "waiting"; readonly message: string }
  | { readonly status: "forbidden"; readonly rules: readonly string[]; readonly message: string }
  | { readonly status: "refused" | "expired" | "unknown"; readonly message: string }
  /** Arguments that did not fit the schema: the model may mend them. */
  | { readonly status: "invalid"; readonly message: string };

export type ModelMessage =
  | { readonly role: "user"; readonly text: string; readonly at: Date; readonly files: readonly FileRef[] }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls: readonly ToolCall[];
      /** What the provider wants back at the next step (the planner's open question and focus). */
      readonly state: Json;
    }
  | {
      readonly role: "tool";
      readonly call: string;
      readonly tool: string;
      readonly outcome: ToolOutcome;
      readonly records: readonly RecordRef[];
      /** True when the person has been told of this outcome already (the turn waited and now goes on). */
      readonly isTold?: boolean;
    };

export type ModelRequest = {
  /** Rendered system prompt, passages included as quoted data. */
  readonly system: string;
  /** Version of the prompt, recorded with the answer. */
  readonly promptVersion: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly AnyTool[];
  readonly passages: readonly Passage[];
  readonly principal: Principal;
  readonly directory: Directory;
  readonly now: Date;
  /** Joined sensitivity of everything in it. */
  readonly sensitivity: Sensitivity;
  readonly signal: AbortSignal;
};

export type Usage = { readonly inputTokens: number; readonly outputTokens: number };

/** A step of a model, in pieces. `done` is the last one and holds the whole. */
export type ModelChunk =
  | { readonly type: "text"; readonly delta: string }
  | {
      readonly type: "done";
      readonly text: string;
      readonly calls: readonly ToolCall[];
      readonly citations: readonly Citation[];
      readonly state: Json;
      readonly usage: Usage;
    };

/** A model behind one interface. Throws `StewardError` with an `MDL-…` code when it cannot answer. */
export type Provider = {
  readonly name: string;
  complete(request: ModelRequest): AsyncIterable<ModelChunk>;
};

export type ModelRoute = {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly residency: "on-prem" | "cloud";
  /** Contexts above this never go there, not even as a fallback. */
  readonly maxSensitivity: Sensitivity;
  /** Micro-units of USD per million tokens; null when unknown. */
  readonly price: { readonly inputMicros: number; readonly outputMicros: number } | null;
};
