import type { Principal } from "../types/principal.ts";
import type { ToolContext } from "../types/tool.ts";
import type { ExecutorDeps } from "./executor-deps.ts";

/** What a tool sees of the world when it works for `principal`. */
export function toolContext(
  deps: ExecutorDeps,
  principal: Principal,
  key: string,
  session: string,
): Omit<ToolContext, "signal"> {
  return {
    principal,
    directory: deps.directory(),
    now: deps.now(),
    key,
    session,
    records: deps.records,
    files: deps.files,
  };
}
