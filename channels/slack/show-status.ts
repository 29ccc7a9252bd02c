import type { SlackContext } from "./slack-context.ts";
import { codeOf } from "./slack-failure.ts";
import { isDirectId, type SlackPlace } from "./thread-ref.ts";

/** Methods that a workspace's plan or the app's kind does not have are left alone for so long. */
const ABSENT_MS = 3_600_000;
const ABSENT: ReadonlySet<string> = new Set([
  "access_denied",
  "channel_type_not_supported",
  "feature_not_enabled",
  "missing_scope",
  "no_permission",
  "not_allowed",
  "not_allowed_token_type",
  "unknown_method",
]);
const absent = new WeakMap<SlackContext, Map<string, number>>();

/** Asks for something that is nice to have: never waited for, never queued, left out where Slack does not offer it. */
export function tryCall(
  context: SlackContext,
  team: string,
  method: string,
  args: Readonly<Record<string, unknown>>,
): void {
  const now = context.host.now().getTime();
  const known = absent.get(context) ?? new Map<string, number>();
  absent.set(context, known);
  if (now - (known.get(`${team} ${method}`) ?? Number.NEGATIVE_INFINITY) < ABSENT_MS) return;
  void context.call(team, method, args, { maxWaitMs: 0 }).catch((error: unknown) => {
    if (ABSENT.has(codeOf(error) ?? "")) known.set(`${team} ${method}`, now);
  });
}

/** "Working on it" at the thread, with Slack's own stop button where there is one. What it works on is not said. */
export function showWorking(context: SlackContext, place: SlackPlace, step: string | null = null): void {
  const at = { channel_id: place.channel, thread_ts: place.root };
  tryCall(context, place.team, "agents.sessions.setStatus", { ...at, status: "processing" });
  // A step may tell what is looked at, which only the person themself should read.
  const words = step !== null && isDirectId(place.channel) ? `: ${step}` : "";
  tryCall(context, place.team, "assistant.threads.setStatus", {
    ...at,
    status: `is working on it${words}`.slice(0, 50),
  });
}

/** Takes the status away; `isWaiting` when somebody's decision is awaited. */
export function showDone(context: SlackContext, place: SlackPlace, isWaiting: boolean): void {
  const at = { channel_id: place.channel, thread_ts: place.root };
  tryCall(context, place.team, "agents.sessions.setStatus", {
    ...at,
    status: isWaiting ? "suspended" : "active",
  });
  tryCall(context, place.team, "assistant.threads.setStatus", { ...at, status: "" });
}
