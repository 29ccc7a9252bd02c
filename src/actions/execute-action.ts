import { finishAction } from "../store/actions/change-action.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Sql } from "../store/db.ts";
import type { Action } from "../types/action.ts";
import type { ToolOutcome } from "../types/model.ts";
import type { Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import type { AnyTool } from "../types/tool.ts";
import { bareArguments } from "./bare-arguments.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { runTool, type ToolEnd } from "./run-tool.ts";
import { toolContext } from "./tool-context.ts";

/** What running an action came to, ready for the log. */
export type Executed = {
  readonly end: ToolEnd;
  readonly outcome: ToolOutcome;
  readonly records: readonly RecordRef[];
  readonly facts: readonly Fact[];
  readonly undoUntil: Date | null;
};

/**
 * Runs an action that may run. For a write, `running` and its key must be committed before this is called
 * (promise 5); its end is written by `saveExecuted`.
 */
export async function executeAction(
  deps: ExecutorDeps,
  action: Action,
  tool: AnyTool,
  principal: Principal,
  signal: AbortSignal,
): Promise<Executed> {
  const args = bareArguments(action.args);
  const context = toolContext(deps, principal, action.effect === "read" ? "" : action.key, action.session);
  const from = performance.now();
  let end = await runTool(tool, args, context, signal);
  deps.metrics.toolRan({ tool: tool.name, status: end.status, durationMs: performance.now() - from });
  if (end.status === "unknown") end = await askWhatBecame(tool, args, context, end);
  return toExecuted(deps, tool, end);
}

/**
 * Settles an action that was `running` when its worker died: what became of it by its key, else again with the
 * same key where the manifest says that this is safe, else `unknown`, for a person to decide.
 */
export async function reconcileAction(
  deps: ExecutorDeps,
  action: Action,
  tool: AnyTool,
  principal: Principal,
  signal: AbortSignal,
): Promise<Executed> {
  const args = bareArguments(action.args);
  const context = toolContext(deps, principal, action.key, action.session);
  const open: ToolEnd = { status: "unknown", message: "Steward stopped in the middle of it." };
  const known = await askWhatBecame(tool, args, context, open);
  const isFree = known.status === "unknown" || known.status === "failed";
  if (isFree && tool.manifest.idempotency === "key")
    return await executeAction(deps, action, tool, principal, signal);
  return toExecuted(deps, tool, known);
}

async function askWhatBecame(
  tool: AnyTool,
  args: ReturnType<typeof bareArguments>,
  context: ReturnType<typeof toolContext>,
  open: ToolEnd & { status: "unknown" },
): Promise<ToolEnd> {
  if (!tool.reconcile) return open;
  try {
    const found = await tool.reconcile(args, { ...context, signal: AbortSignal.timeout(5_000) });
    return (
      found ?? {
        status: "failed",
        code: "TOL-500",
        message: `I couldn't ${tool.manifest.title}. Nothing was changed.`,
      }
    );
  } catch {
    return open;
  }
}

function toExecuted(deps: ExecutorDeps, tool: AnyTool, end: ToolEnd): Executed {
  if (end.status !== "succeeded") return { end, outcome: end, records: [], facts: [], undoUntil: null };
  const { compensate } = tool.manifest;
  const canUndo = compensate !== null && end.undo !== undefined && tool.undo !== undefined;
  return {
    end,
    outcome: end,
    records: end.records,
    facts: deps.gate.walk(tool.manifest, end.data, tool.manifest.title, end.records),
    undoUntil: canUndo ? new Date(deps.now().getTime() + compensate.windowMs) : null,
  };
}

/** Status that an end leaves an action in; a question back to the person is a failure that did nothing. */
export function statusOf(end: ToolEnd): "succeeded" | "failed" | "unknown" {
  return end.status === "asks" ? "failed" : end.status;
}

/** Writes what an action came to, with its audit entry, in the caller's transaction. */
export async function saveExecuted(sql: Sql, action: Action, executed: Executed): Promise<void> {
  const { end } = executed;
  const saved = finishAction(sql, action.id, {
    status: statusOf(end),
    // The structured result is in the session's log already; the row keeps what the card shows.
    result:
      end.status === "unknown"
        ? null
        : end.status === "succeeded"
          ? { ...end, data: {}, records: end.records }
          : end,
    undo: end.status === "succeeded" && executed.undoUntil ? (end.undo ?? null) : null,
    undoUntil: executed.undoUntil,
  });
  const recorded = writeAudit(sql, {
    actor: action.principal,
    type: `action.${statusOf(end)}`,
    subject: action.id,
    // What it was stands in the entry of its begin, under the same subject.
    data: {},
  });
  // Side by side: they leave in one go.
  await Promise.all([saved, recorded]);
}
