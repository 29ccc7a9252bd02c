import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecisionRequest, decide, POLICY_ERROR } from "../../src/policy/decide.ts";
import type { PolicyAttributes } from "../../src/types/tool.ts";
import { DEMO_FILES, loadOrFail, person } from "./demo-policies.ts";

const policies = loadOrFail();
const sales = person("Sam Ito", ["sales"]);
const clerk = person("Kim Adler");
const calm = { isUngrounded: false, hasExternal: false };

function dealOf(context: PolicyAttributes, more: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    principal: sales,
    action: "crm.updateDeal",
    resource: { id: "deal-1", attributes: { owner: sales.id, amountMinor: 3_800_000 } },
    context: { deltaMinor: 0, stage: "proposal", changesStage: false, ...calm, ...context },
    approvals: {},
    ...more,
  };
}

function payOf(attributes: PolicyAttributes, more: Partial<DecisionRequest> = {}): DecisionRequest {
  const resource = {
    poMatched: true,
    vendorKnown: true,
    ibanMatches: true,
    isDuplicate: false,
    grossMinor: 100,
  };
  return {
    principal: clerk,
    action: "invoice.pay",
    resource: { id: "inv-1", attributes: { ...resource, ...attributes } },
    context: calm,
    approvals: {},
    ...more,
  };
}

describe("decide", () => {
  it("permits a small change of a deal and asks a sales manager for a large one, up or down", () => {
    expect(decide(policies, dealOf({ deltaMinor: 1_000_000 }))).toEqual({
      effect: "permit",
      rules: ["crm-sales-write"],
    });
    for (const deltaMinor of [1_000_001, -1_000_001]) {
      expect(decide(policies, dealOf({ deltaMinor }))).toEqual({
        effect: "ask",
        rules: ["crm-big-change"],
        approvers: { "sales-managers": 1 },
        withinMs: 4 * 3_600_000,
        reasons: ["Deal changes over 10,000 need a sales manager."],
      });
    }
  });

  it("permits what was asked for once enough people said yes", () => {
    expect(decide(policies, payOf({}, { approvals: { finance: 1 } }))).toMatchObject({
      effect: "ask",
      approvers: { finance: 2 },
    });
    expect(decide(policies, payOf({}, { approvals: { finance: 2 } }))).toMatchObject({ effect: "permit" });
    expect(decide(policies, payOf({}, { approvals: { finance: 1.9, hr: 5 } }))).toMatchObject({
      effect: "ask",
    });
  });

  it("joins the approvals of several rules, with the shortest time", () => {
    expect(decide(policies, dealOf({ deltaMinor: 2_000_000, isUngrounded: true }))).toMatchObject({
      effect: "ask",
      approvers: { "sales-managers": 1, requester: 1 },
      withinMs: 3_600_000,
      rules: ["crm-big-change", "ungrounded-asks"],
    });
  });

  it("forbids by name what no approval can lift, and asks nobody", () => {
    expect(decide(policies, payOf({ poMatched: false }))).toEqual({
      effect: "forbid",
      rules: ["invoice-no-po"],
      reason: "No purchase order matches this invoice, so it cannot be paid.",
    });
    expect(decide(policies, dealOf({ deltaMinor: 9_000_000 }, { principal: clerk }))).toMatchObject({
      effect: "forbid",
      rules: [],
    });
  });

  it("forbids an action that no rule knows", () => {
    expect(decide(policies, dealOf({}, { action: "crm.dropEverything" }))).toMatchObject({
      effect: "forbid",
      rules: [],
    });
    expect(decide(policies, dealOf({}, { action: "approve" }))).toMatchObject({ effect: "forbid" });
    expect(decide(policies, dealOf({}, { action: "__proto__" }))).toMatchObject({ effect: "forbid" });
  });

  it("takes a missing answer of the gate as bad news, except for reads", () => {
    const { isUngrounded: _, ...context } = dealOf({}).context;
    expect(decide(policies, dealOf({}, { context }))).toMatchObject({
      effect: "ask",
      approvers: { requester: 1 },
    });
    const read = {
      principal: clerk,
      action: "docs.search",
      resource: { id: "x", attributes: {} },
      context: {},
      approvals: {},
    };
    expect(decide(policies, read)).toEqual({ effect: "permit", rules: ["read-everyone"] });
    expect(decide(policies, { ...read, principal: { ...clerk, groups: [] } })).toMatchObject({
      effect: "forbid",
    });
  });

  it.each([
    ["a missing attribute", { stage: undefined }],
    ["a float", { deltaMinor: 1.5 }],
    ["a number that is none", { deltaMinor: Number.NaN }],
    ["a number too large for Cedar", { deltaMinor: 1e300 }],
    ["text in the place of a number", { deltaMinor: "5" }],
    ["a list in the place of text", { stage: ["won"] }],
    ["an entity in disguise", { stage: { __entity: { type: "Person", id: "x" } } }],
  ])("forbids as %s cannot be evaluated, and does not throw", (_, context) => {
    const decision = decide(policies, dealOf(context as unknown as PolicyAttributes));
    expect(decision).toMatchObject({ effect: "forbid", rules: [POLICY_ERROR] });
  });

  it("forbids when a rule fails while it runs, though Cedar would skip it and allow", () => {
    const text =
      '@id("overflow") forbid (principal, action == Action::"crm.updateDeal", resource) when { context.deltaMinor * 9223372036854775807 > 0 };';
    const set = loadOrFail([...DEMO_FILES, { path: "x.cedar", text }]);
    expect(decide(set, dealOf({ deltaMinor: 7 }))).toMatchObject({ effect: "forbid", rules: [POLICY_ERROR] });
  });

  it("is not confused by a tool's attribute called like one of the gate's, or by one it never declared", () => {
    const decision = decide(
      policies,
      dealOf({ approvals: ["x"], effect: "read", undeclared: true, isUngrounded: true }),
    );
    expect(decision).toMatchObject({ effect: "ask", rules: ["ungrounded-asks"] });
  });

  it("uses two policy sets side by side: the old one decides as before while a new one is loaded", () => {
    const stricter = loadOrFail(
      DEMO_FILES.map((file) => ({ ...file, text: file.text.replaceAll("1000000", "10") })),
    );
    expect(decide(stricter, dealOf({ deltaMinor: 500 })).effect).toBe("ask");
    expect(decide(policies, dealOf({ deltaMinor: 500 })).effect).toBe("permit");
  });
});

const RANK = { forbid: 0, ask: 1, permit: 2 } as const;
const anyDeal = fc
  .record({
    deltaMinor: fc.oneof(fc.constantFrom(0, 1_000_000, 1_000_001, -1_000_001), fc.integer()),
    stage: fc.constantFrom("proposal", "won", "lost"),
    changesStage: fc.boolean(),
    isUngrounded: fc.boolean(),
    managers: fc.integer({ min: 0, max: 3 }),
    requester: fc.integer({ min: 0, max: 1 }),
    isSales: fc.boolean(),
  })
  .map(({ managers, requester, isSales, ...context }) =>
    dealOf(context, {
      principal: isSales ? sales : clerk,
      approvals: { "sales-managers": managers, requester },
    }),
  );

describe("decide, for any request", () => {
  it("never widens when a forbid is added", () => {
    const conditions = [
      "context.deltaMinor > 50",
      'context.stage == "won"',
      "context.isUngrounded",
      "!context.changesStage",
      "resource.amountMinor > 1",
    ];
    const sets = conditions.flatMap((condition, i) =>
      ["", '@approval("hr:1")'].map((approval) =>
        loadOrFail([
          ...DEMO_FILES,
          {
            path: "x.cedar",
            text: `@id("new-${i}") ${approval} forbid (principal, action == Action::"crm.updateDeal", resource) when { ${condition} };`,
          },
        ]),
      ),
    );
    fc.assert(
      fc.property(anyDeal, fc.constantFrom(...sets), (request, stricter) => {
        const before = decide(policies, request).effect;
        const after = decide(stricter, request).effect;
        expect(RANK[after]).toBeLessThanOrEqual(RANK[before]);
      }),
      { numRuns: 300 },
    );
  });

  it("never turns a hard forbid by any approvals", () => {
    const groups = fc.constantFrom(
      "finance",
      "requester",
      "sales-managers",
      "everyone",
      "admins",
      "__proto__",
    );
    const approvals = fc.dictionary(groups, fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(
        approvals,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (given, poMatched, vendorKnown, ibanMatches) => {
          fc.pre(!(poMatched && vendorKnown && ibanMatches));
          expect(
            decide(policies, payOf({ poMatched, vendorKnown, ibanMatches }, { approvals: given })).effect,
          ).toBe("forbid");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is permitted when what it asks for is given", () => {
    fc.assert(
      fc.property(anyDeal, (request) => {
        const decision = decide(policies, request);
        if (decision.effect !== "ask") return;
        expect(
          decide(policies, { ...request, approvals: { ...request.approvals, ...decision.approvers } }).effect,
        ).toBe("permit");
      }),
      { numRuns: 300 },
    );
  });
});
