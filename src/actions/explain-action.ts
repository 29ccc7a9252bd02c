import { findAction } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import type { Action } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import type { Directory, Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import { timeText } from "./card-text.ts";
import { deciders, isCounting, namesOf, readElectorate, seatFor, voterName } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { STANDING_YES } from "./make-grant.ts";

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
  const electorate = await readElectorate(deps);
  const mayDecide = latest !== undefined && seatFor(electorate, viewer, latest, action) !== null;
  const hasDecided = approvals.some((approval) =>
    approval.votes.some((vote) => vote.principal === viewer.id),
  );
  if (action.principal !== viewer.id && !mayDecide && !hasDecided) throw new StewardError("ACT-404");

  const lines = [`**${action.preview?.line ?? action.tool}**`, "", VERDICTS[action.decision.effect]];
  lines.push("", "Rules:", ...ruleLines(action));
  const evidence = action.evidence.filter((entry) => entry.text && entry.rule !== STANDING_YES);
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
  for (const { text } of action.evidence.filter((entry) => entry.rule === STANDING_YES)) lines.push("", text);
  for (const approval of approvals.toReversed()) {
    lines.push(...climbLines(electorate.directory, approval, viewer));
    for (const vote of approval.votes) {
      const name = voterName(electorate.directory, vote);
      const did = vote.grant
        ? "had approved it for later"
        : vote.verdict === "approve"
          ? "approved it"
          : "refused it";
      const as = vote.escalatedFrom
        ? `, asked in place of ${nameOf(electorate.directory, vote.escalatedFrom)}`
        : "";
      const isOpen = approval.status === "pending" && action.status === "awaiting";
      const gone = isOpen && !isCounting(electorate, vote, approval, action) ? " This no longer counts." : "";
      const because = vote.reason ? `: ${vote.reason}` : ".";
      lines.push("", `${name} ${did}${as}, ${timeText(vote.at, viewer)}${because}${gone}`);
    }
  }
  if (latest?.status === "pending" && action.status === "awaiting") {
    const able = deciders(electorate, latest, action);
    lines.push("", `Could decide: ${namesOf(able)}, until ${timeText(latest.expiresAt, viewer)}.`);
    const handed = electorate.delegations.filter(
      ({ from, to }) =>
        able.some((one) => one.id === to) &&
        Object.keys(latest.approvers).some((group) =>
          electorate.directory.inGroup(group).some((one) => one.id === from),
        ),
    );
    for (const { from, to, until } of handed) {
      const [who, whom] = [nameOf(electorate.directory, from), nameOf(electorate.directory, to)];
      lines.push(`${who} handed the vote to ${whom} until ${timeText(until, viewer)}.`);
    }
  }
  lines.push(
    "",
    `Policy version \`${action.policyVersion.slice(0, 12)}\`, digest \`${action.digest.slice(0, 12)}\`.`,
  );
  return lines.join("\n");
}

const nameOf = (directory: Directory, id: string) => directory.find(id)?.name ?? id;

function climbLines(directory: Directory, approval: Approval, viewer: Principal): readonly string[] {
  const lines: string[] = [];
  if (approval.remindedAt)
    lines.push("", `Those who can decide were reminded, ${timeText(approval.remindedAt, viewer)}.`);
  const escalations = approval.escalations ?? [];
  if (approval.escalatedAt && escalations.length > 0) {
    const to = [...new Set(escalations.map((one) => nameOf(directory, one.to)))];
    const silent = [...new Set(escalations.map((one) => nameOf(directory, one.from)))];
    lines.push(
      "",
      `${silent.join(" and ")} had not decided, so ${to.join(" and ")} was asked as well, ${timeText(approval.escalatedAt, viewer)}.`,
    );
  }
  return lines;
}

function ruleLines(action: Action): readonly string[] {
  const { decision } = action;
  const reasons =
    decision.effect === "ask" ? decision.reasons : decision.effect === "forbid" ? [decision.reason] : [];
  if (decision.rules.length === 0) return ["- no rule matched"];
  return decision.rules.map((rule, index) => `- \`${rule}\`${reasons[index] ? `: ${reasons[index]}` : ""}`);
}
