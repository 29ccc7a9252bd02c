import type { JsonObject } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";
import type { ActionResult, AnyTool, ToolContext } from "../types/tool.ts";

/** A tool that says nothing for this long is given up. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** A result above this is not kept: nobody reads it, and a hostile server could fill the log with it. */
const MAX_RESULT_BYTES = 5_000_000;

/** What a call came to; `unknown` when it may have taken effect without saying so. */
export type ToolEnd = ActionResult | { readonly status: "unknown"; readonly message: string };

type Work<T> = (context: ToolContext) => Promise<T>;

/**
 * Runs one piece of a tool (a run, a preview, an undo) within its time. Rejects with the tool's own error, or
 * with TOL-504 when the time is over, whether or not the tool listens to its signal.
 */
export async function withinTime<T>(
  tool: AnyTool,
  context: Omit<ToolContext, "signal">,
  signal: AbortSignal,
  work: Work<T>,
): Promise<T> {
  const timeoutMs = tool.manifest.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const both = AbortSignal.any([signal, timeout]);
  const over = new Promise<never>((_, reject) => {
    both.addEventListener(
      "abort",
      () =>
        reject(
          new StewardError(
            timeout.aborted ? "TOL-504" : "TOL-499",
            timeout.aborted ? `No answer within ${timeoutMs / 1_000} s.` : undefined,
          ),
        ),
      { once: true },
    );
  });
  return await Promise.race([work({ ...context, signal: both }), over]);
}

/** Calls a tool's `run` and turns every way it can go wrong into a value. Never throws. */
export async function runTool(
  tool: AnyTool,
  args: JsonObject,
  context: Omit<ToolContext, "signal">,
  signal: AbortSignal,
): Promise<ToolEnd> {
  try {
    const result = await withinTime(tool, context, signal, (inner) => tool.run(args, inner));
    if (result.status === "succeeded" && JSON.stringify(result.data).length > MAX_RESULT_BYTES) {
      return tool.manifest.effect === "read"
        ? {
            status: "failed",
            code: "TOL-413",
            message: "The answer was too large to use. Ask for less of it.",
          }
        : { ...result, data: {} };
    }
    return result;
  } catch (error) {
    const code = error instanceof StewardError ? error.code : "TOL-500";
    const said = error instanceof Error ? error.message : String(error);
    if (tool.manifest.effect === "read" || isBeforeEffect(error)) {
      return { status: "failed", code, message: `I couldn't ${tool.manifest.title}: ${said}` };
    }
    return {
      status: "unknown",
      message: `I couldn't learn whether it took effect (${code}: ${said}).`,
    };
  }
}

/** A version conflict or a refused input is thrown before anything is written. */
function isBeforeEffect(error: unknown): boolean {
  return (
    error instanceof StewardError && error.status >= 400 && error.status < 500 && error.code !== "TOL-499"
  );
}
