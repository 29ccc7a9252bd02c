import { STANDING_YES } from "../actions/make-grant.ts";
import type { PolicyPorts } from "../api/policy-ports.ts";
import { explainPolicy, explainPolicyText } from "../policy/explain-policy.ts";
import { describeProblems } from "../policy/policy-holder.ts";
import { replayDecisions, replayTable } from "../policy/replay-decisions.ts";
import { listRecordedActions } from "../store/actions/recorded-actions.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Installation } from "./installation.ts";
import { loadPolicyFiles } from "./read-policies.ts";

/** About four seconds of decisions. */
const MAX_REPLAYED = 20_000;

/** What administrators ask of the policies. */
export function createPolicyPorts({ db, deps, policies }: Installation): PolicyPorts {
  return {
    policyExplain: async (action) => {
      const set = policies.current();
      const rules = explainPolicy(set, action);
      const text = explainPolicyText(set, action);
      if (rules === null) throw new StewardError("POL-404", text);
      return { action, version: set.version, rules, text };
    },
    policyReplay: async ({ since, files }) => {
      const loaded = loadPolicyFiles(files, [...deps.tools.values()]);
      if (!loaded.ok) throw new StewardError("POL-422", describeProblems(loaded.problems.slice(0, 20)));
      const from = new Date(since);
      const found = await listRecordedActions(db, from, MAX_REPLAYED + 1);
      const manifests = new Map([...deps.tools].map(([name, tool]) => [name, tool.manifest]));
      const { set } = loaded.policies;
      const recorded = found.slice(0, MAX_REPLAYED);
      // What is recorded of these is what somebody's standing yes made of the policies' decision.
      const isStanding = (action: (typeof recorded)[number]) =>
        action.evidence.some(({ rule }) => rule === STANDING_YES);
      const plain = recorded.filter((action) => !isStanding(action));
      const compared = replayDecisions(plain, set, deps.directory(), manifests);
      const standing = recorded
        .filter(isStanding)
        .map(({ id, tool }) => ({ action: id, tool, why: "a standing yes let it happen" }));
      const replay = { ...compared, skipped: [...compared.skipped, ...standing] };
      return {
        since: from.toISOString(),
        version: set.version,
        isCut: found.length > MAX_REPLAYED,
        ...replay,
        text: replayTable(replay),
      };
    },
  };
}
