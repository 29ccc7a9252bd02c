import type { PersonRef } from "../types/card.ts";

/** One of several approvals said yes to at once; `digest` is that of what the person saw. */
export type ApprovalRef = { readonly id: string; readonly digest: string };

export type ApprovedOne = {
  readonly id: string;
  readonly ok: boolean;
  /** What became of it, or why not. */
  readonly message: string;
  readonly code: string | null;
};

export type DelegationInfo = {
  readonly id: string;
  readonly from: PersonRef;
  readonly to: PersonRef;
  readonly until: string;
};

/** One person's standing yes. */
export type GrantInfo = {
  readonly id: string;
  readonly granter: PersonRef;
  readonly requester: PersonRef;
  readonly tool: string;
  readonly resource: string;
  /** What was approved when it was given. */
  readonly line: string;
  readonly until: string;
};

/** More than a vote on one card. */
export type VotePorts = {
  /** Says yes to exactly these; one that cannot be does not stop the others. */
  approveAll(
    as: string,
    approvals: readonly ApprovalRef[],
  ): Promise<{ readonly results: readonly ApprovedOne[] }>;
  /** Those in force that the person gave or was given. */
  delegations(as: string): Promise<readonly DelegationInfo[]>;
  /** `to`: a colleague's address; `until`: ISO 8601, a day means to its end. Throws DLG-400, DLG-403, DIR-404. */
  delegate(as: string, given: { readonly to: string; readonly until: string }): Promise<DelegationInfo>;
  /** Throws DLG-404. */
  revokeDelegation(as: string, id: string): Promise<DelegationInfo>;
  /** Standing yeses in force that the person gave or has the use of. */
  grants(as: string): Promise<readonly GrantInfo[]>;
  /** Throws GRT-404. */
  revokeGrant(as: string, id: string): Promise<GrantInfo>;
};
