import { statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Principal } from "../types/principal.ts";
import { POLICY_ERROR, personEntity, verdictOf } from "./decide.ts";
import type { PolicySet } from "./load-policies.ts";

export type ApprovalRequest = {
  /** Id of the person who asked. */
  readonly requester: string;
  /** The group whose yes this one would count as; `requester` for the person who asked. */
  readonly group: string;
  /** Name of the tool. */
  readonly action: string;
  /** Id of the resource it would act on. */
  readonly resource: string;
  /** Whose vote the approver would give: that of a member who handed it over, or who did not answer in time. */
  readonly standsFor?: { readonly how: "delegation" | "escalation"; readonly person: Principal };
};

export type MayApprove =
  | { readonly ok: true; readonly rules: readonly string[] }
  | { readonly ok: false; readonly rules: readonly string[]; readonly reason: string };

/** Under which name a rule reads whose vote it is. */
const CONTEXT = { delegation: "delegator", escalation: "escalatedFrom" } as const;

/**
 * Whether a person's yes (or no) counts for a group: the Cedar action `approve`. Ask it when the vote
 * comes in and again when the action runs, with the directory of that moment. Never throws.
 */
export function mayApprove(policies: PolicySet, approver: Principal, request: ApprovalRequest): MayApprove {
  try {
    const { standsFor } = request;
    const uid = { type: "ApprovalRequest", id: `${request.action} ${request.resource}` };
    const verdict = verdictOf(
      statefulIsAuthorized({
        principal: { type: "Person", id: approver.id },
        action: { type: "Action", id: "approve" },
        resource: uid,
        context: standsFor
          ? { [CONTEXT[standsFor.how]]: { __entity: { type: "Person", id: standsFor.person.id } } }
          : {},
        preparsedSchemaName: policies.approveSlice,
        preparsedPolicySetId: policies.approveSlice,
        validateRequest: true,
        entities: [
          personEntity(approver),
          ...(standsFor && standsFor.person.id !== approver.id ? [personEntity(standsFor.person)] : []),
          {
            uid,
            attrs: {
              requester: { __entity: { type: "Person", id: request.requester } },
              group: request.group,
              approvers: { __entity: { type: "Group", id: request.group } },
              tool: request.action,
              resource: request.resource,
            },
            parents: [],
          },
        ],
      }),
    );
    if (verdict.kind === "allow") return { ok: true, rules: verdict.rules };
    if (verdict.kind === "error") return refused(verdict.message);
    const reasons = verdict.rules
      .map((id) => policies.rules.get(id)?.reason)
      .filter((reason) => reason !== null);
    const reason = reasons.length > 0 ? reasons.join(" ") : "No rule lets you approve this.";
    return { ok: false, rules: verdict.rules, reason };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

function refused(message: string): MayApprove {
  return { ok: false, rules: [POLICY_ERROR], reason: `The policy could not be evaluated: ${message}` };
}
