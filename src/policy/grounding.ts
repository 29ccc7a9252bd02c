import type { JsonObject } from "../types/json.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { ArgSpec, ToolManifest } from "../types/tool.ts";
import type { Ledger, LedgerRecord } from "./ledger.ts";
import type { Selection } from "./select-records.ts";
import type { UserWords } from "./user-words.ts";

/** A call that the model wishes for and everything that may speak for its arguments. */
export type GroundingInput = {
  readonly manifest: ToolManifest;
  readonly args: JsonObject;
  /** From `readUserTexts`, once a turn. */
  readonly said: UserWords;
  /** From `createLedger`, once for a set of facts. */
  readonly ledger: Ledger;
  /** Records that the user's own earlier requests were about, the latest first. */
  readonly focus: readonly RecordRef[];
  /** Records that actions of this turn made, and the user's own attachments. */
  readonly created: readonly RecordRef[];
  readonly directory: Directory;
  readonly principal: Principal;
  /** Calls that already ran without approval for the user's latest message. */
  readonly unapprovedCalls: readonly { readonly tool: string; readonly target: string }[];
  /** Reads of this turn, for "the only result of a query made of the user's words". */
  readonly lookups?: readonly { readonly args: JsonObject; readonly records: readonly RecordRef[] }[];
  /** Records in the order in which the last answer listed them, for "the second one". */
  readonly shown?: readonly RecordRef[];
  /** Values that the user picked from a list of answers that Steward gave ("2", "the first", "Okafor"). */
  readonly chosen?: ReadonlySet<string>;
};

/** The input with what was worked out from it for this call. */
export type Grounding = GroundingInput & {
  readonly zone: string;
  /** Ids of people whom the user's words name → how. */
  readonly people: ReadonlyMap<string, string>;
  readonly selected: ReadonlyMap<string, Selection>;
  /** The records that the call changes, by its own grounded ids. */
  readonly own: readonly LedgerRecord[];
  /** `own`, then those that the user's words single out. */
  readonly targets: readonly LedgerRecord[];
};

/** Why a value may be trusted, or null: nothing speaks for it. */
export type Ground = { readonly rule: "G1" | "G2" | "G3" | "G4" | "G5"; readonly text: string } | null;

export type GroundValue = (
  value: string | number | boolean,
  spec: ArgSpec,
  grounding: Grounding,
  arg: string,
) => Ground;

export const FROM_USER: Ground = { rule: "G1", text: "from your message" };
