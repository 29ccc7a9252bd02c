import type { Action } from "../types/action.ts";
import type { Decision } from "../types/decision.ts";
import type { Directory } from "../types/principal.ts";
import type { ToolManifest } from "../types/tool.ts";
import { decide } from "./decide.ts";
import { decisionRequest } from "./decision-request.ts";
import type { PolicySet } from "./load-policies.ts";

export type RecordedAction = Pick<
  Action,
  "id" | "principal" | "tool" | "resource" | "args" | "evidence" | "decision" | "preview"
>;

/** One recorded action that other policies would have decided otherwise. */
export type ReplayDifference = {
  readonly action: string;
  readonly tool: string;
  readonly principal: string;
  /** What it would have done, in words. */
  readonly line: string;
  /** In words: "permitted", "asks 1 of finance", "forbidden". */
  readonly before: string;
  readonly after: string;
  readonly rulesBefore: readonly string[];
  readonly rulesAfter: readonly string[];
  /** Whether people are asked less, more, or only others. */
  readonly change: "wider" | "narrower" | "other";
};

export type Replay = {
  readonly compared: number;
  readonly differences: readonly ReplayDifference[];
  /** Actions that could not be compared, with the reason. */
  readonly skipped: readonly { readonly action: string; readonly tool: string; readonly why: string }[];
};

/**
 * What a policy set would have decided on recorded actions, before anybody had approved. Decides as people stand
 * in the directory now, with the attributes and the evidence recorded then. Pure; about 0.2 ms an action.
 */
export function replayDecisions(
  actions: readonly RecordedAction[],
  policies: PolicySet,
  directory: Pick<Directory, "find">,
  manifests: ReadonlyMap<string, Pick<ToolManifest, "name" | "args">>,
): Replay {
  const differences: ReplayDifference[] = [];
  const skipped: { action: string; tool: string; why: string }[] = [];
  for (const action of actions) {
    const principal = directory.find(action.principal);
    const skip = (why: string) => skipped.push({ action: action.id, tool: action.tool, why });
    if (!principal) {
      skip(`${action.principal} is not in the directory any more`);
      continue;
    }
    const manifest = manifests.get(action.tool) ?? { name: action.tool, args: {} };
    const after = decide(
      policies,
      decisionRequest({
        principal,
        manifest,
        resource: { id: action.resource, attributes: action.preview?.resource.attributes ?? {} },
        context: action.preview?.context ?? {},
        args: action.args,
        evidence: action.evidence,
        approvals: {},
      }),
    );
    const texts = { before: decisionText(action.decision), after: decisionText(after) };
    if (texts.before === texts.after) continue;
    differences.push({
      action: action.id,
      tool: action.tool,
      principal: action.principal,
      line: action.preview?.line ?? action.tool,
      ...texts,
      rulesBefore: action.decision.rules,
      rulesAfter: after.rules,
      change: changeOf(action.decision, after),
    });
  }
  return { compared: actions.length - skipped.length, differences, skipped };
}

/** The differences as a markdown table, or a sentence when there is none. */
export function replayTable({ compared, differences, skipped }: Replay): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s+/g, " ");
  const rows = differences.map(
    ({ tool, line, principal, before, after, rulesAfter }) =>
      `| ${[tool, line, principal, before, after, rulesAfter.join(", ") || "no rule"].map(cell).join(" | ")} |`,
  );
  const counted = `${compared} recorded ${compared === 1 ? "action" : "actions"} compared, ${differences.length} decided otherwise.`;
  const left = skipped.map(({ action, tool, why }) => `Not compared: ${tool} (${action}): ${why}.`);
  if (rows.length === 0) return [counted, ...left].join("\n");
  return [
    counted,
    "",
    "| tool | action | who | was | would be | by |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    ...left,
  ].join("\n");
}

/** A decision in a few words. */
export function decisionText(decision: Decision): string {
  if (decision.effect === "permit") return "permitted";
  if (decision.effect === "forbid") return "forbidden";
  const groups = Object.entries(decision.approvers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, count]) => (group === "requester" ? "the requester" : `${count} of ${group}`));
  return `asks ${groups.join(" and ")}`;
}

const ORDER = { permit: 0, ask: 1, forbid: 2 } as const;

function changeOf(before: Decision, after: Decision): ReplayDifference["change"] {
  const step = ORDER[after.effect] - ORDER[before.effect];
  if (step !== 0) return step < 0 ? "wider" : "narrower";
  if (before.effect !== "ask" || after.effect !== "ask") return "other";
  const groups = new Set([...Object.keys(before.approvers), ...Object.keys(after.approvers)]);
  const steps = [...groups].map((group) => (after.approvers[group] ?? 0) - (before.approvers[group] ?? 0));
  if (steps.every((item) => item >= 0)) return "narrower";
  return steps.every((item) => item <= 0) ? "wider" : "other";
}
