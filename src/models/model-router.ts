import { SENSITIVITIES, type Sensitivity } from "../types/label.ts";
import type { ModelChunk, ModelRequest, ModelRoute } from "../types/model.ts";
import { StewardError } from "../types/steward-error.ts";
import { type CircuitBreaker, createCircuitBreaker } from "./circuit-breaker.ts";
import type { RoutedProvider } from "./configured-models.ts";
import { costMicros } from "./model-cost.ts";

/** A chunk of whichever route answered; the last one says which it was. */
export type RoutedChunk =
  | Extract<ModelChunk, { type: "text" }>
  | (Extract<ModelChunk, { type: "done" }> & {
      readonly route: string;
      readonly provider: string;
      readonly model: string;
      /** Said to the person when another route than the first answered. */
      readonly note: string | null;
      /** Millionths of a US dollar; null when the price is not known. */
      readonly costMicros: number | null;
    });

export type RouteHealth = { readonly route: string; readonly restsUntil: Date | null };

export type ModelRouter = {
  complete(request: ModelRequest): AsyncIterable<RoutedChunk>;
  health(): readonly RouteHealth[];
};

type Done = Extract<ModelChunk, { type: "done" }>;
type Entry = RoutedProvider & { readonly breaker: CircuitBreaker };

/** Whether what is in a request may go to a route. */
export function maySee(route: ModelRoute, sensitivity: Sensitivity): boolean {
  return SENSITIVITIES.indexOf(sensitivity) <= SENSITIVITIES.indexOf(route.maxSensitivity);
}

/**
 * Sends a request to the first route that may see it and is well, and on a failure to the next one, never to
 * the same twice. Words that were shown stay; another route goes on after them and the note says so. Throws
 * `MDL-503` when no route could answer, and the signal's reason when the person stopped it.
 * @param options.routes in order of preference; the offline planner belongs at the end
 * @param options.onFailure told of each failed attempt; must not throw
 */
export function createModelRouter(options: {
  readonly routes: readonly RoutedProvider[];
  /** Failures in a row until a route rests (3), and for how long (30 s). */
  readonly failures?: number;
  readonly restMs?: number;
  readonly now?: () => number;
  readonly onFailure?: (failure: {
    readonly route: string;
    readonly code: string;
    readonly error: unknown;
  }) => void;
}): ModelRouter {
  const { failures = 3, restMs = 30_000, now = Date.now, onFailure = () => {} } = options;
  const entries: readonly Entry[] = options.routes.map((r) => ({
    ...r,
    breaker: createCircuitBreaker({ failures, restMs, now }),
  }));

  async function* complete(request: ModelRequest): AsyncGenerator<RoutedChunk> {
    request.signal.throwIfAborted();
    const allowed = entries.filter((e) => maySee(e.route, request.sensitivity));
    const first = entries[0];
    const passed: Entry[] = first && !allowed.includes(first) ? [first] : [];
    let shown = "";
    let cause: unknown;
    const isEveryoneResting = allowed.every((e) => (e.breaker.restsUntil() ?? 0) > now());
    for (const entry of allowed) {
      if (!isEveryoneResting && !entry.breaker.tryEnter()) {
        passed.push(entry);
        continue;
      }
      const joint = createJoint(shown);
      let isSettled = false;
      try {
        let done: Done | null = null;
        for await (const chunk of entry.provider.complete(request)) {
          if (chunk.type === "done") {
            done = chunk;
            continue;
          }
          const delta = joint.push(chunk.delta);
          if (delta) {
            shown += delta;
            yield { type: "text", delta };
          }
        }
        if (!done)
          throw new StewardError("MDL-502", `The model route '${entry.route.name}' broke off its answer.`);
        const rest = joint.flush();
        if (rest) {
          shown += rest;
          yield { type: "text", delta: rest };
        }
        entry.breaker.succeeded();
        isSettled = true;
        yield finish(done, entry, shown, noteFor(entry, passed, request.sensitivity, joint.isContinued));
        return;
      } catch (error) {
        if (request.signal.aborted) throw request.signal.reason;
        cause = error;
        const code = error instanceof StewardError ? error.code : "MDL-502";
        // A request the route cannot take says nothing about its health.
        if (code !== "MDL-400") {
          entry.breaker.failed();
          isSettled = true;
        }
        onFailure({ route: entry.route.name, code, error });
        passed.push(entry);
      } finally {
        // The person went away, or the reader stopped: the route's one trial is free again.
        if (!isSettled) entry.breaker.left();
      }
    }
    throw new StewardError("MDL-503", undefined, { cause });
  }

  return {
    complete,
    health: () =>
      entries.map(({ route, breaker }) => {
        const until = breaker.restsUntil();
        return { route: route.name, restsUntil: until !== null && until > now() ? new Date(until) : null };
      }),
  };
}

function finish(done: Done, { route }: Entry, text: string, note: string | null): RoutedChunk {
  return {
    ...done,
    text,
    route: route.name,
    provider: route.provider,
    model: route.model,
    note,
    costMicros: costMicros(done.usage, route),
  };
}

const say = (route: ModelRoute) =>
  /planner/i.test(route.provider) || /planner/i.test(route.name)
    ? "the offline planner"
    : route.residency === "cloud"
      ? `the cloud model (${route.name})`
      : `the on-premises model (${route.name})`;

function noteFor(
  entry: Entry,
  passed: readonly Entry[],
  sensitivity: Sensitivity,
  isContinued: boolean,
): string | null {
  const [skipped] = passed;
  if (!skipped) return null;
  const kind = skipped.route.residency === "cloud" ? "cloud" : "on-premises";
  if (isContinued) return `The ${kind} model broke off, so the rest comes from ${say(entry.route)}.`;
  if (passed.every((e) => !maySee(e.route, sensitivity)))
    return `The ${kind} model may not see ${sensitivity} content, so this comes from ${say(entry.route)}.`;
  const failed = passed.find((e) => maySee(e.route, sensitivity)) ?? skipped;
  const which = failed.route.residency === "cloud" ? "cloud" : "on-premises";
  return `The ${which} model did not answer, so this comes from ${say(entry.route)}.`;
}

/**
 * Joins the words of a second route to those already shown: what repeats them from the start is swallowed,
 * anything else begins on a new line.
 */
function createJoint(shown: string): {
  push(delta: string): string;
  flush(): string;
  readonly isContinued: boolean;
} {
  let held = "";
  let isOpen = shown !== "";
  const join = () => {
    isOpen = false;
    if (held.startsWith(shown)) return held.slice(shown.length);
    return held ? `\n\n${held}` : "";
  };
  return {
    isContinued: shown !== "",
    push(delta) {
      if (!isOpen) return delta;
      held += delta;
      const isRepeating = held.length < shown.length && shown.startsWith(held);
      return isRepeating ? "" : join();
    },
    flush() {
      if (!isOpen || held === "") return "";
      // It ended inside what was shown already: nothing new.
      isOpen = false;
      return shown.startsWith(held) ? "" : `\n\n${held}`;
    },
  };
}
