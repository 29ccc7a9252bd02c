import { moveAction } from "../store/actions/change-action.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { bareArguments } from "./bare-arguments.ts";
import { type Executed, executeAction, saveExecuted } from "./execute-action.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { changed, type FencedCommit, finished } from "./settle-action.ts";
import { toolContext } from "./tool-context.ts";

/** What a person may do about an outcome that is not known. */
export type UnknownChoice = "check" | "retry" | "give-up";

/**
 * Settles an action whose outcome is unknown as a person chose: look it up by its key, send it again under the same
 * key, or leave it. Returns what the thread should say.
 */
export async function resolveUnknown(
  deps: ExecutorDeps,
  id: string,
  choice: UnknownChoice,
  commit: FencedCommit,
  signal: AbortSignal,
): Promise<string> {
  const action = await findAction(deps.db, id);
  const tool = action && deps.tools.get(action.tool);
  const principal = action && deps.directory().find(action.principal);
  if (action?.status !== "unknown" || !tool || !principal) return "There is nothing left to settle.";
  if (choice === "give-up") {
    await commit([changed(action, "finished")], async (sql) => {
      await moveAction(sql, id, "unknown", "failed");
      await writeAudit(sql, {
        actor: principal.id,
        type: "action.given-up",
        subject: id,
        data: { tool: tool.name },
      });
    });
    return "I'll leave it. Please check in the system itself whether it took effect.";
  }
  let executed: Executed;
  if (choice === "check") {
    const context = { ...toolContext(deps, principal, action.key, action.session), signal };
    const found = await tool.reconcile?.(bareArguments(action.args), context);
    if (found === undefined)
      return "This system cannot be asked what became of it. Retry with the same key, or give up.";
    const end = found ?? {
      status: "failed" as const,
      code: "TOL-500",
      message: "It never arrived: nothing was changed.",
    };
    executed = { end, outcome: end, records: [], facts: [], undoUntil: null };
  } else {
    executed = await executeAction(deps, action, tool, principal, signal);
  }
  await commit(
    [finished(action, executed.outcome, executed.records, executed.facts), changed(action, "finished")],
    async (sql) => await saveExecuted(sql, action, executed),
  );
  const { end } = executed;
  if (end.status === "succeeded") return end.summary;
  return end.status === "asks" ? end.question : end.message;
}
