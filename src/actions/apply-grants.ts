import type { Grant } from "../store/grants/grants.ts";
import type { Principal } from "../types/principal.ts";
import type { AnyTool } from "../types/tool.ts";
import { timeText } from "./card-text.ts";
import { readElectorate } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { grantsFor, STANDING_YES } from "./make-grant.ts";
import type { Judged } from "./prepare-call.ts";

/**
 * Lets standing yeses count for what policy would ask about. Where they suffice the action is permitted, with whose
 * yes it was among its evidence; where others must still decide, it asks as before and `grants` are votes already.
 */
export async function applyGrants(
  deps: ExecutorDeps,
  tool: AnyTool,
  principal: Principal,
  judged: Judged,
): Promise<{ readonly judged: Judged; readonly grants: readonly Grant[] }> {
  if (judged.decision.effect !== "ask") return { judged, grants: [] };
  const electorate = await readElectorate(deps);
  const wished = { ...judged, principal: principal.id, tool: tool.name, effect: tool.manifest.effect };
  const grants = await grantsFor(deps, electorate, wished);
  if (grants.length === 0) return { judged, grants };
  const approvals: Record<string, number> = {};
  for (const { group } of grants) approvals[group] = (approvals[group] ?? 0) + 1;
  const { preview } = judged;
  const decision = deps.gate.decide({
    principal,
    manifest: tool.manifest,
    resource: preview?.resource ?? { id: judged.resource, attributes: {} },
    context: preview?.context ?? {},
    grounded: judged,
    approvals,
  });
  if (decision.effect !== "permit") return { judged, grants };
  const evidence = grants.map(({ granter, until }) => ({
    arg: "",
    isGrounded: true,
    rule: STANDING_YES,
    text: `${electorate.directory.find(granter)?.name ?? granter} gave a standing yes until ${timeText(until, principal)} that covers it.`,
  }));
  return { judged: { ...judged, decision, evidence: [...judged.evidence, ...evidence] }, grants };
}
