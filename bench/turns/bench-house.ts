import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TurnDeps } from "../../src/agent/turn-deps.ts";
import { createDirectory } from "../../src/compose/create-directory.ts";
import { createGate } from "../../src/compose/create-gate.ts";
import { BUILT_IN_POLICIES } from "../../src/compose/read-policies.ts";
import { assembleContext } from "../../src/context/history/assemble-context.ts";
import { renderSystemPrompt } from "../../src/context/prompts/render-system-prompt.ts";
import { deriveActionSchema } from "../../src/policy/action-schema.ts";
import { loadPolicies, type PolicySet } from "../../src/policy/load-policies.ts";
import type { Db } from "../../src/store/db.ts";
import { createRecords } from "../../src/store/records/records.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { BENCH_RULES, benchTools, type OutsideSystem } from "./bench-tools.ts";
import { stubModel } from "./stub-model.ts";

const person = (name: string, groups: readonly string[]): Principal => ({
  id: `${name.toLowerCase()}@bench.example`,
  name,
  title: "",
  manager: null,
  groups: ["everyone", ...groups],
  zone: "UTC",
  locale: "en-GB",
});

export const ASKER = person("Ada", []);
export const MANAGER = person("Max", ["managers"]);
/** Who may approve; any one of them will do. */
export const MANAGERS = [MANAGER, ...["Mia", "Moe", "Mo"].map((name) => person(name, ["managers"]))];
const PEOPLE = createDirectory([ASKER, ...MANAGERS], {
  name: "Bench",
  about: "",
  domains: ["bench.example"],
  groupTitles: { managers: "a manager" },
});

/** What a session's worker is handed: all of it as an installation has it, but the model, the search and the tools. */
export function benchDeps(db: Db, outside: OutsideSystem): TurnDeps {
  const tools = benchTools(outside);
  const toolMap = new Map(tools.map((tool) => [tool.name, tool]));
  const policies = benchPolicies(tools);
  return {
    db,
    gate: createGate(() => policies, toolMap),
    tools: toolMap,
    records: createRecords(db),
    files: { read: async () => null },
    metrics: createMetrics(),
    directory: () => PEOPLE,
    now: () => new Date(),
    complete: stubModel,
    retrieve: async () => [],
    assemble: assembleContext,
    renderPrompt: (input) => renderSystemPrompt({ ...input, company: "Bench", directory: PEOPLE }),
    onDelta: () => {},
    onApproval: () => {},
    limits: { maxSteps: 8, maxCalls: 12, maxTokens: 1_000_000, maxCostMicros: 1_000_000 },
  };
}

/** The rules of these tools with the built-in ones about approvers, compiled as an installation compiles them. */
function benchPolicies(tools: readonly AnyTool[]): PolicySet {
  const read = (name: string) => ({ path: name, text: readFileSync(join(BUILT_IN_POLICIES, name), "utf8") });
  const files = [read("approve.cedar"), { path: "bench.cedar", text: BENCH_RULES }];
  const actions = tools.map((tool) => deriveActionSchema(tool.manifest));
  const loaded = loadPolicies(files, read("steward.cedarschema"), actions);
  if (!loaded.ok) throw new Error(`the bench rules do not load: ${JSON.stringify(loaded.problems)}`);
  return loaded.policies;
}
