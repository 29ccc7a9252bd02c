import { moveAction } from "../store/actions/change-action.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Action } from "../types/action.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { runTool, type ToolEnd } from "./run-tool.ts";
import { changed, type FencedCommit } from "./settle-action.ts";
import { toolContext } from "./tool-context.ts";

/** Whether `person` may take this action back now; throws ACT-403, ACT-404 or ACT-409 with the reason. */
export function assertUndoable(
  deps: ExecutorDeps,
  action: Action | null,
  person: Principal,
): asserts action is Action {
  if (!action) throw new StewardError("ACT-404");
  if (action.principal !== person.id) {
    const who = deps.directory().find(action.principal)?.name ?? "the person who asked";
    throw new StewardError("ACT-403", `Only ${who} can undo this.`);
  }
  if (action.status === "undone") throw new StewardError("ACT-409", "It was undone already.");
  if (action.status !== "succeeded" || !action.undo || !action.undoUntil) {
    throw new StewardError("ACT-409", "It cannot be undone.");
  }
  if (action.undoUntil <= deps.now()) throw new StewardError("ACT-409", "The time to undo it is over.");
}

/** Asks the tool to take an action back, under a key of its own: a second time changes nothing. */
export async function takeBack(
  deps: ExecutorDeps,
  action: Action,
  person: Principal,
  signal: AbortSignal,
): Promise<ToolEnd> {
  const tool = deps.tools.get(action.tool);
  const { undo } = action;
  if (!tool?.undo || !undo) return { status: "failed", code: "ACT-409", message: "It cannot be undone." };
  const undoWith = tool.undo;
  return await runTool(
    { ...tool, run: async (_, context) => await undoWith(undo, context) },
    {},
    toolContext(deps, person, `${action.key}:undo`, action.session),
    signal,
  );
}

/**
 * Takes an action back. Runs in the session's worker; the undo has a key of its own, so that a crash in the middle
 * and a second click change nothing twice. Returns what the thread should say.
 */
export async function undoAction(
  deps: ExecutorDeps,
  id: string,
  person: Principal,
  commit: FencedCommit,
  signal: AbortSignal,
): Promise<string> {
  const action = await findAction(deps.db, id);
  try {
    assertUndoable(deps, action, person);
  } catch (error) {
    if (error instanceof StewardError) return error.message;
    throw error;
  }
  const end = await takeBack(deps, action, person, signal);
  if (end.status !== "succeeded") return undoFailure(end);
  await commit([changed(action, "undone")], async (sql) => {
    await moveAction(sql, id, "succeeded", "undone");
    await writeAudit(sql, {
      actor: person.id,
      type: "action.undone",
      subject: id,
      data: { tool: action.tool },
    });
  });
  return end.summary;
}

function undoFailure(end: Exclude<ToolEnd, { status: "succeeded" }>): string {
  const why = end.status === "asks" ? end.question : end.message;
  return `I couldn't undo it. ${why}`;
}
