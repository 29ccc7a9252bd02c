import type { FileRef } from "./file-ref.ts";
import type { Json } from "./json.ts";
import type { Label, Labelled, Sensitivity } from "./label.ts";
import type { ToolCall, ToolOutcome, Usage } from "./model.ts";
import type { Citation } from "./passage.ts";
import type { RecordRef } from "./record.ts";

/** A value met in a tool result, with its label and the record it stands in; the gate grounds by these. */
export type Fact = {
  readonly value: string | number | boolean;
  /** Kind of value as the manifest declares it (`email`, `money`, a record kind …) or null. */
  readonly kind: string | null;
  readonly path: string;
  readonly label: Label;
  /** The record it belongs to, when the result says so. */
  readonly record: RecordRef | null;
};

/** The append-only log of a session, one sentence a type. State is the fold of these. */
export type SessionEventMap = {
  /** A person said something. */
  "message.received": { message: string; author: string; text: Labelled<string>; files: readonly FileRef[] };
  /** A turn took up one or more messages. */
  "turn.started": { turn: string; messages: readonly string[] };
  /** Another worker went on with a turn whose worker had died; the third try is the last. */
  "turn.resumed": { turn: string; attempt: number };
  /** The model answered a step: words, tool calls or both. */
  "model.answered": {
    turn: string;
    text: string;
    calls: readonly ToolCall[];
    state: Json;
    citations: readonly Citation[];
    route: string;
    provider: string;
    model: string;
    /** Said to the person when another route than the first answered. */
    note: string | null;
    promptVersion: string;
    usage: Usage;
    /** Millionths of a US dollar; null when the price is not known. */
    costMicros: number | null;
    sensitivity: Sensitivity;
    /** Who may read all of the passages that it was given; left out when everybody may. */
    readers?: readonly string[];
  };
  /** What became of a call; the model reads this. `facts` feed the ledger. */
  "action.finished": {
    turn: string;
    action: string;
    call: string;
    tool: string;
    outcome: ToolOutcome;
    records: readonly RecordRef[];
    facts: readonly Fact[];
  };
  /** The plan card of a turn looks different now: a vote, an outcome, an undo, an expiry; or those who may decide are asked again. */
  "card.changed": {
    turn: string;
    action: string;
    why: "decided" | "finished" | "undone" | "expired" | "edited" | "reminded" | "escalated";
  };
  /** Steward said something in the thread. */
  "reply.posted": {
    turn: string | null;
    message: string;
    text: string;
    citations: readonly Citation[];
    note: string | null;
  };
  /** What is to be remembered of turns that leave the window, a line each. */
  "summary.written": { lines: readonly string[]; sensitivity: Sensitivity };
  /** The turn is over, or parked until a person decides. */
  "turn.ended": {
    turn: string;
    status: "done" | "waiting" | "failed";
    error: { code: string; message: string } | null;
  };
};

export type SessionEventType = keyof SessionEventMap;

export type NewSessionEvent = {
  [K in SessionEventType]: { readonly type: K; readonly data: Readonly<SessionEventMap[K]> };
}[SessionEventType];

export type SessionEvent = NewSessionEvent & { readonly seq: number; readonly at: Date };
