import type { Evidence } from "../types/action.ts";
import type { Approvers, Decision } from "../types/decision.ts";
import type { JsonObject } from "../types/json.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import type { PolicyAttributes, ToolManifest } from "../types/tool.ts";

/** What a turn knows when a call is judged; nothing in it comes from the model. */
export type Grounds = {
  readonly principal: Principal;
  readonly directory: Directory;
  readonly now: Date;
  /** What the person wrote in this conversation, the current message last. */
  readonly userTexts: readonly string[];
  /** Values met in tool results of the window. */
  readonly facts: readonly Fact[];
  /** Records that the person's own earlier requests were about, the latest first. */
  readonly focus: readonly RecordRef[];
  /** Records made in this turn. */
  readonly created: readonly RecordRef[];
  /** Unapproved effectful calls of this message so far, as `tool target`. */
  readonly spent: readonly string[];
};

/** Policy as the executor asks it; built over the current policy set, which may change between two calls. */
export type Gate = {
  version(): string;
  ground(manifest: ToolManifest, args: JsonObject, grounds: Grounds): readonly Evidence[];
  decide(request: {
    readonly principal: Principal;
    readonly manifest: ToolManifest;
    readonly resource: { readonly id: string; readonly attributes: PolicyAttributes };
    readonly context: PolicyAttributes;
    readonly evidence: readonly Evidence[];
    readonly approvals: Approvers;
  }): Decision;
  mayApprove(
    approver: Principal,
    request: {
      readonly requester: string;
      readonly group: string;
      readonly action: string;
      readonly resource: string;
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
