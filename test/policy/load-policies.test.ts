import { describe, expect, it } from "vitest";
import { deriveActionSchema, deriveAttributes, readActionSchemas } from "../../src/policy/action-schema.ts";
import { decide } from "../../src/policy/decide.ts";
import { loadPolicies } from "../../src/policy/load-policies.ts";
import { DEMO_ACTIONS, DEMO_FILES, loadOrFail, person, problemsOf, SCHEMA } from "./demo-policies.ts";

const note = 'action == Action::"crm.logNote", resource';

describe("loadPolicies", () => {
  it("loads the demo company's policies without a problem", () => {
    expect(loadOrFail().rules.size).toBeGreaterThan(15);
  });

  it("says file and line of a syntax error", () => {
    expect(problemsOf('// a comment\n\n@id("x")\nforbid (principal action, resource);')).toEqual([
      expect.stringMatching(/^new\.cedar:4 .*unexpected token/),
    ]);
  });

  it.each([
    ["no id", `forbid (principal, ${note});`, /no @id/],
    [
      "an id that is taken",
      `@id("read-everyone") forbid (principal, ${note});`,
      /is taken: base\.cedar, line/,
    ],
    [
      "an approval on a permit",
      `@id("x") @approval("hr:1") permit (principal, ${note});`,
      /@approval stands on a permit/,
    ],
    [
      "an approval without a number",
      `@id("x") @approval("hr") forbid (principal, ${note});`,
      /@approval takes/,
    ],
    ["an approval of nobody", `@id("x") @approval("hr:0") forbid (principal, ${note});`, /@approval takes/],
    [
      "an approval that names a group twice",
      `@id("x") @approval("hr:1, hr:2") forbid (principal, ${note});`,
      /@approval takes/,
    ],
    [
      "an approval with a quotation mark",
      `@id("x") @approval("h\\"r:1") forbid (principal, ${note});`,
      /@approval takes/,
    ],
    [
      "a duration that is none",
      `@id("x") @approval("hr:1") @within("4h") forbid (principal, ${note});`,
      /@within takes/,
    ],
    [
      "a duration of zero",
      `@id("x") @approval("hr:1") @within("PT0M") forbid (principal, ${note});`,
      /@within takes/,
    ],
    [
      "a duration without an approval",
      `@id("x") @within("PT4H") forbid (principal, ${note});`,
      /there is no @approval/,
    ],
    ["an empty reason", `@id("x") @reason("") forbid (principal, ${note});`, /@reason takes/],
    [
      "an annotation with a typing error",
      `@id("x") @aproval("hr:1") forbid (principal, ${note});`,
      /@aproval is not known/,
    ],
    [
      "a float",
      '@id("x") forbid (principal, action == Action::"crm.updateDeal", resource) when { context.deltaMinor > 1.5 };',
      /unexpected token/,
    ],
    ["an unknown attribute", `@id("x") forbid (principal, ${note}) when { context.nothing };`, /nothing/],
    [
      "a string compared with a number",
      `@id("x") forbid (principal, ${note}) when { context.effect > 3 };`,
      /unexpected type/,
    ],
    [
      "an unknown action",
      '@id("x") forbid (principal, action == Action::"crm.delete", resource);',
      /unrecognized action|not found|unable to find/i,
    ],
    ["a type that can never match", `@id("x") permit (principal is Group, ${note});`, /./],
    ["a template", '@id("x") permit (principal == ?principal, action, resource);', /template/],
    ["no semicolon", `@id("x") forbid (principal, ${note})`, /semicolon/],
    ["a string without an end", `@id("x) forbid (principal, ${note});`, /does not end/],
    [
      "look-alike letters in an attribute",
      `@id("x") forbid (principal, ${note}) when { context.еffect == "write" };`,
      /./,
    ],
  ])("refuses %s", (_, text, message) => {
    const problems = problemsOf(text);
    expect(problems.join("\n")).toMatch(message);
    expect(problems.every((item) => item.startsWith("new.cedar:1 "))).toBe(true);
  });

  it.each([
    ["brackets", `${"(".repeat(5000)}true${")".repeat(5000)}`],
    ["lists", `${"[".repeat(200)}1${"]".repeat(200)} == 1`],
    ["records", `${'{"a":'.repeat(200)}1${"}".repeat(200)} == 1`],
    ["conditions", `${"if true then ".repeat(5000)}true${" else false".repeat(5000)}`],
    ["alternatives", Array(20_000).fill("true").join(" || ")],
    ["sums", `${Array(20_000).fill("1").join("+")} == 1`],
    ["members", `context${".a".repeat(20_000)} == 1`],
    ["negations", `${"!".repeat(20_000)}true`],
    ["names", `${"a::".repeat(20_000)}b::"x" == principal`],
  ])("refuses a rule of endless %s in bounded time, and still loads good rules after it", (_, expression) => {
    const started = performance.now();
    expect(problemsOf(`@id("x") forbid (principal, ${note}) when { ${expression} };`)).not.toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(loadOrFail().rules.size).toBeGreaterThan(15);
  });

  it("refuses a file of two million characters and more, and binary text", () => {
    expect(problemsOf(" ".repeat(2_000_001))).toEqual([expect.stringMatching(/Split it/)]);
    expect(problemsOf("\u0000\u0001;\ufffd;")).not.toEqual([]);
  });

  it("refuses a schema that is not one, or that lacks what the loader builds on", () => {
    for (const text of [
      "",
      "entity",
      "entity Group;",
      SCHEMA.text.replace("hasExternal: Bool,", ""),
      "{".repeat(5000),
    ]) {
      expect(loadPolicies(DEMO_FILES, { path: "s", text }, DEMO_ACTIONS).ok).toBe(false);
    }
  });

  it("refuses an action that redefines what every action has, or that is declared twice", () => {
    const action = {
      name: "a.b",
      effect: "write",
      resource: {},
      context: { isUngrounded: "Boolean" },
    } as const;
    expect(loadPolicies(DEMO_FILES, SCHEMA, [...DEMO_ACTIONS, action]).ok).toBe(false);
    expect(loadPolicies(DEMO_FILES, SCHEMA, [...DEMO_ACTIONS, ...DEMO_ACTIONS]).ok).toBe(false);
  });

  it("gives the same version for the same rules in other layout, and another for another rule", () => {
    const spaced = DEMO_FILES.map((file) => ({
      ...file,
      text: `// note\n${file.text.replace(/, (?=action|resource)/g, ",\n  ")}`,
    }));
    const version = loadOrFail().version;
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(loadOrFail(spaced).version).toBe(version);
    const stricter = DEMO_FILES.map((file) => ({
      ...file,
      text: file.text.replace("finance:2", "finance:3"),
    }));
    expect(loadOrFail(stricter).version).not.toBe(version);
  });

  it("keeps a comment before the semicolon from swallowing the approval condition", () => {
    const text = `@id("x") @approval("hr:1") forbid (principal, ${note}) // why { not }\n;`;
    const policies = loadOrFail([...DEMO_FILES, { path: "new.cedar", text }]);
    const request = {
      principal: person("Ada Osei"),
      action: "crm.logNote",
      resource: { id: "d", attributes: { owner: "x" } },
      context: { isUngrounded: false, hasExternal: false },
    };
    expect(decide(policies, { ...request, approvals: {} }).effect).toBe("ask");
    expect(decide(policies, { ...request, approvals: { hr: 1 } }).effect).toBe("permit");
  });
});

describe("actions of tools that policy has not met", () => {
  const manifest = {
    name: "tracker/close-issue",
    effect: "write",
    args: {
      issue: { role: "rid", label: "Issue" },
      "notify users": { role: "dest", many: true, label: "Notify" },
      costMinor: { role: "amount", label: "Cost" },
      effect: { role: "value", label: "Effect" },
    },
  } as const;

  it("are made from the manifest, so that rules can speak of the arguments", () => {
    const action = deriveActionSchema(manifest);
    expect(action.context).toEqual({ issue: "String?", notify_users: "Set<String>?", costMinor: "Long?" });
    const rule = `@id("tracker") permit (principal, action in Action::"domain:tracker", resource) when { context has costMinor && context.costMinor < 500 };`;
    const policies = loadOrFail([...DEMO_FILES, { path: "t.cedar", text: rule }], [...DEMO_ACTIONS, action]);
    const ask = (args: Parameters<typeof deriveAttributes>[1]) =>
      decide(policies, {
        principal: person("Ada Osei"),
        action: manifest.name,
        resource: { id: "1", attributes: {} },
        context: { ...deriveAttributes(manifest, args), isUngrounded: false, hasExternal: false },
        approvals: {},
      }).effect;
    expect(ask({ issue: "I-1", costMinor: 400, "notify users": ["a@b.example"] })).toBe("permit");
    expect(ask({ issue: "I-1", costMinor: 600 })).toBe("forbid");
    expect(ask({ issue: "I-1", costMinor: 1.5 })).toBe("forbid");
    expect(ask({ issue: { nested: true } })).toBe("forbid");
  });

  it("say what is wrong with a table of actions", () => {
    expect(readActionSchemas("{")).toEqual({ ok: false, message: "The file is not JSON." });
    expect(readActionSchemas('[{"name":"a b","effect":"read"}]').ok).toBe(false);
    expect(readActionSchemas('[{"name":"a","effect":"wirte"}]').ok).toBe(false);
    expect(readActionSchemas('[{"name":"a","effect":"read","context":{"x":"Float"}}]').ok).toBe(false);
  });
});
