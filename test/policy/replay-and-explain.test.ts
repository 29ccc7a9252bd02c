import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ActionSchema } from "../../src/policy/action-schema.ts";
import { decide } from "../../src/policy/decide.ts";
import { decisionRequest } from "../../src/policy/decision-request.ts";
import { explainPolicy, explainPolicyText } from "../../src/policy/explain-policy.ts";
import { loadPolicies, type PolicySet } from "../../src/policy/load-policies.ts";
import { createPolicyHolder } from "../../src/policy/policy-holder.ts";
import { type RecordedAction, replayDecisions, replayTable } from "../../src/policy/replay-decisions.ts";
import type { PolicyAttributes } from "../../src/types/tool.ts";
import { DEMO_ACTIONS, DEMO_FILES, directoryOf, loadOrFail, person, SCHEMA } from "./demo-policies.ts";

const now = loadOrFail();
const sam = person("Sam Ito", ["sales"]);
const directory = directoryOf([sam]);
const manifests = new Map([["crm.updateDeal", { name: "crm.updateDeal", args: {} }]]);

function withRule(text: string): PolicySet {
  return loadOrFail([...DEMO_FILES, { path: "new.cedar", text }]);
}

function recorded(context: PolicyAttributes, id = "act_1", principal = sam): RecordedAction {
  const resource = { id: "deal_1", title: "Renewal | 2027", attributes: { owner: "x", amountMinor: 100 } };
  const all = { stage: "proposal", changesStage: false, ...context };
  const request = decisionRequest({
    principal,
    manifest: { name: "crm.updateDeal", args: {} },
    resource,
    context: all,
    args: {},
    evidence: [],
    approvals: {},
  });
  return {
    id,
    principal: principal.id,
    tool: "crm.updateDeal",
    resource: "deal_1",
    args: {},
    evidence: [],
    decision: decide(now, request),
    preview: {
      status: "ready",
      line: "Change the deal | up",
      changes: [],
      resource,
      context: all,
      risk: "normal",
    },
  };
}

describe("replaying recorded actions", () => {
  const actions = [
    recorded({ deltaMinor: 10 }),
    recorded({ deltaMinor: 600_000 }, "act_2"),
    recorded({ deltaMinor: 2_000_000 }, "act_3"),
  ];

  it("finds nothing when the policies are the same", () => {
    const replay = replayDecisions(actions, now, directory, manifests);
    expect(replay).toEqual({ compared: 3, differences: [], skipped: [] });
    expect(replayTable(replay)).toBe("3 recorded actions compared, 0 decided otherwise.");
  });

  it("tells what a new rule would have asked and what a new forbid would have stopped", () => {
    const stricter = withRule(`
      @id("crm-middling") @approval("sales-managers:1") forbid (principal, action == Action::"crm.updateDeal", resource) when { context.deltaMinor > 500000 };
      @id("crm-freeze") forbid (principal, action == Action::"crm.updateDeal", resource) when { context.deltaMinor > 1500000 };`);
    const { differences } = replayDecisions(actions, stricter, directory, manifests);
    expect(differences.map(({ action, before, after, change }) => [action, before, after, change])).toEqual([
      ["act_2", "permitted", "asks 1 of sales-managers", "narrower"],
      ["act_3", "asks 1 of sales-managers", "forbidden", "narrower"],
    ]);
    expect(differences[1]?.rulesAfter).toContain("crm-freeze");
    const table = replayTable({ compared: 3, differences, skipped: [] });
    expect(table).toContain("| crm.updateDeal | Change the deal \\| up |");
  });

  it("tells what a removed rule would have let through", () => {
    const wider = loadOrFail(
      DEMO_FILES.map(({ path, text }) => ({
        path,
        text: text.replaceAll("context.deltaMinor > 1000000", "context.deltaMinor > 90000000"),
      })),
    );
    expect(replayDecisions(actions, wider, directory, manifests).differences).toMatchObject([
      { action: "act_3", after: "permitted", change: "wider" },
    ]);
  });

  it("says whom it could not compare for", () => {
    const gone = recorded({ deltaMinor: 10 }, "act_9", person("Lee Gone", ["sales"]));
    const replay = replayDecisions([gone], now, directory, manifests);
    expect(replay.compared).toBe(0);
    expect(replay.skipped[0]?.why).toBe("lee.gone@brightwell.example is not in the directory any more");
  });
});

describe("explaining an action", () => {
  it("names each rule that can apply, hard ones first, with what it asks and when", () => {
    const rules = explainPolicy(now, "invoice.pay") ?? [];
    expect(rules.map(({ id }) => id)).toContain("ungrounded-asks");
    expect(rules.map(({ does }) => does).at(0)).toBe("forbids");
    expect(rules.find(({ id }) => id === "invoice-pay-two")).toMatchObject({
      does: "asks 2 of finance, open for 1 day",
      when: "always",
      file: "invoice.cedar",
    });
    expect(rules.find(({ id }) => id === "invoice-duplicate")?.when).toBe("when { resource.isDuplicate }");
    expect(rules.some(({ id }) => id === "crm-log-note")).toBe(false);
  });

  it("says in words that an action does not exist, or that nobody may do it", () => {
    expect(explainPolicyText(now, "crm.burn")).toMatch(
      /^There is no action crm\.burn\. There are: .*crm\.updateDeal/,
    );
    const only = loadOrFail([
      {
        path: "x.cedar",
        text: '@id("reads") permit (principal, action in Action::"effect:read", resource);',
      },
    ]);
    expect(explainPolicyText(only, "invoice.pay")).toBe(
      "No rule speaks of invoice.pay, so nobody may do it.",
    );
  });
});

describe("the guide for administrators", () => {
  it("has only rules that load", () => {
    const guide = readFileSync(join(import.meta.dirname, "../../docs/policy.md"), "utf8");
    const rules = [...guide.matchAll(/```cedar\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    expect(rules.length).toBeGreaterThan(5);
    const order: ActionSchema = {
      name: "shop.placeOrder",
      effect: "write",
      resource: {},
      context: { amount: "Long?" },
    };
    const policies = loadOrFail([{ path: "policy.md", text: rules.join("\n") }], [...DEMO_ACTIONS, order]);
    expect(policies.rules.size).toBe(rules.length);
  });
});

describe("the policies in force", () => {
  it("stay the last good ones when new ones are wrong, and say where", () => {
    const holder = createPolicyHolder(now);
    const wrong = loadPolicies(
      [
        {
          path: "crm.cedar",
          text: '\n@id("big") permit (principal, action, resource) when { context.nothing > 1 };',
        },
      ],
      SCHEMA,
      DEMO_ACTIONS,
    );
    const refused = holder.take(wrong);
    expect(refused).toMatchObject({ ok: false, version: now.version });
    expect(!refused.ok && refused.message).toMatch(/stay in force\. crm\.cedar, line \d+.*rule big/s);
    expect(holder.current()).toBe(now);
    expect(holder.problems().length).toBeGreaterThan(0);
    const better = loadPolicies([...DEMO_FILES], SCHEMA, DEMO_ACTIONS);
    expect(holder.take(better)).toEqual({ ok: true, isChanged: false, version: now.version });
    expect(holder.problems()).toEqual([]);
  });
});
