import { findTurnActions } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import type { Principal } from "../types/principal.ts";
import { readElectorate, seatFor } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";

/**
 * Whether a person may read what was said to a request: they asked for it, or could vote on an action of it now and
 * either it waits for a vote or they gave theirs. Less than who sees the card: a colleague of the same group who had no
 * part in a decision has no need of what was said, and whoever lost the role or the delegation no longer reads it.
 */
export async function mayReadRequest(
  deps: Pick<ExecutorDeps, "db" | "gate" | "directory" | "now">,
  turn: string,
  viewer: Principal,
): Promise<boolean> {
  const actions = (await findTurnActions(deps.db, turn)).filter(({ effect }) => effect !== "read");
  if (actions.length > 0 && actions.every(({ principal }) => principal === viewer.id)) return true;
  const approvals = await findActionApprovals(
    deps.db,
    actions.map(({ id }) => id),
  );
  const electorate = await readElectorate(deps);
  return approvals.some((approval) => {
    const action = actions.find(({ id }) => id === approval.action);
    if (!action || seatFor(electorate, viewer, approval, action) === null) return false;
    const isOpen = action.status === "awaiting" && approval.status === "pending";
    const isInTime = approval.expiresAt > deps.now();
    return (isOpen && isInTime) || approval.votes.some((vote) => vote.principal === viewer.id);
  });
}
