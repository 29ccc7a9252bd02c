import type { ZodError, ZodType } from "zod";
import type { JsonObject } from "./json.ts";
import type { ActionResult, AnyTool, Tool } from "./tool.ts";

/**
 * Makes a tool of typed arguments one that a registry can hold: every call is validated by the tool's
 * schema first, and arguments that do not fit come back as `failed` with `TOL-400`, never as a throw.
 * A call whose signal is already aborted is not begun (it throws the signal's reason).
 */
export function bindTool<A>(tool: Tool<A>): AnyTool {
  const { run, preview, reconcile, undo } = tool;
  const checked = async <R>(args: JsonObject, signal: AbortSignal, call: (args: A) => Promise<R>) => {
    signal.throwIfAborted();
    const parsed = tool.schema.safeParse(args);
    return parsed.success ? call(parsed.data) : unfit(tool.manifest.title, parsed.error);
  };
  const bound: AnyTool = {
    name: tool.name,
    manifest: tool.manifest,
    schema: tool.schema as unknown as ZodType<JsonObject>,
    run: (args, context) => checked(args, context.signal, (a) => run.call(tool, a, context)),
  };
  if (preview) {
    bound.preview = (args, context) => checked(args, context.signal, (a) => preview.call(tool, a, context));
  }
  if (reconcile) {
    bound.reconcile = (args, context) =>
      checked(args, context.signal, (a) => reconcile.call(tool, a, context));
  }
  if (undo) {
    bound.undo = async (done, context) => {
      context.signal.throwIfAborted();
      return undo.call(tool, done, context);
    };
  }
  return bound;
}

type Failed = Extract<ActionResult, { status: "failed" }>;

function unfit(title: string, error: ZodError): Failed {
  const first = error.issues[0];
  const where = first?.path.length ? `'${first.path.join(".")}': ` : "";
  return {
    status: "failed",
    code: "TOL-400",
    message: `I could not ${title}: ${where}${first?.message ?? "the arguments do not fit"}. Nothing was done.`,
  };
}
