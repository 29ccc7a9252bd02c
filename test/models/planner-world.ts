import type { FileRef } from "../../src/types/file-ref.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { ModelChunk, ModelMessage, ModelRequest, Provider, ToolOutcome } from "../../src/types/model.ts";
import type { Passage } from "../../src/types/passage.ts";
import type { Directory, Principal } from "../../src/types/principal.ts";
import type { RecordRef } from "../../src/types/record.ts";
import type { AnyTool } from "../../src/types/tool.ts";

/** Monday, 16 March 2026, 09:00 in Vienna. */
export const NOW = new Date("2026-03-16T08:00:00Z");

const person = (
  id: string,
  name: string,
  title: string,
  manager: string | null,
  groups: string[],
): Principal => ({
  id: `${id}@oakfield.example`,
  name,
  title,
  manager: manager ? `${manager}@oakfield.example` : null,
  groups: ["everyone", ...groups],
  zone: "Europe/Vienna",
  locale: "en-GB",
});

const PEOPLE: readonly Principal[] = [
  person("ingrid.holm", "Ingrid Holm", "Managing director", null, ["management"]),
  person("carla.rossi", "Carla Rossi", "Head of sales", "ingrid.holm", ["sales", "sales-managers"]),
  person("viktor.stein", "Viktor Stein", "Account executive", "carla.rossi", ["sales"]),
  person("maya.patel", "Maya Patel", "Sales engineer", "carla.rossi", ["sales"]),
  person("ben.adler", "Ben Adler", "Account executive", "carla.rossi", ["sales"]),
  person("ben.moreau", "Ben Moreau", "Network engineer", "ingrid.holm", ["it"]),
  person("lucia.ferrari", "Lucia Ferrari", "Head of finance", "ingrid.holm", ["finance"]),
  person("oskar.lind", "Oskar Lind", "Accountant", "lucia.ferrari", ["finance"]),
  person("june.walker", "June Walker", "People partner", "ingrid.holm", ["hr"]),
];

export const directory: Directory = {
  people: PEOPLE,
  domains: ["oakfield.example"],
  groupTitles: {},
  find: (id) => PEOPLE.find((p) => p.id === id) ?? null,
  inGroup: (group) => PEOPLE.filter((p) => p.groups.includes(group)),
};

export function whoIs(id: string): Principal {
  const found = directory.find(`${id}@oakfield.example`);
  if (!found) throw new Error(`Nobody is called ${id}`);
  return found;
}

export function request(messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: "You are a test.",
    promptVersion: "test",
    messages,
    tools: [],
    passages: [],
    principal: whoIs("viktor.stein"),
    directory,
    now: NOW,
    sensitivity: "internal",
    signal: new AbortController().signal,
    ...more,
  };
}

export const user = (text: string, files: readonly FileRef[] = []): ModelMessage => ({
  role: "user",
  text,
  at: NOW,
  files,
});

export type Done = Extract<ModelChunk, { type: "done" }>;

/** Runs one step to its end. */
export async function complete(provider: Pick<Provider, "complete">, input: ModelRequest): Promise<Done> {
  let done: Done | null = null;
  for await (const chunk of provider.complete(input)) if (chunk.type === "done") done = chunk;
  if (!done) throw new Error("The provider did not finish");
  return done;
}

/** What a tool answers in a conversation of a test. */
export type Play = (call: { readonly tool: string; readonly args: JsonObject }) => {
  readonly outcome: ToolOutcome;
  readonly records?: readonly RecordRef[];
};

export const succeeded = (
  records: readonly RecordRef[] = [],
  data: JsonObject = {},
  summary = "Done.",
): ToolOutcome => ({
  status: "succeeded",
  summary,
  data,
  records,
});

export type Said = { readonly text: string; readonly calls: readonly { tool: string; args: JsonObject }[] };

/** A conversation with a planner: what is said and called in each turn, tools answered by `play`. */
export function converse(
  provider: Pick<Provider, "complete">,
  options: {
    readonly tools: readonly AnyTool[];
    readonly play?: Play;
    readonly principal?: Principal;
    readonly passages?: readonly Passage[];
  },
) {
  const messages: ModelMessage[] = [];
  const play: Play = options.play ?? (() => ({ outcome: succeeded() }));
  return {
    messages,
    async say(text: string, files: readonly FileRef[] = []): Promise<Said> {
      messages.push(user(text, files));
      const calls: { tool: string; args: JsonObject }[] = [];
      for (let step = 0; step < 6; step++) {
        const done = await complete(
          provider,
          request([...messages], {
            tools: options.tools,
            passages: options.passages ?? [],
            ...(options.principal ? { principal: options.principal } : {}),
          }),
        );
        messages.push({ role: "assistant", text: done.text, calls: done.calls, state: done.state });
        if (done.calls.length === 0) return { text: done.text, calls };
        for (const call of done.calls) {
          calls.push({ tool: call.tool, args: call.args });
          const { outcome, records } = play(call);
          const own = outcome.status === "succeeded" ? outcome.records : [];
          messages.push({ role: "tool", call: call.id, tool: call.tool, outcome, records: records ?? own });
        }
      }
      throw new Error("The planner did not come to an end");
    },
  };
}
