import type { ActionStatus } from "./action.ts";
import type { Integrity } from "./label.ts";
import type { Change } from "./tool.ts";

export type PersonRef = { readonly id: string; readonly name: string };

export type CardArgument = {
  readonly name: string;
  readonly label: string;
  readonly text: string;
  /** Where the value came from, in words; null when the requester wrote it. */
  readonly origin: string | null;
  readonly integrity: Integrity;
  readonly isGrounded: boolean;
};

export type CardField = {
  readonly name: string;
  readonly label: string;
  readonly input: "text" | "number" | "money" | "datetime" | "select";
  /** As the tool takes it. */
  readonly value: string | number | boolean | null;
  readonly options: readonly string[];
  /** For `money`: ISO 4217 code; its value is in minor units of it. */
  readonly currency?: string;
};

export type CardApprovers = {
  readonly group: string;
  /** In words: "a sales manager". */
  readonly title: string;
  readonly needed: number;
  readonly given: readonly (PersonRef & { readonly at: string })[];
  /** Who could still say yes. */
  readonly candidates: readonly PersonRef[];
};

/** One action on a card, as one viewer may see it. Times are ISO 8601 in UTC. */
export type CardItem = {
  readonly action: string;
  readonly approval: string | null;
  /** What an approval of it binds to: sent back, it is approved only as it was shown. */
  readonly digest?: string;
  readonly tool: string;
  readonly line: string;
  readonly status: ActionStatus;
  readonly changes: readonly Change[];
  readonly arguments: readonly CardArgument[];
  /** Why it asks or is forbidden, in words, and the rules by id. */
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
  readonly risk: "normal" | "high";
  readonly amountText: string | null;
  readonly approvers: readonly CardApprovers[];
  readonly expiresAt: string | null;
  /** "Can be undone for 10 minutes", or "Cannot be undone". */
  readonly undoText: string;
  /** Until when the viewer may undo; null when not (any more). */
  readonly undoUntil: string | null;
  /** What happened, once it is over. */
  readonly outcome: string | null;
  readonly decidedBy: readonly (PersonRef & {
    readonly verdict: "approve" | "refuse";
    readonly reason: string | null;
    readonly at: string;
  })[];
  readonly editable: readonly CardField[];
  /** Whether the viewer may decide now, and if not why and whom to ask. */
  readonly mayDecide: boolean;
  readonly mayNotBecause: string | null;
};

/** The plan card of a turn: everything it holds or did, in one place. */
export type Card = {
  /** The turn's id. */
  readonly id: string;
  readonly session: string;
  readonly requester: PersonRef;
  /** What the requester wrote. */
  readonly request: string;
  readonly createdAt: string;
  readonly items: readonly CardItem[];
};
