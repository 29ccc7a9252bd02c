import { z } from "zod";
import { moveAction } from "../store/actions/change-action.ts";
import { findUndoableTurn } from "../store/actions/find-actions.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Action } from "../types/action.ts";
import { bindTool } from "../types/bind-tool.ts";
import type { RecordRef } from "../types/record.ts";
import type { ActionResult, AnyTool, ToolManifest } from "../types/tool.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { ACTION_KIND } from "./own-tools.ts";
import { takeBack } from "./undo-action.ts";

const UNDO_ALL: ToolManifest = {
  name: "steward.undoAll",
  title: "undo everything of the last request",
  description:
    "Takes back all changes that the person's latest request made in this conversation, the last one first, where they can still be undone. Use it for 'undo all of that'; for one change there is steward.undo.",
  effect: "write",
  verbs: ["undo", "revert", "reverse", "restore", "take", "roll"],
  args: {},
  output: { "$.undone[*]": { integrity: "system", sensitivity: "internal", kind: "text" } },
  idempotency: "key",
  compensate: null,
  examples: [
    "undo all of that",
    "undo all of it",
    "undo everything",
    "take all of that back",
    "revert everything you just did",
    "undo both",
    "undo all three",
    "take everything back",
    "roll it all back",
    "reverse all of that",
    "please undo all the changes",
    "undo all steps",
  ],
};

const NOTHING = {
  status: "failed",
  code: "ACT-409",
  message: "There is nothing in this conversation that can still be undone.",
} as const;

type NoArguments = Record<string, never>;

/** The tool that takes back all that one request did: what is left when a later step of it failed. */
export function createUndoTurnTool(deps: () => ExecutorDeps): AnyTool {
  return bindTool<NoArguments>({
    name: UNDO_ALL.name,
    manifest: UNDO_ALL,
    schema: z.strictObject({}) as z.ZodType<NoArguments>,
    preview: async (_, { principal, session }) => {
      const actions = await findUndoableTurn(deps().db, principal.id, session ?? "");
      const [first] = actions;
      if (!first) return NOTHING;
      const lines = actions.map(lineOf);
      return {
        status: "ready",
        line: `Undo: ${lines.join("; ")}`,
        changes: lines.map((line) => ({ field: "Undo", before: line, after: "taken back" })),
        resource: { id: first.turn, title: lines.join("; "), attributes: {} },
        context: {},
        risk: "normal",
      };
    },
    run: async (_, { principal, session, signal }) => {
      const actions = await findUndoableTurn(deps().db, principal.id, session ?? "");
      if (actions.length === 0) return NOTHING;
      const told: string[] = [];
      const undone: RecordRef[] = [];
      for (const action of actions) {
        const end = await takeBack(deps(), action, principal, signal);
        if (end.status === "succeeded") {
          await deps().db.tx(async (sql) => {
            await moveAction(sql, action.id, "succeeded", "undone");
            await writeAudit(sql, {
              actor: principal.id,
              type: "action.undone",
              subject: action.id,
              data: { tool: action.tool },
            });
          });
          undone.push({ kind: ACTION_KIND, id: action.id, title: lineOf(action) }, ...end.records);
          told.push(`- ${end.summary}`);
        } else {
          const why = end.status === "asks" ? end.question : end.message;
          told.push(`- Not undone: ${lineOf(action)}. ${why}`);
        }
      }
      return ended(told, undone);
    },
  });
}

const lineOf = (action: Action): string => action.preview?.line ?? action.tool;

function ended(told: readonly string[], undone: readonly RecordRef[]): ActionResult {
  const ids = undone.filter(({ kind }) => kind === ACTION_KIND).map(({ id }) => id);
  if (ids.length === 0) return { status: "failed", code: "ACT-409", message: told.join("\n") };
  return { status: "succeeded", summary: told.join("\n"), data: { undone: ids }, records: undone };
}
