import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BUILT_IN_POLICIES } from "../src/compose/read-policies.ts";
import type { ActionSchema } from "../src/policy/action-schema.ts";
import { type DecisionRequest, decide } from "../src/policy/decide.ts";
import { groundArguments } from "../src/policy/ground-arguments.ts";
import { createLedger } from "../src/policy/ledger.ts";
import { loadPolicies, type PolicySet } from "../src/policy/load-policies.ts";
import { readUserTexts } from "../src/policy/user-words.ts";
import { walkResult } from "../src/policy/walk-result.ts";
import { compareWithOracle } from "../test/policy/decision-oracle.ts";
import { directoryOf, loadOrFail, person } from "../test/policy/demo-policies.ts";
import { moveEvent } from "../test/policy/gate-fixture.ts";

/**
 * What a decision and a grounding cost, whether many decisions end well, and whether the rules mean what an
 * independent oracle says: `npm run -s bench:policy -- [--soak N] --json`.
 */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, soak: { type: "string", default: "400000" } },
});
const soakDecisions = Math.max(0, Number(values.soak) || 0);
const say = (line: string) => process.stderr.write(`${line}\n`);
const SIZES = [10, 100, 1000] as const;
/** Rules of a company come with its tools: so many to a tool. */
const RULES_PER_TOOL = 5;
const ROUNDS = 2_000;

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const round = (value: number) => Math.round(value * 10) / 10;

function policiesOf(size: number): PolicySet {
  const actions: ActionSchema[] = Array.from({ length: Math.ceil(size / RULES_PER_TOOL) }, (_, i) => ({
    name: `tool${i}.change`,
    effect: "write",
    resource: { owner: "String", amountMinor: "Long" },
    context: { deltaMinor: "Long" },
  }));
  const rules = [
    `@id("reads") permit (principal in Group::"everyone", action in Action::"tools:all", resource);`,
    `@id("ungrounded") @approval("requester:1") forbid (principal, action in Action::"tools:all", resource) when { context.isUngrounded };`,
    `@id("approve") permit (principal, action == Action::"approve", resource);`,
    ...Array.from(
      { length: size - 3 },
      (_, i) =>
        `@id("rule-${i}") @approval("sales-managers:1") forbid (principal, action == Action::"tool${i % actions.length}.change", resource) when { context.deltaMinor > ${1_000_000 + i} };`,
    ),
  ];
  const schema = {
    path: "steward.cedarschema",
    text: readFileSync(join(BUILT_IN_POLICIES, "steward.cedarschema"), "utf8"),
  };
  const loaded = loadPolicies([{ path: "bench.cedar", text: rules.join("\n") }], schema, actions);
  if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
  return loaded.policies;
}

function requestAt(at: number): DecisionRequest {
  return {
    principal: person("Kim Adler", ["sales"]),
    action: `tool${at % 2}.change`,
    resource: { id: `deal-${at % 50}`, attributes: { owner: "x", amountMinor: 100 } },
    context: { deltaMinor: at % 3 === 0 ? 5_000_000 : 10, isUngrounded: at % 5 === 0, hasExternal: false },
    approvals: at % 7 === 0 ? { "sales-managers": 1 } : {},
  };
}

const sets = SIZES.map((size) => ({ size, policies: policiesOf(size), us: [] as number[] }));
for (let at = 0; at < ROUNDS; at++) {
  const request = requestAt(at);
  for (const set of sets) {
    const from = performance.now();
    decide(set.policies, request);
    if (at >= 100) set.us.push((performance.now() - from) * 1000);
  }
}
const decisionUsP50 = Object.fromEntries(sets.map(({ size, us }) => [String(size), round(median(us))]));
say(`decision, P50 in microseconds: ${JSON.stringify(decisionUsP50)}`);

function measureGrounding(): number {
  const kim = person("Kim Adler", ["sales"]);
  const sys = (kind: string) => ({ integrity: "system", sensitivity: "internal", kind }) as const;
  const output = {
    "$.events[*].id": sys("calendar.event"),
    "$.events[*].title": sys("title"),
    "$.events[*].start": sys("time"),
    "$.events[*].end": sys("time"),
    "$.events[*].attendees[*]": sys("email"),
  };
  const events = Array.from({ length: 100 }, (_, i) => ({
    id: `evt_${i}`,
    title: i === 50 ? "Budget review" : `Meeting ${i} of team ${i % 7}`,
    start: `2026-11-${String(1 + (i % 28)).padStart(2, "0")}T10:00:00+01:00`,
    end: `2026-11-${String(1 + (i % 28)).padStart(2, "0")}T10:45:00+01:00`,
    attendees: [`person${i}@brightwell.example`],
  }));
  const facts = walkResult({ output }, { events }, "your calendar", []);
  const people = Array.from({ length: 50 }, (_, i) => person(`Person Number${i}`));
  const ledger = createLedger(facts);
  const said = readUserTexts(
    [{ text: "Move the budget review to 11", at: new Date("2026-11-22T12:00:00Z"), isCurrent: true }],
    kim.zone,
    kim.locale,
  );
  const us: number[] = [];
  for (let at = 0; at < 5_000; at++) {
    const args = { event: "evt_50", start: `2026-11-23T${10 + (at % 3)}:00:00+01:00`, note: `n${at}` };
    const from = performance.now();
    groundArguments({
      manifest: moveEvent,
      args,
      said,
      ledger,
      focus: [],
      created: [],
      directory: directoryOf(people),
      principal: kim,
      unapprovedCalls: [],
    });
    if (at >= 500) us.push((performance.now() - from) * 1000);
  }
  say(`grounding with ${facts.length} facts`);
  return round(median(us));
}
const groundingUsP50 = measureGrounding();

let done = 0;
let soakErrors = 0;
const last = sets.at(-1)?.policies;
for (; last && done < soakDecisions; done++) {
  const decision = decide(last, requestAt(done));
  if (decision.effect === "forbid") soakErrors++;
  if (done % 50_000 === 49_999) say(`soak: ${done + 1}`);
}

const { rows, differences } = compareWithOracle(loadOrFail());
const report = {
  decisionUsP50,
  groundingUsP50,
  soakDecisions: done,
  soakAlive: done === soakDecisions && soakErrors === 0,
  oracle: { rows, differences: differences.length },
  notes: [`${RULES_PER_TOOL} rules a tool and 3 about all tools; grounding with 500 facts and 50 people`],
};
console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
