import type { ToolCall, ToolOutcome } from "../types/model.ts";
import type { SessionEvent } from "../types/session-event.ts";

type EventOf<K extends SessionEvent["type"]> = Extract<SessionEvent, { type: K }>;

const isOf = (event: SessionEvent, turn: string) => "turn" in event.data && event.data.turn === turn;

/** What a turn needs next, read off its events: so a resume takes only the missing step. */
export type NextStep =
  | { readonly kind: "model" }
  | { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
  | { readonly kind: "answered"; readonly answer: EventOf<"model.answered"> };

export function nextStep(events: readonly SessionEvent[], turn: string): NextStep {
  const own = events.filter((event) => isOf(event, turn));
  const answers = own.filter((event) => event.type === "model.answered");
  const last = answers.at(-1);
  if (!last) return { kind: "model" };
  const finished = own.filter((event) => event.type === "action.finished");
  const open = last.data.calls.filter((call) => !finished.some((end) => end.data.call === call.id));
  if (open.length > 0) return { kind: "calls", calls: open };
  // Words written while the turn waited are not its end once a decision came after them.
  const hasNewer = finished.some((end) => end.seq > last.seq);
  return last.data.calls.length > 0 || hasNewer ? { kind: "model" } : { kind: "answered", answer: last };
}

/** What a turn has used so far. */
export function turnSpend(
  events: readonly SessionEvent[],
  turn: string,
): { readonly steps: number; readonly tokens: number; readonly costMicros: number } {
  let [steps, tokens, costMicros] = [0, 0, 0];
  for (const event of events) {
    if (event.type !== "model.answered" || event.data.turn !== turn) continue;
    steps += 1;
    tokens += event.data.usage.inputTokens + event.data.usage.outputTokens;
    costMicros += event.data.costMicros ?? 0;
  }
  return { steps, tokens, costMicros };
}

/** The latest outcome of each call of a turn. */
export function latestOutcomes(
  events: readonly SessionEvent[],
  turn: string,
): ReadonlyMap<string, ToolOutcome> {
  const outcomes = new Map<string, ToolOutcome>();
  for (const event of events) {
    if (event.type === "action.finished" && event.data.turn === turn)
      outcomes.set(event.data.call, event.data.outcome);
  }
  return outcomes;
}

/** The turn that began and did not end, if any: its worker died, or it is running. */
export function openTurn(events: readonly SessionEvent[]): string | null {
  let open: string | null = null;
  for (const event of events) {
    if (event.type === "turn.started") open = event.data.turn;
    if (event.type === "turn.resumed") open = event.data.turn;
    if (event.type === "turn.ended" && event.data.turn === open) open = null;
  }
  return open;
}

/**
 * The log as the model of `turn` should read it. A turn that waited may have others after it: they come first. Of
 * its own events, each call keeps its latest outcome in its first place, and words that only said "waiting" are left
 * out once the outcome is there. Calls whose outcome the person has been told come back in `told`.
 */
export function eventsForTurn(
  events: readonly SessionEvent[],
  turn: string,
): { readonly events: readonly SessionEvent[]; readonly told: ReadonlySet<string> } {
  const messages = new Set(
    events.flatMap((event) =>
      event.type === "turn.started" && event.data.turn === turn ? event.data.messages : [],
    ),
  );
  const isOwn = (event: SessionEvent) =>
    isOf(event, turn) || (event.type === "message.received" && messages.has(event.data.message));
  const others = events.filter((event) => !isOwn(event));
  const own = events.filter(isOwn);
  const lastEnd = own.filter((event) => event.type === "turn.ended").at(-1)?.seq ?? 0;
  const latest = new Map<string, EventOf<"action.finished">>();
  for (const event of own) if (event.type === "action.finished") latest.set(event.data.call, event);
  const placed = new Set<string>();
  const told = new Set<string>();
  const kept: SessionEvent[] = [];
  for (const event of own) {
    if (event.type === "model.answered" && event.data.calls.length === 0 && event.seq < lastEnd) continue;
    if (event.type !== "action.finished") {
      kept.push(event);
      continue;
    }
    if (placed.has(event.data.call)) continue;
    placed.add(event.data.call);
    const end = latest.get(event.data.call) ?? event;
    if (end.seq < lastEnd) told.add(event.data.call);
    kept.push({ ...end, seq: event.seq });
  }
  return { events: [...others, ...kept], told };
}
