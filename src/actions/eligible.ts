import type { Action } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import type { Approvers } from "../types/decision.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { Gate } from "./gate.ts";

/** The group that stands for the person who asked. */
export const REQUESTER = "requester";

type About = Pick<Action, "principal" | "tool" | "resource">;

const membersOf = (directory: Directory, group: string, requester: string): readonly Principal[] => {
  if (group !== REQUESTER) return directory.inGroup(group);
  const person = directory.find(requester);
  return person ? [person] : [];
};

/** Whether a person may vote for a group's quorum now, and if not why. */
export function mayVote(
  gate: Gate,
  directory: Directory,
  person: Principal,
  group: string,
  about: About,
): { isAllowed: boolean; reason: string } {
  if (!membersOf(directory, group, about.principal).some((member) => member.id === person.id)) {
    return { isAllowed: false, reason: `You are not ${directory.groupTitles[group] ?? `in ${group}`}.` };
  }
  return gate.mayApprove(person, {
    requester: about.principal,
    group,
    action: about.tool,
    resource: about.resource,
  });
}

/** Everybody who could say yes for a group. */
export function candidates(
  gate: Gate,
  directory: Directory,
  group: string,
  about: About,
): readonly Principal[] {
  return membersOf(directory, group, about.principal).filter(
    (person) => mayVote(gate, directory, person, group, about).isAllowed,
  );
}

/**
 * Approvals that count now: one a person, by those who still may. Someone who lost the role since the click no
 * longer counts.
 */
export function countApprovals(
  gate: Gate,
  directory: Directory,
  approval: Approval,
  about: About,
): Approvers {
  const counts: Record<string, number> = {};
  for (const vote of approval.votes) {
    const person = directory.find(vote.principal);
    if (vote.verdict !== "approve" || !person) continue;
    if (!mayVote(gate, directory, person, vote.group, about).isAllowed) continue;
    counts[vote.group] = (counts[vote.group] ?? 0) + 1;
  }
  return counts;
}

/** The group a person's vote would count for: one that still misses votes first; null when they may not vote. */
export function groupFor(
  gate: Gate,
  directory: Directory,
  person: Principal,
  approval: Approval,
  about: About,
): string | null {
  const counts = countApprovals(gate, directory, approval, about);
  const able = Object.keys(approval.approvers).filter(
    (group) => mayVote(gate, directory, person, group, about).isAllowed,
  );
  const missing = able.find((group) => (counts[group] ?? 0) < (approval.approvers[group] ?? 0));
  return missing ?? able[0] ?? null;
}

/** "Sofia Marin, Tom Becker or Nora Lindqvist", at most four names. */
export function namesOf(people: readonly { readonly name: string }[]): string {
  const names = people.slice(0, 4).map((person) => person.name);
  const last = names.pop();
  if (last === undefined) return "an administrator";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}

/** Why this person may not decide, and whom to ask instead. */
export function refusalFor(
  gate: Gate,
  directory: Directory,
  person: Principal,
  approval: Approval,
  about: About,
): string {
  const groups = Object.keys(approval.approvers);
  const needed = groups.map((group) => directory.groupTitles[group] ?? `someone in ${group}`).join(" and ");
  const others = groups.flatMap((group) => candidates(gate, directory, group, about));
  const isOwn = person.id === about.principal && !groups.includes(REQUESTER);
  const why = isOwn ? "You asked for this yourself, so somebody else must decide." : "";
  return `${why}${why && " "}This needs ${needed}: ask ${namesOf([...new Map(others.map((p) => [p.id, p])).values()])}.`;
}
