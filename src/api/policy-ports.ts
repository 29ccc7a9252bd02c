/** A rule that can apply to an action, in words. */
export type ExplainedRule = {
  readonly id: string;
  /** "permits", "asks 1 of sales-managers, open for 4 hours", "forbids". */
  readonly does: string;
  readonly reason: string | null;
  readonly when: string;
  readonly file: string;
  readonly line: number;
};

export type PolicyExplained = {
  readonly action: string;
  readonly version: string;
  readonly rules: readonly ExplainedRule[];
  /** The same as markdown. */
  readonly text: string;
};

/** What other policies would have decided on recorded actions. */
export type PolicyReplay = {
  readonly since: string;
  /** Version of the policies that were tried. */
  readonly version: string;
  readonly compared: number;
  /** Whether there were more actions than are compared at once; the newest are. */
  readonly isCut: boolean;
  readonly differences: readonly {
    readonly action: string;
    readonly tool: string;
    readonly principal: string;
    readonly line: string;
    readonly before: string;
    readonly after: string;
    readonly rulesBefore: readonly string[];
    readonly rulesAfter: readonly string[];
    /** Whether people would be asked less, more, or only others. */
    readonly change: "wider" | "narrower" | "other";
  }[];
  readonly skipped: readonly { readonly action: string; readonly tool: string; readonly why: string }[];
  /** The differences as a markdown table. */
  readonly text: string;
};

export type PolicyText = { readonly path: string; readonly text: string };

/** For administrators of policies. */
export type PolicyPorts = {
  /** Throws POL-404 when there is no such action. */
  policyExplain(action: string): Promise<PolicyExplained>;
  /** `files`: the texts of a directory of policies; throws POL-422 with what is wrong with them. */
  policyReplay(input: {
    readonly since: string;
    readonly files: readonly PolicyText[];
  }): Promise<PolicyReplay>;
};
