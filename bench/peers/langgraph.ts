import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { createAgent, tool } from "langchain";
import pg from "pg";
import { z } from "zod";
import { EFFECT_INSERT, EFFECT_TABLE, type OpenSystem } from "../turns/system.ts";

/** Answers at once: one tool call for a message of a person, then the outcome in words. */
class StubModel extends BaseChatModel {
  _llmType(): string {
    return "stub";
  }
  override bindTools(): this {
    return this;
  }
  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const last = messages.at(-1);
    const message =
      last instanceof ToolMessage
        ? new AIMessage(String(last.content))
        : new AIMessage({ content: "", tool_calls: [callFor(String(last?.content ?? ""))] });
    return { generations: [{ text: String(message.content), message }] };
  }
}

function callFor(said: string) {
  const [, verb = "note", text = said] = /^Please (note|look) "(.+)"\.$/.exec(said) ?? [];
  return { id: crypto.randomUUID(), name: verb, args: { text }, type: "tool_call" as const };
}

/** LangGraph's own agent and its Postgres checkpointer, both as their documentation sets them up. */
export const open: OpenSystem = async (url) => {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(EFFECT_TABLE);
  const saver = PostgresSaver.fromConnString(url);
  await saver.setup();
  const schema = z.object({ text: z.string() });
  const note = tool(
    async ({ text }, config) => {
      await pool.query(EFFECT_INSERT, [config.toolCallId ?? crypto.randomUUID(), text]);
      return `Noted: ${text}`;
    },
    { name: "note", description: "Note one line of text.", schema },
  );
  const look = tool(async ({ text }) => `Noted: ${text}`, {
    name: "look",
    description: "Look at one line of text.",
    schema,
  });
  const agent = createAgent({ model: new StubModel({}), tools: [note, look], checkpointer: saver });
  return {
    name: "langgraph",
    turn: async (kind, text) => {
      const said = `Please ${kind === "write" ? "note" : "look"} "${text}".`;
      const result = await agent.invoke(
        { messages: [new HumanMessage(said)] },
        { configurable: { thread_id: kind } },
      );
      if (!String(result.messages.at(-1)?.content).startsWith("Noted")) throw new Error("no answer");
    },
    close: async () => {
      await saver.end();
      await pool.end();
    },
  };
};
