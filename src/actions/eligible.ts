import type { Delegation } from "../store/delegations/delegations.ts";
import { listActiveDelegations } from "../store/delegations/delegations.ts";
import type { Action } from "../types/action.ts";
import type { Approval, Escalation, Vote } from "../types/approval.ts";
import type { Approvers } from "../types/decision.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import type { Gate } from "./gate.ts";

/** The group that stands for the person who asked. */
export const REQUESTER = "requester";

export type About = Pick<Action, "principal" | "tool" | "resource">;

/** Who may vote, as it is at this moment: read it again for each decision. */
export type Electorate = {
  readonly gate: Gate;
  readonly directory: Directory;
  /** Those in force. */
  readonly delegations: readonly Delegation[];
};

/** A way in which a person may vote: in their own name, for a member who handed the vote over, or for one who is silent. */
export type Seat = {
  readonly group: string;
  /** Whose vote it is: counted once, whoever gives it. */
  readonly holder: string;
  readonly delegation: string | null;
  readonly escalatedFrom: string | null;
};

type Escalated = Pick<Approval, "approvers" | "escalations">;
type Allowed = { readonly isAllowed: boolean; readonly reason: string };

export async function readElectorate(
  deps: Pick<ExecutorDeps, "db" | "gate" | "directory">,
): Promise<Electorate> {
  const delegations = await listActiveDelegations(deps.db);
  return { gate: deps.gate, directory: deps.directory(), delegations };
}

const membersOf = (directory: Directory, group: string, requester: string): readonly Principal[] => {
  if (group !== REQUESTER) return directory.inGroup(group);
  const person = directory.find(requester);
  return person ? [person] : [];
};

const request = (group: string, about: About) => ({
  requester: about.principal,
  group,
  action: about.tool,
  resource: about.resource,
});

/** Whether a person may vote for a group's quorum in their own name now, and if not why. */
export function mayVote(
  { gate, directory }: Electorate,
  person: Principal,
  group: string,
  about: About,
): Allowed {
  if (!membersOf(directory, group, about.principal).some((member) => member.id === person.id)) {
    return { isAllowed: false, reason: `You are not ${directory.groupTitles[group] ?? `in ${group}`}.` };
  }
  return gate.mayApprove(person, request(group, about));
}

/**
 * Whether a person may give somebody else's vote: that of a member who could vote now, neither of them the requester.
 * Policy must allow it by a rule of its own. Only a member's own vote can be handed on, so it is never handed on twice.
 */
function mayStandFor(
  electorate: Electorate,
  person: Principal,
  holder: string,
  how: "delegation" | "escalation",
  group: string,
  about: About,
): boolean {
  const { gate, directory } = electorate;
  const member = directory.find(holder);
  if (!member || group === REQUESTER) return false;
  if (person.id === about.principal || member.id === about.principal || person.id === member.id) return false;
  if (!mayVote(electorate, member, group, about).isAllowed) return false;
  return gate.mayApprove(person, { ...request(group, about), standsFor: { how, person: member } }).isAllowed;
}

/** Every way in which a person may vote for a group now, their own name first. */
function seatsOf(
  electorate: Electorate,
  person: Principal,
  group: string,
  about: About,
  escalations: readonly Escalation[],
): readonly Seat[] {
  const seat = (holder: string, more: Partial<Seat> = {}): Seat => ({
    group,
    holder,
    delegation: null,
    escalatedFrom: null,
    ...more,
  });
  if (mayVote(electorate, person, group, about).isAllowed) return [seat(person.id)];
  const stands = (holder: string, how: "delegation" | "escalation") =>
    mayStandFor(electorate, person, holder, how, group, about);
  const handed = electorate.delegations
    .filter(({ from, to }) => to === person.id && stands(from, "delegation"))
    .map(({ id, from }) => seat(from, { delegation: id }));
  const climbed = escalations
    .filter((one) => one.group === group && one.to === person.id && stands(one.from, "escalation"))
    .map(({ from }) => seat(person.id, { escalatedFrom: from }));
  return [...handed, ...climbed];
}

/** Whether a person could vote for a group now, in whichever way. */
export function canVote(
  electorate: Electorate,
  person: Principal,
  group: string,
  about: About,
  escalations: readonly Escalation[] = [],
): boolean {
  return seatsOf(electorate, person, group, about, escalations).length > 0;
}

/** Of a larger group the first are named; who may vote does not depend on it. */
const MAX_NAMED = 500;

/** Everybody who could say yes for a group: members, those they handed their vote to, and managers who were asked. */
export function candidates(
  electorate: Electorate,
  group: string,
  about: About,
  escalations: readonly Escalation[] = [],
): readonly Principal[] {
  const { directory, delegations } = electorate;
  const others = [
    ...delegations.map(({ to }) => to),
    ...escalations.filter((one) => one.group === group).map(({ to }) => to),
  ].flatMap((id) => directory.find(id) ?? []);
  const members = membersOf(directory, group, about.principal).slice(0, MAX_NAMED);
  const all = new Map([...members, ...others].map((one) => [one.id, one]));
  return [...all.values()].filter((person) => canVote(electorate, person, group, about, escalations));
}

/** Whose vote a vote is. */
export const holderOf = (vote: Pick<Vote, "principal" | "onBehalfOf">): string =>
  vote.onBehalfOf ?? vote.principal;

/** Whether a vote counts at this moment: whoever lost the role, the delegation or the grant since no longer does. */
export function isCounting(electorate: Electorate, vote: Vote, approval: Escalated, about: About): boolean {
  const { directory, delegations } = electorate;
  const person = directory.find(vote.principal);
  if (!person || vote.isLapsed) return false;
  const { group } = vote;
  if (vote.delegation) {
    const given = delegations.find((one) => one.id === vote.delegation && one.to === person.id);
    if (!given || given.from !== vote.onBehalfOf) return false;
    return mayStandFor(electorate, person, given.from, "delegation", group, about);
  }
  if (vote.escalatedFrom) {
    const from = vote.escalatedFrom;
    const isAsked = approval.escalations?.some(
      (one) => one.group === group && one.from === from && one.to === person.id,
    );
    return isAsked === true && mayStandFor(electorate, person, from, "escalation", group, about);
  }
  return mayVote(electorate, person, group, about).isAllowed;
}

/** Approvals that count now: one for each person whose vote it is, and one by each who gave it. */
export function countApprovals(electorate: Electorate, approval: Approval, about: About): Approvers {
  const counts: Record<string, number> = {};
  for (const { group } of countingVotes(electorate, approval, about))
    counts[group] = (counts[group] ?? 0) + 1;
  return counts;
}

/** The votes for yes that count now, those in the voter's own name first. */
export function countingVotes(electorate: Electorate, approval: Approval, about: About): readonly Vote[] {
  const spent = new Set<string>();
  return approval.votes
    .toSorted((a, b) => Number(holderOf(a) !== a.principal) - Number(holderOf(b) !== b.principal))
    .filter((vote) => {
      const holder = holderOf(vote);
      if (vote.verdict !== "approve" || spent.has(holder)) return false;
      if (!isCounting(electorate, vote, approval, about)) return false;
      spent.add(holder);
      return true;
    });
}

/** How a person's vote would count: for a group that still misses votes first; null when they may not vote. */
export function seatFor(
  electorate: Electorate,
  person: Principal,
  approval: Approval,
  about: About,
): Seat | null {
  const counting = countingVotes(electorate, approval, about);
  const counts = new Map<string, number>();
  for (const { group } of counting) counts.set(group, (counts.get(group) ?? 0) + 1);
  // Who voted already has not left the vote to a delegate.
  const spent = new Set(counting.filter((vote) => vote.principal !== person.id).map(holderOf));
  const seats = Object.keys(approval.approvers)
    .flatMap((group) => seatsOf(electorate, person, group, about, approval.escalations ?? []))
    .filter(({ holder }) => holder === person.id || !spent.has(holder));
  const missing = seats.find(({ group }) => (counts.get(group) ?? 0) < (approval.approvers[group] ?? 0));
  return missing ?? seats[0] ?? null;
}

/** A person's vote on an approval, if it counts. */
export function voteOf(
  electorate: Electorate,
  person: string,
  approval: Approval,
  about: About,
): Vote | null {
  const vote = approval.votes.find((one) => one.principal === person);
  return vote && isCounting(electorate, vote, approval, about) ? vote : null;
}

/** Everybody who could decide an approval now, each once. */
export function deciders(electorate: Electorate, approval: Escalated, about: About): readonly Principal[] {
  const all = Object.keys(approval.approvers).flatMap((group) =>
    candidates(electorate, group, about, approval.escalations),
  );
  return [...new Map(all.map((person) => [person.id, person])).values()];
}

/** "Sofia Marin, Tom Becker or Nora Lindqvist", at most four names. */
export function namesOf(people: readonly { readonly name: string }[]): string {
  const names = people.slice(0, 4).map((person) => person.name);
  const last = names.pop();
  if (last === undefined) return "an administrator";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}

/** "Marek Novak for Ana Costa", or the name alone. */
export function voterName(directory: Directory, vote: Pick<Vote, "principal" | "onBehalfOf">): string {
  const nameOf = (id: string) => directory.find(id)?.name ?? id;
  const name = nameOf(vote.principal);
  return vote.onBehalfOf ? `${name} for ${nameOf(vote.onBehalfOf)}` : name;
}

/** Why this person may not decide, and whom to ask instead. */
export function refusalFor(
  electorate: Electorate,
  person: Principal,
  approval: Approval,
  about: About,
): string {
  const { directory } = electorate;
  const groups = Object.keys(approval.approvers);
  const needed = groups.map((group) => directory.groupTitles[group] ?? `someone in ${group}`).join(" and ");
  const isOwn = person.id === about.principal && !groups.includes(REQUESTER);
  const why = isOwn ? "You asked for this yourself, so somebody else must decide." : "";
  return `${why}${why && " "}This needs ${needed}: ask ${namesOf(deciders(electorate, approval, about))}.`;
}
