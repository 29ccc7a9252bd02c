import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../src/types/json.ts";
import type { RecordChange } from "../src/types/record.ts";
import { StewardError } from "../src/types/steward-error.ts";
import type { ActionResult, ToolContext } from "../src/types/tool.ts";

const RECEIPT = "tool.receipt";

type Succeeded = Extract<ActionResult, { status: "succeeded" }>;

/** A change of one record as tools make it: what stood there (null: nothing), and what stands there after. */
export type Step = {
  readonly kind: string;
  readonly id: string;
  readonly before: { readonly version: number; readonly data: JsonObject } | null;
  readonly after: JsonObject | null;
};

/** The id of a record that the call with this key creates: the same at every retry. */
export function idFromKey(prefix: string, key: string): string {
  return `${prefix}-${createHash("sha256").update(key).digest("hex").slice(0, 20)}`;
}

/**
 * What the call with this key gave when it was made, or null when it never was. A receipt is written in
 * the same transaction as the change, so a repeat and a reconcile give the very same result.
 */
export async function findReceipt(context: ToolContext): Promise<ActionResult | null> {
  if (context.key === "" || !(await context.records.hasWritten(context.key))) return null;
  const receipt = await context.records.get<{ result: Succeeded }>(RECEIPT, context.key);
  return receipt?.data.result ?? null;
}

/**
 * Writes the steps and the receipt under the action's key, each step only if its record is still as it was
 * read. Adds to `result` what `undoOnce` needs. A record that changed meanwhile fails with `REC-409`.
 */
export async function writeOnce(
  context: ToolContext,
  steps: readonly Step[],
  result: Omit<Succeeded, "undo" | "status">,
): Promise<ActionResult> {
  context.signal.throwIfAborted();
  const undo = {
    steps: steps.map(({ kind, id, before, after }) => ({ kind, id, before: before?.data ?? null, after })),
  };
  const full: Succeeded = { status: "succeeded", ...result, undo };
  const changes: RecordChange[] = steps.map(({ kind, id, before, after }) => ({
    kind,
    id,
    data: after,
    ifVersion: before?.version ?? 0,
  }));
  const receipt = { result: full as unknown as JsonObject, at: context.now.toISOString() };
  return guarded(async () => {
    const { isRepeat } = await context.records.write(context.key, [
      ...changes,
      { kind: RECEIPT, id: context.key, data: receipt },
    ]);
    return (isRepeat ? await findReceipt(context) : null) ?? full;
  });
}

/**
 * Puts back what `writeOnce` changed, unless any of it has changed since (`REC-409`, nothing is undone).
 * `summary` says what was undone. Works under its own key, so undoing twice undoes once.
 */
export async function undoOnce(
  done: JsonObject,
  context: ToolContext,
  summary: string,
): Promise<ActionResult> {
  const steps = (done.steps ?? []) as unknown as readonly {
    kind: string;
    id: string;
    before: JsonObject | null;
    after: JsonObject | null;
  }[];
  const key = `${context.key}:undo`;
  const full: Succeeded = { status: "succeeded", summary, data: {}, records: [] };
  if (await context.records.hasWritten(key)) return full;
  const changes: RecordChange[] = [];
  for (const step of steps) {
    const present = await context.records.get<JsonObject>(step.kind, step.id);
    if (!isDeepStrictEqual(present?.data ?? null, step.after)) return CHANGED;
    changes.push({ kind: step.kind, id: step.id, data: step.before, ifVersion: present?.version ?? 0 });
  }
  context.signal.throwIfAborted();
  return guarded(async () => {
    await context.records.write(key, changes);
    return full;
  });
}

const CHANGED: ActionResult = {
  status: "failed",
  code: "REC-409",
  message:
    "It was changed in the meantime, so I left it as it is. Look at it again and repeat what you need.",
};

async function guarded(write: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StewardError && error.code === "REC-409") return CHANGED;
    throw error;
  }
}
