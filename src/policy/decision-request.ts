import type { Evidence } from "../types/action.ts";
import type { Json } from "../types/json.ts";
import type { Labelled } from "../types/label.ts";
import type { Principal } from "../types/principal.ts";
import type { PolicyAttributes, ToolManifest } from "../types/tool.ts";
import { deriveAttributes } from "./action-schema.ts";
import type { DecisionRequest } from "./decide.ts";

/** A call as the executor knows it once it is grounded and previewed. */
export type JudgedCall = {
  readonly principal: Principal;
  readonly manifest: Pick<ToolManifest, "name" | "args">;
  readonly resource: { readonly id: string; readonly attributes: PolicyAttributes };
  /** From the tool's preview. */
  readonly context: PolicyAttributes;
  readonly args: Readonly<Record<string, Labelled<Json>>>;
  readonly evidence: readonly Evidence[];
  readonly approvals: Readonly<Record<string, number>>;
};

/** What policy is asked about a call; the same when it is decided and when it is replayed. */
export function decisionRequest(call: JudgedCall): DecisionRequest {
  const bare = Object.fromEntries(Object.entries(call.args).map(([name, { value }]) => [name, value]));
  return {
    principal: call.principal,
    action: call.manifest.name,
    resource: call.resource,
    context: {
      ...deriveAttributes(call.manifest, bare),
      ...call.context,
      isUngrounded: call.evidence.some((entry) => !entry.isGrounded),
      hasExternal: Object.values(call.args).some(({ label }) => label.integrity === "external"),
    },
    approvals: call.approvals,
  };
}
