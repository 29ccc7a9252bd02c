import type { SessionEvent } from "../types/session-event.ts";
import type { AnyTool } from "../types/tool.ts";

/** Ends of a step after which the steps before it may not be wanted any more. */
const STOPPED: ReadonlySet<string> = new Set(["failed", "forbidden", "refused", "expired", "unknown"]);

/**
 * The offer to take back what a turn did before one of its later steps came to nothing; null when there is nothing to
 * take back, when all went well, or while a step still waits. Read off the log, so a resumed turn offers the same.
 */
export function offerUndo(
  events: readonly SessionEvent[],
  turn: string,
  tools: ReadonlyMap<string, AnyTool>,
  now: Date,
): string | null {
  const steps = new Map<string, Extract<SessionEvent, { type: "action.finished" }>>();
  for (const event of events) {
    if (event.type !== "action.finished" || event.data.turn !== turn) continue;
    if (tools.get(event.data.tool)?.manifest.effect !== "read") steps.set(event.data.call, event);
  }
  const ends = [...steps.values()];
  if (ends.some(({ data }) => data.outcome.status === "waiting")) return null;
  const stop = ends.findLastIndex(({ data }) => STOPPED.has(data.outcome.status));
  const before = ends.slice(0, Math.max(0, stop)).filter(({ data, at }) => {
    const tool = tools.get(data.tool);
    const windowMs = tool?.manifest.compensate?.windowMs ?? 0;
    const isReversible = data.outcome.status === "succeeded" && data.outcome.undo !== undefined;
    return isReversible && tool?.undo !== undefined && at.getTime() + windowMs > now.getTime();
  });
  if (before.length === 0) return null;
  return before.length === 1
    ? "The step before that was done and can still be undone: say 'undo that', or use Undo on the card."
    : `The ${before.length} steps before that were done and can still be undone: say 'undo all of that', or use Undo on the card.`;
}
