import type { Decision } from "./decision.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Labelled } from "./label.ts";
import type { ActionResult, Effect, Preview } from "./tool.ts";

export type ActionStatus =
  | "proposed"
  | "awaiting"
  | "forbidden"
  | "running"
  | "succeeded"
  | "failed"
  | "unknown"
  | "refused"
  | "expired"
  | "undone";

/** Why an argument's value may be trusted, or that it may not; shown on the card. */
export type Evidence = {
  readonly arg: string;
  readonly isGrounded: boolean;
  /** Which rule grounded it (`G1` … `G5`), or why it is held (`ungrounded`, `undeclared`, `content`, `verb`, `budget`). */
  readonly rule: string;
  /** In words: "from your message", "address from a web page, external". */
  readonly text: string;
};

/** One tool call that the model wished for and that the gate knows about. */
export type Action = {
  readonly id: string;
  readonly session: string;
  readonly turn: string;
  /** Id of the model's tool call that it answers. */
  readonly call: string;
  readonly principal: string;
  readonly tool: string;
  readonly effect: Effect;
  readonly resource: string;
  readonly args: Readonly<Record<string, Labelled<Json>>>;
  /** SHA-256 (hex) of tool, canonical arguments and policy version. */
  readonly digest: string;
  readonly policyVersion: string;
  readonly evidence: readonly Evidence[];
  readonly decision: Decision;
  readonly preview: Extract<Preview, { status: "ready" }> | null;
  readonly status: ActionStatus;
  /** Idempotency key: `session:turn:call`. */
  readonly key: string;
  readonly result: ActionResult | null;
  readonly undo: JsonObject | null;
  readonly undoUntil: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};
