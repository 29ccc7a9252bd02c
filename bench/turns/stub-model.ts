import type { RoutedChunk } from "../../src/agent/turn-deps.ts";
import type { ModelRequest, ToolCall } from "../../src/types/model.ts";

/** What a person says so that the stub makes one call of that tool: `Please note "pallet 17 is at dock 7".` */
export const sayTo = (verb: "note" | "look" | "order" | "fax", text: string) => `Please ${verb} "${text}".`;

const WISH = /^Please (note|look|order|fax) "(.+)"\.$/;

/** A model that answers at once: one tool call for each wish, then the outcome in words. */
export async function* stubModel(request: ModelRequest): AsyncIterable<RoutedChunk> {
  const last = request.messages.at(-1);
  const calls: ToolCall[] = [];
  let text = "Hello.";
  if (last?.role === "user") {
    const [, verb, words] = WISH.exec(last.text) ?? [];
    if (verb && words) calls.push({ id: "c0", tool: `bench.${verb}`, args: { text: words } });
    else if (last.text.includes("poison")) process.kill(process.pid, "SIGKILL");
  } else if (last?.role === "tool") {
    const { outcome } = last;
    text = outcome.status === "succeeded" ? outcome.summary : outcome.status;
    if ("message" in outcome) text = outcome.message;
  }
  yield {
    type: "done",
    text: calls.length > 0 ? "" : text,
    calls,
    citations: [],
    state: null,
    usage: { inputTokens: 1, outputTokens: 1 },
    route: "stub",
    provider: "stub",
    model: "stub",
    note: null,
    costMicros: null,
  };
}
