import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { Memory } from "@mastra/memory";
import { PostgresStore } from "@mastra/pg";
import pg from "pg";
import { z } from "zod";
import { EFFECT_INSERT, EFFECT_TABLE, type OpenSystem } from "../turns/system.ts";

type Prompt = readonly { readonly role: string; readonly content: unknown }[];

const USAGE = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };

/** A model of the AI SDK's second specification that answers at once. */
const stub = {
  specificationVersion: "v2" as const,
  provider: "stub",
  modelId: "stub",
  supportedUrls: {},
  doGenerate: async ({ prompt }: { prompt: Prompt }) => {
    const { content, finishReason } = answer(prompt);
    return { content: [content], finishReason, usage: USAGE, warnings: [] };
  },
  doStream: async ({ prompt }: { prompt: Prompt }) => {
    const { content, finishReason } = answer(prompt);
    const parts =
      content.type === "text"
        ? [
            { type: "text-start", id: "0" },
            { type: "text-delta", id: "0", delta: content.text },
            { type: "text-end", id: "0" },
          ]
        : [content];
    return {
      stream: new ReadableStream({
        start: (controller) => {
          controller.enqueue({ type: "stream-start", warnings: [] });
          for (const part of parts) controller.enqueue(part);
          controller.enqueue({ type: "finish", finishReason, usage: USAGE });
          controller.close();
        },
      }),
    };
  },
};

function answer(prompt: Prompt) {
  const last = prompt.at(-1);
  if (last?.role === "tool") {
    return { content: { type: "text" as const, text: "Noted." }, finishReason: "stop" as const };
  }
  const [, verb = "note", text = ""] =
    /Please (note|look) \\"(.+?)\\"/.exec(JSON.stringify(last?.content)) ?? [];
  return {
    content: {
      type: "tool-call" as const,
      toolCallId: crypto.randomUUID(),
      toolName: verb,
      input: JSON.stringify({ text }),
    },
    finishReason: "tool-calls" as const,
  };
}

/** Mastra's agent with its memory on Postgres, as its documentation sets it up. */
export const open: OpenSystem = async (url) => {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(EFFECT_TABLE);
  const storage = new PostgresStore({ id: "bench", connectionString: url });
  await storage.init();
  const inputSchema = z.object({ text: z.string() });
  const note = createTool({
    id: "note",
    description: "Note one line of text.",
    inputSchema,
    execute: async ({ text }: { text: string }) => {
      await pool.query(EFFECT_INSERT, [crypto.randomUUID(), text]);
      return { said: `Noted: ${text}` };
    },
  });
  const look = createTool({
    id: "look",
    description: "Look at one line of text.",
    inputSchema,
    execute: async ({ text }: { text: string }) => ({ said: `Noted: ${text}` }),
  });
  const agent = new Agent({
    id: "bench",
    name: "bench",
    instructions: "Note or look at lines.",
    model: stub as never,
    tools: { note, look },
    memory: new Memory({ storage }),
  });
  new Mastra({ agents: { agent }, storage, logger: false });
  return {
    name: "mastra",
    turn: async (kind, text) => {
      const result = await agent.generate(`Please ${kind === "write" ? "note" : "look"} "${text}".`, {
        memory: { thread: kind, resource: "ada" },
      });
      if (!result.text.startsWith("Noted")) throw new Error("no answer");
    },
    close: async () => {
      await pool.end();
    },
  };
};
