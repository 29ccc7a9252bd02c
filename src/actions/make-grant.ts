import { writeAudit } from "../store/audit/write-audit.ts";
import type { Sql } from "../store/db.ts";
import { findGrantsFor, type Grant, type GrantScope, saveGrant } from "../store/grants/grants.ts";
import type { Action } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import { canonicalJson } from "../types/canonical-json.ts";
import { newId } from "../types/ids.ts";
import type { Json } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";
import type { ArgRole, PolicyAttributes } from "../types/tool.ts";
import { bareArguments } from "./bare-arguments.ts";
import type { Ballot } from "./cast-vote.ts";
import { type Electorate, mayVote, type Seat } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";

/** No standing yes lasts longer. */
export const MAX_GRANT_MS = 30 * 86_400_000;

/** Under this name a standing yes stands among the evidence of what it let happen. */
export const STANDING_YES = "standing-yes";

type NewGrant = Omit<Grant, "createdAt" | "revokedAt">;

/**
 * What a standing yes would cover: this requester, tool and resource, no other rule, no larger figure, no other
 * destination. Throws APR-422 when there can be none: of what destroys, by somebody who votes for others, too long.
 */
export function planGrant(
  deps: Pick<ExecutorDeps, "tools" | "now">,
  ballot: Ballot,
  seat: Seat,
  approval: Approval,
  action: Action,
): NewGrant {
  const until = ballot.grantUntil;
  const refuse = (why: string): never => {
    throw new StewardError("APR-422", why);
  };
  if (!until || ballot.verdict !== "approve") return refuse("Only a yes can stand for later.");
  if (ballot.edit) return refuse("Approve it as it is, or change it without making the yes a standing one.");
  if (action.effect === "destructive") return refuse("What cannot be taken back is asked each time.");
  if (seat.holder !== ballot.voter.id || seat.delegation || seat.escalatedFrom) {
    return refuse("A standing yes can only be given in one's own name, not for somebody else.");
  }
  const ms = until.getTime() - deps.now().getTime();
  if (!(ms > 0)) return refuse("The time of the standing yes is over already.");
  if (ms > MAX_GRANT_MS) return refuse("A standing yes lasts 30 days at most.");
  if (action.evidence.some((entry) => !entry.isGrounded)) {
    return refuse("Part of this does not come from the requester's own words, so it is asked each time.");
  }
  return {
    id: newId("grt"),
    approval: approval.id,
    granter: ballot.voter.id,
    group: seat.group,
    requester: action.principal,
    tool: action.tool,
    resource: action.resource,
    line: action.preview?.line ?? action.tool,
    scope: scopeOf(action, deps.tools),
    until,
  };
}

/** Writes a grant with its line in the audit, in the transaction of the vote. */
export async function keepGrant(sql: Sql, grant: NewGrant, action: Action): Promise<void> {
  await saveGrant(sql, grant);
  await writeAudit(sql, {
    actor: grant.granter,
    type: "grant.made",
    subject: grant.id,
    data: {
      action: action.id,
      approval: grant.approval,
      group: grant.group,
      requester: grant.requester,
      tool: grant.tool,
      resource: grant.resource,
      until: grant.until.toISOString(),
    },
  });
}

type Wished = Pick<
  Action,
  "principal" | "tool" | "effect" | "resource" | "args" | "evidence" | "decision" | "preview"
>;

/**
 * Grants that say yes to an action now, one a granter: in force, no narrower than what is asked, and given by people
 * who may still decide it. Never for what destroys, nor where a value does not follow from the requester's own words.
 */
export async function grantsFor(
  deps: Pick<ExecutorDeps, "db" | "tools">,
  electorate: Electorate,
  action: Wished,
): Promise<readonly Grant[]> {
  const { decision } = action;
  if (decision.effect !== "ask" || action.effect === "destructive") return [];
  if (action.evidence.some((entry) => !entry.isGrounded)) return [];
  const found = await findGrantsFor(deps.db, action);
  const granters = new Set<string>();
  return found.filter((grant) => {
    const granter = electorate.directory.find(grant.granter);
    if (!granter || granters.has(granter.id) || !(grant.group in decision.approvers)) return false;
    if (!covers(grant.scope, scopeOf(action, deps.tools))) return false;
    if (!mayVote(electorate, granter, grant.group, action).isAllowed) return false;
    granters.add(granter.id);
    return true;
  });
}

/** Texts and times may differ from one time to the next; figures are compared, everything else is fixed. */
const FREE: ReadonlySet<ArgRole> = new Set(["title", "body", "free", "time", "flag"]);

function scopeOf(
  action: Pick<Wished, "tool" | "args" | "decision" | "preview">,
  tools: ExecutorDeps["tools"],
): GrantScope {
  const specs = tools.get(action.tool)?.manifest.args ?? {};
  const fixed: Record<string, Json> = {};
  const context: Record<string, PolicyAttributes[string]> = { ...action.preview?.context };
  for (const [name, value] of Object.entries(bareArguments(action.args))) {
    const role = specs[name]?.role;
    if (role === "amount" && typeof value === "number") context[`argument ${name}`] = value;
    else if (!role || !FREE.has(role)) fixed[name] = value;
  }
  return { rules: action.decision.rules, context, fixed };
}

/** Whether all that is wished stays within what was granted. */
export function covers(granted: GrantScope, wished: GrantScope): boolean {
  if (!wished.rules.every((rule) => granted.rules.includes(rule))) return false;
  if (canonicalJson(wished.fixed) !== canonicalJson(granted.fixed)) return false;
  const names = new Set([...Object.keys(granted.context), ...Object.keys(wished.context)]);
  return [...names].every((name) => isWithin(granted.context[name], wished.context[name]));
}

type Attribute = PolicyAttributes[string] | undefined;

/** A figure of the same direction and no greater, a list with nothing new, everything else the same. */
function isWithin(granted: Attribute, wished: Attribute): boolean {
  if (typeof granted === "number" && typeof wished === "number") {
    return granted < 0 ? wished <= 0 && wished >= granted : wished >= 0 && wished <= granted;
  }
  if (typeof granted === "object" && typeof wished === "object") {
    return wished.every((item) => granted.includes(item));
  }
  return granted === wished;
}
