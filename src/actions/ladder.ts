import { z } from "zod";

/**
 * When the people who may decide are reminded, and when their managers are asked as well, each as a share of the time
 * that the approval is open; null for never. At the end of its time it expires.
 */
export type LadderSteps = { readonly remindAt: number | null; readonly escalateAt: number | null };

/** The steps of each action, and those of every other. */
export type Ladder = {
  readonly default: LadderSteps;
  readonly actions: Readonly<Record<string, LadderSteps>>;
};

/** Half of the time to answer, a quarter for the manager. */
export const DEFAULT_LADDER: Ladder = { default: { remindAt: 0.5, escalateAt: 0.75 }, actions: {} };

const share = z.number().gt(0, "must be more than 0").lt(1, "must be less than 1").nullable();
const steps = z
  .strictObject({ remindAt: share, escalateAt: share })
  .refine(
    ({ remindAt, escalateAt }) => remindAt === null || escalateAt === null || remindAt <= escalateAt,
    "nobody is escalated over before they were reminded: remindAt must not be after escalateAt",
  );
const ladder = z.strictObject({
  default: steps,
  actions: z.record(z.string().max(128), steps).default({}),
});

/** Reads `approvals.json` of a directory of policies. Never throws. */
export function readLadder(
  text: string,
): { readonly ok: true; readonly ladder: Ladder } | { readonly ok: false; readonly message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, message: "The file is not JSON." };
  }
  const parsed = ladder.safeParse(json);
  if (parsed.success) return { ok: true, ladder: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    message: `${issue?.path.join(".") || "The file"}: ${issue?.message ?? "does not fit"}`,
  };
}
