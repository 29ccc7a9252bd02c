import type { Approvers } from "./decision.ts";

export type Vote = {
  readonly principal: string;
  /** The group whose quorum it counts for. */
  readonly group: string;
  readonly verdict: "approve" | "refuse";
  readonly reason: string | null;
  readonly at: Date;
  /** The person whose vote a delegate gave. */
  readonly onBehalfOf?: string | null;
  /** Id of the delegation under which it was given. */
  readonly delegation?: string | null;
  /** Of a manager's vote: the approver whose silence it stands in for. */
  readonly escalatedFrom?: string | null;
  /** Id of the standing grant that it comes from. */
  readonly grant?: string | null;
  /** Its delegation or grant has ended since. */
  readonly isLapsed?: boolean;
};

/** An approver who did not answer, and the manager who may decide as well. */
export type Escalation = { readonly group: string; readonly from: string; readonly to: string };

export type ApprovalStatus = "pending" | "granted" | "refused" | "expired" | "superseded";

/** Binds people's consent to one exact action: another digest needs another approval. */
export type Approval = {
  readonly id: string;
  readonly action: string;
  readonly session: string;
  readonly requester: string;
  readonly digest: string;
  readonly policyVersion: string;
  readonly approvers: Approvers;
  readonly expiresAt: Date;
  readonly status: ApprovalStatus;
  readonly votes: readonly Vote[];
  readonly escalations?: readonly Escalation[];
  readonly remindedAt?: Date | null;
  readonly escalatedAt?: Date | null;
};
