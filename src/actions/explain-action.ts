import { findAction } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import type { Action } from "../types/action.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import { timeText } from "./card-text.ts";
import { candidates, groupFor, namesOf } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";

const VERDICTS = {
  permit: "Policy permits this without asking.",
  ask: "Policy lets this happen only with approval.",
  forbid: "Policy forbids this.",
} as const;

/**
 * Why an action was permitted, held or forbidden, in markdown: verdict, rules, evidence of each value, who decided
 * and who could. For the requester and for those who may decide; throws ACT-404 for anybody else.
 */
export async function explainAction(deps: ExecutorDeps, id: string, viewer: Principal): Promise<string> {
  const action = await findAction(deps.db, id);
  if (!action) throw new StewardError("ACT-404");
  const approvals = await findActionApprovals(deps.db, [id]);
  const latest = approvals[0];
  const mayDecide =
    latest !== undefined && groupFor(deps.gate, deps.directory(), viewer, latest, action) !== null;
  const hasDecided = approvals.some((approval) =>
    approval.votes.some((vote) => vote.principal === viewer.id),
  );
  if (action.principal !== viewer.id && !mayDecide && !hasDecided) throw new StewardError("ACT-404");

  const lines = [`**${action.preview?.line ?? action.tool}**`, "", VERDICTS[action.decision.effect]];
  lines.push("", "Rules:", ...ruleLines(action));
  const evidence = action.evidence.filter((entry) => entry.text);
  if (evidence.length > 0) {
    const labelOf = (arg: string) => deps.tools.get(action.tool)?.manifest.args[arg]?.label ?? arg;
    lines.push(
      "",
      "Evidence:",
      ...evidence.map(
        (entry) => `- ${labelOf(entry.arg)}: ${entry.text}${entry.isGrounded ? "" : " (not verified)"}`,
      ),
    );
  }
  for (const approval of approvals) {
    for (const vote of approval.votes) {
      const name = deps.directory().find(vote.principal)?.name ?? vote.principal;
      const did = vote.verdict === "approve" ? "approved" : "refused";
      lines.push(
        "",
        `${name} ${did} it, ${timeText(vote.at, viewer)}${vote.reason ? `: ${vote.reason}` : "."}`,
      );
    }
  }
  if (latest?.status === "pending" && action.status === "awaiting") {
    const able = Object.keys(latest.approvers).flatMap((group) =>
      candidates(deps.gate, deps.directory(), group, action),
    );
    lines.push("", `Could decide: ${namesOf(able)}, until ${timeText(latest.expiresAt, viewer)}.`);
  }
  lines.push(
    "",
    `Policy version \`${action.policyVersion.slice(0, 12)}\`, digest \`${action.digest.slice(0, 12)}\`.`,
  );
  return lines.join("\n");
}

function ruleLines(action: Action): readonly string[] {
  const { decision } = action;
  const reasons =
    decision.effect === "ask" ? decision.reasons : decision.effect === "forbid" ? [decision.reason] : [];
  if (decision.rules.length === 0) return ["- no rule matched"];
  return decision.rules.map((rule, index) => `- \`${rule}\`${reasons[index] ? `: ${reasons[index]}` : ""}`);
}
