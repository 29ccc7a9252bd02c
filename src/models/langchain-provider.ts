import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { z } from "zod";
import type { Json, JsonObject } from "../types/json.ts";
import type { ModelChunk, ModelRequest, ModelRoute, Provider, ToolCall, Usage } from "../types/model.ts";
import { StewardError } from "../types/steward-error.ts";
import type { AnyTool } from "../types/tool.ts";
import { toLangChainMessages } from "./langchain-messages.ts";
import { toModelFailure } from "./model-failure.ts";
import { createCitationNumbers } from "./renumber-citations.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";

export type ModelTimeouts = {
  /** Until the first piece arrives. */
  readonly firstMs: number;
  /** Between two pieces. */
  readonly idleMs: number;
  readonly totalMs: number;
};

const TIMEOUTS: ModelTimeouts = { firstMs: 20_000, idleMs: 15_000, totalMs: 90_000 };
/** The one key of a call whose arguments were no JSON object; every schema refuses it, so the model hears of it. */
export const UNREADABLE_ARGS = "__unreadable";

/**
 * A chat model of LangChain as a provider: streams words, gathers parallel calls, gives failures codes. It never
 * retries: another route is quicker than the same one again.
 * @param options.chatModel the model, or how to load it on first use
 */
export function createLangChainProvider(options: {
  readonly route: ModelRoute;
  readonly chatModel: BaseChatModel | (() => Promise<BaseChatModel>);
  readonly timeouts?: Partial<ModelTimeouts>;
}): Provider {
  const { route } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  let loaded: Promise<BaseChatModel> | null = null;
  const load = () => {
    const { chatModel } = options;
    if (typeof chatModel !== "function") return Promise.resolve(chatModel);
    loaded ??= chatModel();
    // A failed load is tried again: the package may be there by then.
    loaded.catch(() => {
      loaded = null;
    });
    return loaded;
  };
  return {
    name: route.provider,
    complete: (request) => stream(request, route, load, timeouts),
  };
}

async function* stream(
  request: ModelRequest,
  route: ModelRoute,
  load: () => Promise<BaseChatModel>,
  timeouts: ModelTimeouts,
): AsyncGenerator<ModelChunk> {
  request.signal.throwIfAborted();
  const watch = createWatch(request.signal, timeouts, route.name);
  const numbers = createCitationNumbers(request.passages);
  const names = createToolNames(request.tools.map((t) => t.name));
  let text = "";
  let whole: AIMessageChunk | null = null;
  try {
    const model = await watch.race(load());
    const bound =
      request.tools.length > 0 && model.bindTools
        ? model.bindTools(request.tools.map((t) => describe(t, names)))
        : model;
    const messages = toLangChainMessages(request, names);
    watch.begin();
    const pieces = await watch.race(bound.stream(messages, { signal: watch.signal }));
    const iterator = pieces[Symbol.asyncIterator]();
    while (true) {
      const next = await watch.race(iterator.next());
      if (next.done) break;
      const piece = next.value as AIMessageChunk;
      watch.beat();
      whole = whole ? whole.concat(piece) : piece;
      const shown = numbers.push(textOf(piece));
      if (shown) {
        text += shown;
        yield { type: "text", delta: shown };
      }
    }
  } catch (error) {
    request.signal.throwIfAborted();
    throw watch.failure() ?? toModelFailure(error, route.name);
  } finally {
    watch.stop();
  }
  const rest = numbers.flush();
  if (rest) {
    text += rest;
    yield { type: "text", delta: rest };
  }
  const calls = whole ? callsOf(whole, names) : [];
  if (isCutShort(whole) || (!text.trim() && calls.length === 0)) {
    throw new StewardError("MDL-502", `The model route '${route.name}' broke off its answer.`);
  }
  yield { type: "done", text, calls, citations: numbers.citations(text), state: null, usage: usageOf(whole) };
}

/** One abort for the person's own, the first piece, the pause between pieces and the whole. */
function createWatch(outer: AbortSignal, timeouts: ModelTimeouts, route: string) {
  const controller = new AbortController();
  let failure: StewardError | null = null;
  const expire = () => {
    failure = new StewardError("MDL-504", `The model route '${route}' took too long.`);
    controller.abort(failure);
  };
  const total = setTimeout(expire, timeouts.totalMs);
  let pause: NodeJS.Timeout | undefined;
  const onAbort = () => controller.abort(outer.reason);
  outer.addEventListener("abort", onAbort, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  aborted.catch(() => {});
  return {
    signal: controller.signal,
    /** A promise that loses against the abort: some servers ignore it. */
    race: <T>(work: Promise<T>): Promise<T> => {
      work.catch(() => {});
      return Promise.race([work, aborted]);
    },
    /** The request goes out now; loading the vendor's package before did not count. */
    begin() {
      pause = setTimeout(expire, timeouts.firstMs);
    },
    beat() {
      clearTimeout(pause);
      pause = setTimeout(expire, timeouts.idleMs);
    },
    failure: () => failure,
    stop() {
      clearTimeout(total);
      clearTimeout(pause);
      outer.removeEventListener("abort", onAbort);
      controller.abort();
    },
  };
}

function describe(tool: AnyTool, names: ToolNames) {
  const { $schema: _, ...parameters } = z.toJSONSchema(tool.schema, { io: "input", unrepresentable: "any" });
  return {
    type: "function" as const,
    function: {
      name: names.outward(tool.name),
      description: tool.manifest.description,
      parameters: { type: "object", ...parameters },
    },
  };
}

/** Words of a piece; thinking and tool input are not words. */
function textOf(piece: AIMessageChunk): string {
  if (typeof piece.content === "string") return piece.content;
  return piece.content
    .map((block) => (block.type === "text" && typeof block.text === "string" ? block.text : ""))
    .join("");
}

function callsOf(whole: AIMessageChunk, names: ToolNames): readonly ToolCall[] {
  const pieces = whole.tool_call_chunks ?? [];
  // What the vendor's client could parse leniently is not trusted: half an object may parse as a smaller one.
  const raw =
    pieces.length > 0
      ? pieces.map((c) => ({ id: c.id, name: c.name, args: c.args }))
      : (whole.tool_calls ?? []);
  const seen = new Set<string>();
  return raw.flatMap((call, i) => {
    if (!call.name) return [];
    let id = call.id || `call_${i}`;
    while (seen.has(id)) id = `${id}_${i}`;
    seen.add(id);
    return [{ id, tool: names.inward(call.name), args: readArgs(call.args) }];
  });
}

function readArgs(args: unknown): JsonObject {
  if (typeof args === "object" && args !== null && !Array.isArray(args)) return args as JsonObject;
  if (args === undefined || args === null || args === "") return {};
  try {
    const value: unknown = JSON.parse(String(args));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Falls through to the marker.
  }
  return { [UNREADABLE_ARGS]: String(args).slice(0, 500) as Json };
}

function isCutShort(whole: AIMessageChunk | null): boolean {
  if (!whole) return true;
  const meta = whole.response_metadata as { finish_reason?: unknown; stop_reason?: unknown };
  const reason =
    meta.finish_reason ??
    meta.stop_reason ??
    (whole.additional_kwargs as { stop_reason?: unknown }).stop_reason;
  // A stream that ends without saying why was cut: servers always say.
  return reason === undefined || reason === null;
}

function usageOf(whole: AIMessageChunk | null): Usage {
  const usage = whole?.usage_metadata;
  return { inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 };
}
