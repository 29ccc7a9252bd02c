import { z } from "zod";
import { findAction, findLatestAction } from "../store/actions/find-actions.ts";
import { findPendingApprovals } from "../store/approvals/find-approvals.ts";
import { bindTool } from "../types/bind-tool.ts";
import type { Principal } from "../types/principal.ts";
import type { AnyTool, Tool, ToolManifest } from "../types/tool.ts";
import { timeText } from "./card-text.ts";
import { candidates, groupFor, namesOf } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { explainAction } from "./explain-action.ts";

type NoArguments = Record<string, never>;
const NOTHING = z.strictObject({}) as z.ZodType<NoArguments>;

const EXPLAIN: ToolManifest = {
  name: "steward.explain",
  title: "explain a decision",
  description:
    "Explains why the person's latest action was done, waits for approval or was forbidden: rules, evidence, who decided and who could. Use it for 'why?' after an action. It changes nothing.",
  effect: "read",
  verbs: ["explain"],
  args: {},
  output: { "$.text": { integrity: "system", sensitivity: "internal", kind: "text" } },
  idempotency: "key",
  compensate: null,
  examples: [
    "why?",
    "why does this need approval",
    "why was that refused",
    "why do you ask for approval",
    "why can't you do it",
    "which rule is that",
    "which policy stops this",
    "explain that decision",
    "why is it forbidden",
    "why not",
    "who decided that",
    "what is the reason for that",
    "why must somebody approve this",
  ],
};

const WAITING: ToolManifest = {
  name: "steward.listApprovals",
  title: "list what waits for approval",
  description:
    "Lists approvals: those that wait for this person's decision, and this person's own requests that wait for others. It decides nothing: approving is done on the card.",
  effect: "read",
  verbs: ["list", "show"],
  args: {},
  output: {
    "$.mine[*]": { integrity: "system", sensitivity: "internal", kind: "text" },
    "$.others[*]": { integrity: "system", sensitivity: "internal", kind: "text" },
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "what is waiting for my approval",
    "do I have anything to approve",
    "show my pending approvals",
    "which requests wait for me",
    "what do I have to decide",
    "list open approvals",
    "is anything waiting for me",
    "what am I waiting for",
    "which of my requests are still open",
    "what happened to my request",
    "has my request been approved",
    "who still has to approve my request",
  ],
};

/** Tools of the house itself: what waits, and why something was decided as it was. */
export function createOwnTools(deps: () => ExecutorDeps): readonly AnyTool[] {
  const explain: Tool<NoArguments> = {
    name: EXPLAIN.name,
    manifest: EXPLAIN,
    schema: NOTHING,
    run: async (_, { principal }) => {
      const latest = await findLatestAction(deps().db, principal.id);
      const text = latest
        ? await explainAction(deps(), latest.id, principal)
        : "You have not asked me to change anything yet, so there is no decision to explain.";
      return { status: "succeeded", summary: text, data: { text }, records: [] };
    },
  };
  const waiting: Tool<NoArguments> = {
    name: WAITING.name,
    manifest: WAITING,
    schema: NOTHING,
    run: async (_, { principal }) => {
      const { mine, others } = await pendingFor(deps(), principal);
      const parts = [
        mine.length > 0
          ? `Waiting for you:\n${mine.map((line) => `- ${line}`).join("\n")}`
          : "Nothing waits for your decision.",
        others.length > 0
          ? `Your requests that wait for others:\n${others.map((line) => `- ${line}`).join("\n")}`
          : "",
      ];
      return {
        status: "succeeded",
        summary: parts.filter(Boolean).join("\n\n"),
        data: { mine, others },
        records: [],
      };
    },
  };
  return [bindTool(explain), bindTool(waiting)];
}

async function pendingFor(
  deps: ExecutorDeps,
  viewer: Principal,
): Promise<{ readonly mine: readonly string[]; readonly others: readonly string[] }> {
  const mine: string[] = [];
  const others: string[] = [];
  for (const approval of await findPendingApprovals(deps.db)) {
    const action = await findAction(deps.db, approval.action);
    if (!action) continue;
    const line = action.preview?.line ?? action.tool;
    const until = timeText(approval.expiresAt, viewer);
    const hasVoted = approval.votes.some((vote) => vote.principal === viewer.id);
    if (!hasVoted && groupFor(deps.gate, deps.directory(), viewer, approval, action) !== null) {
      const asker = deps.directory().find(action.principal)?.name ?? action.principal;
      mine.push(`${line} (asked by ${asker === viewer.name ? "you" : asker}, until ${until})`);
    } else if (action.principal === viewer.id) {
      const able = Object.keys(approval.approvers).flatMap((group) =>
        candidates(deps.gate, deps.directory(), group, action),
      );
      others.push(`${line} (${namesOf(able)} can decide, until ${until})`);
    }
  }
  return { mine, others };
}
