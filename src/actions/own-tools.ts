import { z } from "zod";
import { moveAction } from "../store/actions/change-action.ts";
import { findAction, findLatestAction, findUndoable } from "../store/actions/find-actions.ts";
import { findPendingApprovals } from "../store/approvals/find-approvals.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { bindTool } from "../types/bind-tool.ts";
import type { Principal } from "../types/principal.ts";
import type { AnyTool, Tool, ToolManifest } from "../types/tool.ts";
import { timeText } from "./card-text.ts";
import { deciders, namesOf, readElectorate, seatFor, voteOf } from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { explainAction } from "./explain-action.ts";
import { takeBack } from "./undo-action.ts";

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
    "what is waiting for me",
    "is anything waiting for my ok",
    "anything for me to approve",
    "what do I have to sign off",
    "do I need to approve anything",
    "is there something to sign off",
  ],
};

const UNDO: ToolManifest = {
  name: "steward.undo",
  title: "undo the last change",
  description:
    "Takes back the person's latest change in this conversation, where it can still be undone. Use it for 'undo that'.",
  effect: "write",
  verbs: ["undo", "revert", "reverse", "restore", "take", "put back", "bring back"],
  args: {},
  output: { "$.undone": { integrity: "system", sensitivity: "internal", kind: "text" } },
  idempotency: "key",
  compensate: null,
  examples: [
    "undo that",
    "undo",
    "undo it",
    "take that back",
    "revert the last change",
    "please undo what you just did",
    "reverse that",
    "undo the last action",
    "can you undo this",
    "take it back",
    "restore it as it was",
    "revert that change",
    "put it back",
    "put it back the way it was",
    "bring it back",
    "I want it back",
    "oh no, I did not want that",
    "oops",
  ],
};

/** Kind of record that stands for an action of Steward itself. */
export const ACTION_KIND = "steward.action";

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
  const undo: Tool<NoArguments> = {
    name: UNDO.name,
    manifest: UNDO,
    schema: NOTHING,
    preview: async (_, { principal, session }) => {
      const action = await findUndoable(deps().db, principal.id, session ?? "");
      if (!action) return NOTHING_TO_UNDO;
      return {
        status: "ready",
        line: `Undo: ${action.preview?.line ?? action.tool}`,
        changes: [],
        resource: { id: action.id, title: action.preview?.line ?? action.tool, attributes: {} },
        context: {},
        risk: "normal",
      };
    },
    run: async (_, { principal, session, signal }) => {
      const { db } = deps();
      const action = await findUndoable(db, principal.id, session ?? "");
      if (!action) return NOTHING_TO_UNDO;
      const end = await takeBack(deps(), action, principal, signal);
      if (end.status === "unknown") return { status: "failed", code: "TOL-500", message: end.message };
      if (end.status !== "succeeded") return end;
      await db.tx(async (sql) => {
        await moveAction(sql, action.id, "succeeded", "undone");
        await writeAudit(sql, {
          actor: principal.id,
          type: "action.undone",
          subject: action.id,
          data: { tool: action.tool },
        });
      });
      return {
        status: "succeeded",
        summary: end.summary,
        data: { undone: action.id },
        records: [
          { kind: ACTION_KIND, id: action.id, title: action.preview?.line ?? action.tool },
          ...end.records,
        ],
      };
    },
  };
  return [bindTool(explain), bindTool(waiting), bindTool(undo)];
}

const NOTHING_TO_UNDO = {
  status: "failed",
  code: "ACT-409",
  message: "There is nothing in this conversation that can still be undone.",
} as const;

async function pendingFor(
  deps: ExecutorDeps,
  viewer: Principal,
): Promise<{ readonly mine: readonly string[]; readonly others: readonly string[] }> {
  const mine: string[] = [];
  const others: string[] = [];
  const electorate = await readElectorate(deps);
  for (const approval of await findPendingApprovals(deps.db)) {
    const action = await findAction(deps.db, approval.action);
    if (!action) continue;
    const line = action.preview?.line ?? action.tool;
    const until = timeText(approval.expiresAt, viewer);
    const hasVoted = voteOf(electorate, viewer.id, approval, action) !== null;
    if (!hasVoted && seatFor(electorate, viewer, approval, action) !== null) {
      const asker = deps.directory().find(action.principal)?.name ?? action.principal;
      mine.push(`${line} (asked by ${asker === viewer.name ? "you" : asker}, until ${until})`);
    } else if (action.principal === viewer.id) {
      const able = deciders(electorate, approval, action);
      others.push(`${line} (${namesOf(able)} can decide, until ${until})`);
    }
  }
  return { mine, others };
}
