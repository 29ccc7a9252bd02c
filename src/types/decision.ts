/** How many approvals of each group are needed; `requester` is the person who asked. */
export type Approvers = Readonly<Record<string, number>>;

/** What policy says of an action (DESIGN §5). Rules are Cedar `@id`s. */
export type Decision =
  | { readonly effect: "permit"; readonly rules: readonly string[] }
  | {
      readonly effect: "ask";
      readonly rules: readonly string[];
      readonly approvers: Approvers;
      readonly withinMs: number;
      /** `@reason`s in words. */
      readonly reasons: readonly string[];
    }
  | { readonly effect: "forbid"; readonly rules: readonly string[]; readonly reason: string };
