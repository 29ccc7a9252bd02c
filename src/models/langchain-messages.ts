import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import type { ModelMessage, ModelRequest } from "../types/model.ts";
import type { ToolNames } from "./tool-names.ts";

const LONGEST_RESULT = 24_000;

/**
 * The conversation as vendors want it: each assistant message with calls is followed by exactly one result a
 * call, ids are unique over the whole (servers may count from zero in each answer), nothing is empty.
 */
export function toLangChainMessages(
  request: Pick<ModelRequest, "system" | "messages">,
  names: ToolNames,
): BaseMessage[] {
  const out: BaseMessage[] = [new SystemMessage(request.system)];
  const { messages } = request;
  for (const [i, message] of messages.entries()) {
    if (message.role === "user") out.push(new HumanMessage(userText(message)));
    if (message.role !== "assistant") continue;
    if (message.calls.length === 0) {
      if (message.text.trim()) out.push(new AIMessage(message.text));
      continue;
    }
    const id = (index: number) => `call_${i}_${index}`;
    out.push(
      new AIMessage({
        content: message.text,
        tool_calls: message.calls.map((call, n) => ({
          id: id(n),
          name: names.outward(call.tool),
          args: { ...call.args },
          type: "tool_call" as const,
        })),
      }),
    );
    for (const [n, call] of message.calls.entries())
      out.push(
        new ToolMessage({
          tool_call_id: id(n),
          name: names.outward(call.tool),
          content: resultText(resultOf(messages, i, call.id)),
        }),
      );
  }
  return out;
}

type ToolMessageIn = Extract<ModelMessage, { role: "tool" }>;

/** The newest result of a call: those that follow its answer, up to the next answer with calls. */
function resultOf(messages: readonly ModelMessage[], from: number, call: string): ToolMessageIn | null {
  let found: ToolMessageIn | null = null;
  for (const message of messages.slice(from + 1)) {
    if (message.role === "assistant" && message.calls.length > 0) break;
    if (message.role === "tool" && message.call === call) found = message;
  }
  return found;
}

function userText(message: Extract<ModelMessage, { role: "user" }>): string {
  const files = message.files.map(
    (f) => `[Attached file: ${JSON.stringify(f.name)}, ${f.mediaType}, id ${f.id}]`,
  );
  return [message.text.trim() || (files.length > 0 ? "" : "(no words)"), ...files].filter(Boolean).join("\n");
}

/** A result as data: what became of the call, never a voice of its own. */
function resultText(message: ToolMessageIn | null): string {
  if (!message) return JSON.stringify({ status: "waiting", message: "It has no result yet." });
  const { outcome } = message;
  const shown =
    outcome.status === "succeeded"
      ? { status: outcome.status, summary: outcome.summary, data: outcome.data, records: message.records }
      : outcome;
  const text = JSON.stringify(shown);
  if (text.length <= LONGEST_RESULT) return text;
  const short =
    outcome.status === "succeeded"
      ? { status: outcome.status, summary: outcome.summary, records: message.records }
      : outcome;
  return `${JSON.stringify(short).slice(0, LONGEST_RESULT)} [cut: the rest was too long]`;
}
