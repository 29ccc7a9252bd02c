import type { Approvers } from "./decision.ts";

export type Vote = {
  readonly principal: string;
  /** The group whose quorum it counts for. */
  readonly group: string;
  readonly verdict: "approve" | "refuse";
  readonly reason: string | null;
  readonly at: Date;
};

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
};
