import { digestAction } from "../policy/digest-action.ts";
import type { Grant } from "../store/grants/grants.ts";
import type { Action } from "../types/action.ts";
import { newId } from "../types/ids.ts";
import type { JsonObject } from "../types/json.ts";
import type { ToolCall, ToolOutcome } from "../types/model.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { AnyTool, Preview } from "../types/tool.ts";
import { applyGrants } from "./apply-grants.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import type { Grounded, Grounds } from "./gate.ts";
import { withinTime } from "./run-tool.ts";
import { toolContext } from "./tool-context.ts";

/** A call of the model either ends at once, with nothing done, or becomes an action that policy has judged. */
export type Prepared =
  | { readonly kind: "immediate"; readonly outcome: ToolOutcome }
  | {
      readonly kind: "prepared";
      readonly action: Action;
      readonly tool: AnyTool;
      /** Standing yeses that let it happen, or that count among those it waits for. */
      readonly grants: readonly Grant[];
    };

export type CallPlace = { readonly session: string; readonly turn: string };

type ReadyPreview = Extract<Preview, { status: "ready" }>;

/** The judged shape of a call: what an action and an edited action have in common. */
export type Judged = Pick<
  Action,
  "args" | "digest" | "policyVersion" | "evidence" | "decision" | "preview" | "resource"
>;

/**
 * Finds the tool, checks the arguments, previews the effect, grounds every value and asks policy. Whatever goes
 * wrong in here means that nothing is done. Reads run the same way, without a preview.
 */
export async function prepareCall(
  deps: ExecutorDeps,
  call: ToolCall,
  place: CallPlace,
  grounds: Grounds,
  signal: AbortSignal,
): Promise<Prepared> {
  const tool = deps.tools.get(call.tool);
  if (!tool) {
    return immediate({
      status: "invalid",
      message: `There is no tool ${call.tool}. Use one of the tools given.`,
    });
  }
  const parsed = tool.schema.safeParse(call.args);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`);
    return immediate({ status: "invalid", message: `The arguments do not fit: ${issues.join("; ")}.` });
  }
  if (!isWellFormed(parsed.data)) {
    // Half a surrogate pair has no canonical form (RFC 8785), so nobody could approve exactly this.
    return immediate({
      status: "invalid",
      message: "The arguments hold broken characters. Write them again.",
    });
  }
  const grounded = deps.gate.ground(tool.manifest, parsed.data, grounds);
  const judged = await judge(
    deps,
    tool,
    parsed.data,
    grounded,
    { principal: grounds.principal, session: place.session },
    signal,
  );
  if (judged.kind === "immediate") return judged;
  const applied = await applyGrants(deps, tool, grounds.principal, judged.judged);
  const { decision } = applied.judged;
  return {
    kind: "prepared",
    tool,
    grants: applied.grants,
    action: {
      ...applied.judged,
      id: newId("act"),
      session: place.session,
      turn: place.turn,
      call: call.id,
      principal: grounds.principal.id,
      tool: tool.name,
      effect: tool.manifest.effect,
      status: decision.effect === "permit" ? "running" : decision.effect === "ask" ? "awaiting" : "forbidden",
      key: `${place.turn}:${call.id}`,
      result: null,
      undo: null,
      undoUntil: null,
      startedAt: decision.effect === "permit" ? deps.now() : null,
      finishedAt: decision.effect === "forbid" ? deps.now() : null,
    },
  };
}

/** Whether every text in it is whole Unicode. */
function isWellFormed(args: JsonObject): boolean {
  let isWhole = true;
  JSON.stringify(args, (key, value: unknown) => {
    if (!key.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) isWhole = false;
    return value;
  });
  return isWhole;
}

/** Previews and decides valid arguments; also used for arguments that an approver edited. */
export async function judge(
  deps: ExecutorDeps,
  tool: AnyTool,
  args: JsonObject,
  grounded: Grounded,
  who: { readonly principal: Principal; readonly session: string },
  signal: AbortSignal,
  approvals: Readonly<Record<string, number>> = {},
): Promise<{ kind: "immediate"; outcome: ToolOutcome } | { kind: "judged"; judged: Judged }> {
  let preview: ReadyPreview | null = null;
  if (tool.manifest.effect !== "read") {
    const found = await previewCall(deps, tool, args, who, signal);
    if (found.status !== "ready") return immediate(found);
    preview = found;
  }
  const resource = preview?.resource ?? { id: tool.name, title: tool.manifest.title, attributes: {} };
  const policyVersion = deps.gate.version();
  const from = performance.now();
  const decision = deps.gate.decide({
    principal: who.principal,
    manifest: tool.manifest,
    resource,
    context: preview?.context ?? {},
    grounded,
    approvals,
  });
  deps.metrics.policyDecided({
    effect: decision.effect,
    tool: tool.name,
    durationMs: performance.now() - from,
  });
  return {
    kind: "judged",
    judged: {
      resource: resource.id,
      args: grounded.args,
      digest: digestAction(tool.name, args, policyVersion),
      policyVersion,
      evidence: grounded.evidence,
      decision,
      preview,
    },
  };
}

async function previewCall(
  deps: ExecutorDeps,
  tool: AnyTool,
  args: JsonObject,
  who: { readonly principal: Principal; readonly session: string },
  signal: AbortSignal,
): Promise<Preview> {
  const { preview } = tool;
  if (!preview) {
    return {
      status: "failed",
      code: "TOL-500",
      message: `${tool.name} cannot say what it would do, so it is not done.`,
    };
  }
  try {
    return await withinTime(tool, toolContext(deps, who.principal, "", who.session), signal, (context) =>
      preview(args, context),
    );
  } catch (error) {
    const code = error instanceof StewardError ? error.code : "TOL-500";
    const said = error instanceof Error ? error.message : String(error);
    return {
      status: "failed",
      code,
      message: `I couldn't ${tool.manifest.title}: ${said} Nothing was changed.`,
    };
  }
}

function immediate(outcome: ToolOutcome): { kind: "immediate"; outcome: ToolOutcome } {
  return { kind: "immediate", outcome };
}
