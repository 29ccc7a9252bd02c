import { type EntityJson, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Approvers, Decision } from "../types/decision.ts";
import type { Principal } from "../types/principal.ts";
import type { PolicyAttributes } from "../types/tool.ts";
import type { AttributeType } from "./action-schema.ts";
import type { CompiledAction, PolicySet } from "./load-policies.ts";

export type DecisionRequest = {
  readonly principal: Principal;
  /** Name of the tool. */
  readonly action: string;
  readonly resource: { readonly id: string; readonly attributes: PolicyAttributes };
  /**
   * What the tool's preview gives, and from the gate `isUngrounded` and `hasExternal`; either of these
   * left out counts as true unless the tool only reads.
   */
  readonly context: PolicyAttributes;
  /** How many different, still valid approvals there are of each group. */
  readonly approvals: Readonly<Record<string, number>>;
};

/** Rule id of a forbid that stands for "policy could not be evaluated". */
export const POLICY_ERROR = "policy-error";

/** For an asking rule without `@within`. */
const DEFAULT_WITHIN_MS = 24 * 3_600_000;

type Verdict =
  | { readonly kind: "allow"; readonly rules: readonly string[] }
  | { readonly kind: "deny"; readonly rules: readonly string[] }
  | { readonly kind: "error"; readonly message: string };

/**
 * Whether an action may happen: now (`permit`), after people said yes (`ask`), or not (`forbid`).
 * It asks only where the approvals would really lift every objection, so nobody is bothered for what
 * can never run. `approvers` names the groups that are not complete yet, each with its whole quorum. An error in any rule forbids (Cedar would skip the rule). Never throws.
 */
export function decide(policies: PolicySet, request: DecisionRequest): Decision {
  const action = policies.actions.get(request.action);
  if (!action) return { effect: "forbid", rules: [], reason: `No rule knows the action ${request.action}.` };
  const now = evaluate(action, request, request.approvals);
  if (now.kind === "error") return broken(now.message);
  if (now.kind === "allow") return { effect: "permit", rules: now.rules };
  if (now.rules.length === 0) {
    return { effect: "forbid", rules: [], reason: `No rule permits ${request.action} for you.` };
  }
  const denying = now.rules.map((id) => policies.rules.get(id));
  const hard = denying.filter((rule) => !rule?.approvals);
  if (hard.length > 0) {
    const rules = hard.map((rule) => rule?.id ?? "unknown");
    return {
      effect: "forbid",
      rules,
      reason: inWords(
        hard.map((rule) => rule?.reason ?? null),
        rules,
      ),
    };
  }
  const needed: Record<string, number> = {};
  let withinMs = Number.POSITIVE_INFINITY;
  const reasons: string[] = [];
  for (const rule of denying) {
    for (const [group, count] of Object.entries(rule?.approvals ?? {})) {
      needed[group] = Math.max(needed[group] ?? 0, count);
    }
    withinMs = Math.min(withinMs, rule?.withinMs ?? DEFAULT_WITHIN_MS);
    if (rule?.reason && !reasons.includes(rule.reason)) reasons.push(rule.reason);
  }
  const given = { ...request.approvals };
  for (const [group, count] of Object.entries(needed)) given[group] = Math.max(given[group] ?? 0, count);
  const later = evaluate(action, request, given);
  if (later.kind === "error") return broken(later.message);
  if (later.kind === "allow")
    return { effect: "ask", rules: now.rules, approvers: needed, withinMs, reasons };
  const rules = later.rules;
  const words = rules.map((id) => policies.rules.get(id)?.reason ?? null);
  const reason =
    rules.length > 0 ? inWords(words, rules) : `No rule permits ${request.action} for you, whoever approves.`;
  return { effect: "forbid", rules, reason };
}

function broken(message: string): Decision {
  return { effect: "forbid", rules: [POLICY_ERROR], reason: `The policy could not be evaluated: ${message}` };
}

function inWords(reasons: readonly (string | null)[], rules: readonly string[]): string {
  const words = [...new Set(reasons.filter((reason) => reason !== null))];
  return words.length > 0 ? words.join(" ") : `Forbidden by the rule ${rules.join(", ")}.`;
}

function evaluate(action: CompiledAction, request: DecisionRequest, approvals: Approvers): Verdict {
  try {
    const isRead = action.effect === "read";
    const resource = { type: action.resourceType, id: request.resource.id };
    const context = attributesOf(request.context, action.context);
    const tags: Record<string, number> = {};
    for (const [group, count] of Object.entries(approvals)) {
      if (Number.isSafeInteger(count) && count > 0) tags[group] = count;
    }
    const answer = statefulIsAuthorized({
      principal: { type: "Person", id: request.principal.id },
      action: { type: "Action", id: action.name },
      resource,
      context: {
        ...context,
        effect: action.effect,
        isUngrounded: isTrue(request.context.isUngrounded, !isRead),
        hasExternal: isTrue(request.context.hasExternal, !isRead),
        approvals: { __entity: { type: "Approvals", id: "given" } },
      },
      preparsedSchemaName: action.slice,
      preparsedPolicySetId: action.slice,
      validateRequest: true,
      entities: [
        personEntity(request.principal),
        { uid: resource, attrs: attributesOf(request.resource.attributes, action.resource), parents: [] },
        { uid: { type: "Approvals", id: "given" }, attrs: {}, parents: [], tags },
      ],
    });
    return verdictOf(answer);
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

/** What Cedar answered; an error in any rule is an error of the whole, since Cedar skips such a rule. */
export function verdictOf(answer: ReturnType<typeof statefulIsAuthorized>): Verdict {
  if (answer.type === "failure") {
    return { kind: "error", message: answer.errors.map((error) => error.message).join("; ") };
  }
  const { decision, diagnostics } = answer.response;
  const first = diagnostics.errors[0];
  if (first) return { kind: "error", message: `${first.policyId}: ${first.error.message}` };
  return { kind: decision === "allow" ? "allow" : "deny", rules: [...diagnostics.reason].sort() };
}

/** A person as Cedar knows them: groups as parents, title and manager as attributes. */
export function personEntity(principal: Principal): EntityJson {
  const attrs: EntityJson["attrs"] = { title: principal.title };
  if (principal.manager) attrs.manager = { __entity: { type: "Person", id: principal.manager } };
  return {
    uid: { type: "Person", id: principal.id },
    attrs,
    parents: principal.groups.map((id) => ({ type: "Group", id })),
  };
}

/** Only what the action declares: an attribute that no rule can name must not make the request invalid. */
function attributesOf(
  given: PolicyAttributes,
  declared: Readonly<Record<string, AttributeType>>,
): Record<string, string | number | boolean | string[]> {
  const attributes: Record<string, string | number | boolean | string[]> = {};
  for (const name of Object.keys(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) attributes[name] = typeof value === "object" ? [...value] : value;
  }
  return attributes;
}

function isTrue(value: PolicyAttributes[string] | undefined, otherwise: boolean): boolean {
  return typeof value === "boolean" ? value : otherwise;
}
