import type { LoadResult, PolicySet } from "./load-policies.ts";
import type { PolicyProblem } from "./policy-text.ts";

/** What became of a new set. */
export type Reloaded =
  | { readonly ok: true; readonly isChanged: boolean; readonly version: string }
  | {
      readonly ok: false;
      /** Version that stays in force. */
      readonly version: string;
      readonly problems: readonly PolicyProblem[];
      /** For the log and for administrators. */
      readonly message: string;
    };

/** The policy set in force; the last good one stays when a new one is wrong. */
export type PolicyHolder = {
  current(): PolicySet;
  /** Puts a freshly loaded set in force, or says why not. */
  take(result: LoadResult): Reloaded;
  /** Problems of the newest set that was refused; empty once a good one came. */
  problems(): readonly PolicyProblem[];
};

export function createPolicyHolder(first: PolicySet): PolicyHolder {
  let policies = first;
  let problems: readonly PolicyProblem[] = [];
  return {
    current: () => policies,
    problems: () => problems,
    take(result) {
      if (!result.ok) {
        problems = result.problems;
        const { version } = policies;
        const message = `The new policies were not taken; those of version ${version.slice(0, 12)} stay in force. ${describeProblems(problems)}`;
        return { ok: false, version, problems, message };
      }
      problems = [];
      const isChanged = result.policies.version !== policies.version;
      policies = result.policies;
      return { ok: true, isChanged, version: policies.version };
    },
  };
}

/** Each problem on a line: file, line, rule and what is wrong. */
export function describeProblems(problems: readonly PolicyProblem[]): string {
  return problems.map(describeProblem).join("\n");
}

/** One problem: file, line, rule and what is wrong. */
export function describeProblem({ file, line, rule, message }: PolicyProblem): string {
  const at = [file, line > 0 ? `line ${line}` : "", rule ? `rule ${rule}` : ""].filter(Boolean).join(", ");
  return at === "" ? message : `${at}: ${message}`;
}
