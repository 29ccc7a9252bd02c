import { castVote } from "../actions/cast-vote.ts";
import { delegate, endDelegation, readUntil } from "../actions/delegate-votes.ts";
import { DELEGATE } from "../actions/delegation-manifests.ts";
import type { ApprovedOne, DelegationInfo, GrantInfo, VotePorts } from "../api/vote-ports.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { type Delegation, findDelegation, listDelegationsOf } from "../store/delegations/delegations.ts";
import { findGrant, type Grant, listGrantsOf, revokeGrant } from "../store/grants/grants.ts";
import { newId } from "../types/ids.ts";
import { EVERYONE } from "../types/label.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Installation } from "./installation.ts";

/** Several votes at once, votes handed over, and standing yeses. */
export function createVotePorts({ db, deps, worker }: Installation): VotePorts {
  const person = (id: string): Principal => {
    const found = deps.directory().find(id);
    if (!found) throw new StewardError("DIR-404", `Nobody in the directory has the address '${id}'.`);
    return found;
  };
  const ref = (id: string) => ({ id, name: deps.directory().find(id)?.name ?? id });
  const delegationInfo = ({ id, from, to, until }: Delegation): DelegationInfo => ({
    id,
    from: ref(from),
    to: ref(to),
    until: until.toISOString(),
  });
  const grantInfo = ({ id, granter, requester, tool, resource, line, until }: Grant): GrantInfo => ({
    id,
    granter: ref(granter),
    requester: ref(requester),
    tool,
    resource,
    line,
    until: until.toISOString(),
  });
  const approveOne = async (voter: Principal, id: string, digest: string): Promise<ApprovedOne> => {
    try {
      const ballot = { approval: id, voter, verdict: "approve" as const, reason: null, edit: null, digest };
      const { action } = await castVote(deps, ballot);
      worker.wake(action.session);
      return { id, ok: true, message: `Approved: ${action.preview?.line ?? action.tool}.`, code: null };
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      return { id, ok: false, message: error.message, code: error.code };
    }
  };

  return {
    approveAll: async (as, approvals) => {
      const voter = person(as);
      const results: ApprovedOne[] = [];
      // One after the other, in the order given: what one starts may change what the next is about.
      for (const { id, digest } of approvals) results.push(await approveOne(voter, id, digest));
      return { results };
    },
    delegations: async (as) => (await listDelegationsOf(db, person(as).id)).map(delegationInfo),
    delegate: async (as, given) => {
      const [from, to] = [person(as), person(given.to)];
      const until = readUntil(given.until, from, deps.now());
      const decision = deps.gate.decide({
        principal: from,
        manifest: DELEGATE,
        resource: { id: to.id, attributes: {} },
        context: { isEmployee: to.groups.includes(EVERYONE) },
        grounded: { evidence: [], args: {} },
        approvals: {},
      });
      if (decision.effect !== "permit") {
        throw new StewardError(
          "DLG-403",
          decision.effect === "forbid" ? decision.reason : decision.reasons.join(" "),
        );
      }
      return delegationInfo(await delegate(db, { key: `direct:${newId("run")}`, from, to, until }));
    },
    revokeDelegation: async (as, id) => {
      await endDelegation(db, id, person(as).id);
      const ended = await findDelegation(db, id);
      if (!ended) throw new StewardError("DLG-404");
      return delegationInfo(ended);
    },
    grants: async (as) => (await listGrantsOf(db, person(as).id)).map(grantInfo),
    revokeGrant: async (as, id) => {
      const granter = person(as).id;
      await db.tx(async (sql) => {
        if (!(await revokeGrant(sql, id, granter))) throw new StewardError("GRT-404");
        await writeAudit(sql, { actor: granter, type: "grant.revoked", subject: id, data: {} });
      });
      const ended = await findGrant(db, id);
      if (!ended) throw new StewardError("GRT-404");
      return grantInfo(ended);
    },
  };
}
