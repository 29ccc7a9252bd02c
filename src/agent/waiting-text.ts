import { timeText } from "../actions/card-text.ts";
import { candidates, type Electorate, namesOf, REQUESTER } from "../actions/eligible.ts";
import type { Action } from "../types/action.ts";
import type { Decision } from "../types/decision.ts";
import type { Principal } from "../types/principal.ts";

/** What the requester reads when an action waits: who must say yes, and until when. */
export function waitingText(
  electorate: Electorate,
  action: Action,
  decision: Extract<Decision, { effect: "ask" }>,
  expiresAt: Date,
  requester: Principal,
): string {
  const groups = Object.entries(decision.approvers);
  const until = timeText(expiresAt, requester);
  const why = decision.reasons.length > 0 ? ` ${decision.reasons.join(" ")}` : "";
  const line = action.preview?.line ?? action.tool;
  if (groups.length === 1 && groups[0]?.[0] === REQUESTER) {
    return `I need your yes before I do this: ${line}.${why} It waits until ${until}.`;
  }
  const { directory } = electorate;
  const needed = groups.map(([group, count]) => {
    const title = directory.groupTitles[group] ?? `someone in ${group}`;
    const able = candidates(electorate, group, action);
    const who = group === REQUESTER ? "you" : namesOf(able);
    return count > 1
      ? `${count} approvals from ${title.replace(/^(a|an|someone in) /, "")} (${who})`
      : `${title} (${who})`;
  });
  return `This waits for ${needed.join(" and ")}, until ${until}: ${line}.${why}`;
}
