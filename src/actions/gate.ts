import type { Evidence } from "../types/action.ts";
import type { Approvers, Decision } from "../types/decision.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Labelled } from "../types/label.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import type { PolicyAttributes, ToolManifest } from "../types/tool.ts";

/** Something the person wrote. `isCurrent`: it belongs to the request that is being carried out. */
export type SaidText = { readonly text: string; readonly at: Date; readonly isCurrent: boolean };

/** What a turn knows when a call is judged; nothing in it comes from the model. */
export type Grounds = {
  readonly principal: Principal;
  readonly directory: Directory;
  /** What the person wrote in this conversation, the current message last. */
  readonly said: readonly SaidText[];
  /** Values met in tool results of the window. */
  readonly facts: readonly Fact[];
  /** Records that the person's own earlier requests were about, the latest first. */
  readonly focus: readonly RecordRef[];
  /** Records made in this turn, and the person's own attachments. */
  readonly created: readonly RecordRef[];
  /** Calls that ran without approval for the person's latest message. */
  readonly spent: readonly { readonly tool: string; readonly args: JsonObject }[];
  /** Reads of this turn, for "the only result of a query made of the person's own words". */
  readonly lookups: readonly { readonly args: JsonObject; readonly records: readonly RecordRef[] }[];
  /** Records in the order in which the last answer listed them, for "the second one". */
  readonly shown: readonly RecordRef[];
  /** Values that the person picked from the answers that Steward offered to its own question. */
  readonly chosen: ReadonlySet<string>;
};

/** The arguments of a call with where each value comes from. */
export type Grounded = {
  readonly evidence: readonly Evidence[];
  readonly args: Readonly<Record<string, Labelled<Json>>>;
};

/** Policy as the executor asks it; built over the current policy set, which may change between two calls. */
export type Gate = {
  version(): string;
  ground(manifest: ToolManifest, args: JsonObject, grounds: Grounds): Grounded;
  decide(request: {
    readonly principal: Principal;
    readonly manifest: ToolManifest;
    readonly resource: { readonly id: string; readonly attributes: PolicyAttributes };
    readonly context: PolicyAttributes;
    readonly grounded: Grounded;
    readonly approvals: Approvers;
  }): Decision;
  mayApprove(
    approver: Principal,
    request: {
      readonly requester: string;
      readonly group: string;
      readonly action: string;
      readonly resource: string;
      /** Whose vote it would be, when not the approver's own. */
      readonly standsFor?: { readonly how: "delegation" | "escalation"; readonly person: Principal };
    },
  ): { readonly isAllowed: boolean; readonly reason: string };
  /** What a result taught, labelled by the manifest. */
  walk(
    manifest: ToolManifest,
    data: JsonObject,
    source: string,
    records: readonly RecordRef[],
  ): readonly Fact[];
};
