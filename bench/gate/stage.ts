import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ExecutorDeps } from "../../src/actions/executor-deps.ts";
import { createGate } from "../../src/compose/create-gate.ts";
import { BUILT_IN_POLICIES } from "../../src/compose/read-policies.ts";
import { deriveActionSchema, deriveAttributes } from "../../src/policy/action-schema.ts";
import { loadPolicies } from "../../src/policy/load-policies.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import { EVERYONE } from "../../src/types/label.ts";
import type { Directory, Principal } from "../../src/types/principal.ts";
import type { AnyTool, ToolManifest } from "../../src/types/tool.ts";

/** The only rules: looking is free, what follows from the person's words happens, the rest is asked of them. */
const RULES = `
@id("reads") permit (principal in Group::"everyone", action in Action::"effect:read", resource);
@id("effects") permit (principal in Group::"everyone", action in Action::"tools:all", resource) when { context.effect != "read" };
@id("ungrounded-asks") @approval("requester:1") @within("PT1H") @reason("This does not follow from your words.")
forbid (principal, action in Action::"tools:all", resource) when { context.isUngrounded && context.effect != "read" };
@id("approve-own") permit (principal, action == Action::"approve", resource) when { principal == resource.requester };
`;

export type Stage = Pick<ExecutorDeps, "db" | "gate" | "tools" | "directory" | "now" | "metrics"> & {
  readonly principal: Principal;
};

/** Everything that `prepareCall` needs to judge calls of these tools: real Cedar, real grounding, no database. */
export function setStage(manifests: readonly ToolManifest[], environment: Json): Stage {
  const schema = {
    path: "steward.cedarschema",
    text: readFileSync(join(BUILT_IN_POLICIES, "steward.cedarschema"), "utf8"),
  };
  const loaded = loadPolicies(
    [{ path: "bench.cedar", text: RULES }],
    schema,
    manifests.map(deriveActionSchema),
  );
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join("; "));
  const tools = new Map(manifests.map((manifest) => [manifest.name, toolOf(manifest)]));
  const principal = principalOf(environment);
  const directory: Directory = {
    people: [principal],
    domains: [principal.id.split("@")[1] ?? ""],
    groupTitles: {},
    find: (id) => (id.toLowerCase() === principal.id ? principal : null),
    inGroup: (group) => (principal.groups.includes(group) ? [principal] : []),
  };
  const now = todayOf(environment);
  return {
    principal,
    tools,
    gate: createGate(() => loaded.policies, tools),
    // Nothing is stored and nobody stands in for anybody: the gate alone is measured.
    db: { query: async () => [] } as unknown as ExecutorDeps["db"],
    directory: () => directory,
    now: () => now,
    metrics: { policyDecided: () => undefined } as unknown as ExecutorDeps["metrics"],
  };
}

function toolOf(manifest: ToolManifest): AnyTool {
  return {
    name: manifest.name,
    manifest,
    schema: z.record(z.string(), z.json()) as unknown as AnyTool["schema"],
    run: async () => ({ status: "succeeded", summary: "", data: {}, records: [] }),
    preview: async (args: JsonObject) => ({
      status: "ready",
      line: manifest.title,
      changes: [],
      resource: { id: manifest.name, title: manifest.title, attributes: {} },
      context: deriveAttributes(manifest, args),
      risk: "normal",
    }),
  };
}

/** The person whose account the environment is. */
function principalOf(environment: Json): Principal {
  const id = (
    findKey(environment, /^account_email$/) ??
    findKey(environment, /^email$/) ??
    "user@company.example"
  ).toLowerCase();
  const first = findKey(environment, /^first_name$/);
  const last = findKey(environment, /^last_name$/);
  const name =
    first && last
      ? `${first} ${last}`
      : id
          .replace(/@.*$/, "")
          .split(/[._]/)
          .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
          .join(" ");
  return { id, name, title: "Employee", manager: null, groups: [EVERYONE], zone: "UTC", locale: "en-GB" };
}

/** The day on which the environment stands still; noon, so that no zone moves it. */
function todayOf(environment: Json): Date {
  const day =
    findKey(environment, /^(?:current_day|current_date|today|now)$/)?.slice(0, 10) ?? latestDay(environment);
  return new Date(`${day}T12:00:00Z`);
}

function latestDay(environment: Json): string {
  const days = JSON.stringify(environment).match(/\b(?:19|20)\d\d-[01]\d-[0-3]\d/g) ?? [];
  return (
    days
      .filter((day) => !Number.isNaN(Date.parse(day)))
      .sort()
      .at(-1) ?? "2026-01-01"
  );
}

/** The first text under a key of that name, nearest to the top. */
function findKey(value: Json, name: RegExp): string | null {
  let level: Json[] = [value];
  for (let depth = 0; depth < 6 && level.length > 0; depth++) {
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const [key, inner] of Object.entries(item) as [string, Json][]) {
        if (typeof inner === "string" && inner !== "" && name.test(key)) return inner;
        next.push(inner);
      }
    }
    level = next;
  }
  return null;
}
