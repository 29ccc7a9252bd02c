import type { PolicySet, Rule } from "./load-policies.ts";

export type RuleInWords = {
  readonly id: string;
  /** "permits", "asks 1 of sales-managers, open for 4 hours", "forbids". */
  readonly does: string;
  readonly reason: string | null;
  /** The condition as it is written; "always" where there is none. */
  readonly when: string;
  readonly file: string;
  readonly line: number;
};

/** The rules that can apply to an action, hard ones first; null when there is no such action. */
export function explainPolicy(policies: PolicySet, actionName: string): readonly RuleInWords[] | null {
  const action = policies.actions.get(actionName);
  if (!action && actionName !== "approve") return null;
  const domain = /^([^./]+)[./]/.exec(actionName)?.[1];
  const names = new Set([actionName]);
  if (action) {
    names.add("tools:all");
    names.add(`effect:${action.effect}`);
    if (domain) names.add(`domain:${domain}`);
  }
  const rules = [...policies.rules.values()].filter(
    (rule) => rule.actions?.some((id) => names.has(id)) ?? true,
  );
  return rules
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1))
    .map((rule) => ({
      id: rule.id,
      does: doesOf(rule),
      reason: rule.reason,
      when: conditionOf(rule.source),
      file: rule.file,
      line: rule.line,
    }));
}

/** The same in markdown for a terminal or a thread. */
export function explainPolicyText(policies: PolicySet, actionName: string): string {
  const rules = explainPolicy(policies, actionName);
  if (rules === null) {
    const known = [...policies.actions.keys()].sort().join(", ");
    return `There is no action ${actionName}. There are: ${known}.`;
  }
  if (rules.length === 0) return `No rule speaks of ${actionName}, so nobody may do it.`;
  const isPermitted = rules.some(({ does }) => does === "permits");
  const lines = rules.map(
    ({ id, does, reason, when, file, line }) =>
      `- \`${id}\` ${does}${reason ? `: ${reason}` : "."}\n  ${when === "always" ? "always" : when} (${file}, line ${line})`,
  );
  const tail = isPermitted ? [] : ["", "No rule permits it, so nobody may do it."];
  return [`Rules for ${actionName}:`, ...lines, ...tail].join("\n");
}

function rankOf(rule: Rule): number {
  if (rule.effect === "forbid") return rule.approvals ? 1 : 0;
  return 2;
}

function doesOf({ effect, approvals, withinMs }: Rule): string {
  if (effect === "permit") return "permits";
  if (!approvals) return "forbids";
  const groups = Object.entries(approvals).map(([group, count]) =>
    group === "requester" ? "the person who asked" : `${count} of ${group}`,
  );
  return `asks ${groups.join(" and ")}${withinMs === null ? "" : `, open for ${lengthOf(withinMs)}`}`;
}

function lengthOf(ms: number): string {
  const parts: string[] = [];
  let minutes = Math.round(ms / 60_000);
  for (const [unit, size] of [
    ["day", 1440],
    ["hour", 60],
    ["minute", 1],
  ] as const) {
    const count = Math.floor(minutes / size);
    minutes -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ");
}

/** What stands after the scope: the `when` and `unless` parts on one line. */
function conditionOf(source: string): string {
  const at = source.search(/\b(?:when|unless)\s*\{/);
  return at < 0
    ? "always"
    : source
        .slice(at)
        .replace(/\/\/[^\n]*/g, " ")
        .replace(/\s+/g, " ")
        .trim();
}
