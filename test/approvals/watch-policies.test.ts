import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOwnTools } from "../../src/actions/own-tools.ts";
import { BUILT_IN_POLICIES } from "../../src/compose/read-policies.ts";
import { type PolicyWatch, watchPolicies } from "../../src/compose/watch-policies.ts";
import { createScheduleTools } from "../../src/flows/schedule-tools.ts";
import type { Log } from "../../src/telemetry/log.ts";

// Only their manifests are read here.
const NOBODY = () => {
  throw new Error("no tool is called");
};
const TOOLS = [...createOwnTools(NOBODY), ...createScheduleTools(null as never)];

let home: string;
let own: string;
let watching: PolicyWatch | null;
let kept: Map<string, string>;
let said: string[];

const note = (message: string, fields?: object) =>
  void said.push(`${message} ${JSON.stringify(fields ?? {})}`);
const log = { debug: note, info: note, warn: note, error: note } as unknown as Log;

const start = async (isWatching = false) => {
  watching = await watchPolicies({
    own,
    tools: TOOLS,
    log,
    keep: async (version, text) => void kept.set(version, text),
    isWatching,
  });
  return watching;
};

const until = async (check: () => boolean) => {
  for (const end = Date.now() + 10_000; !check(); ) {
    if (Date.now() > end) throw new Error("what was waited for did not come");
    await new Promise((go) => setTimeout(go, 20));
  }
};

const EXTRA = `@id("nobody-notes") @reason("No notes today.")
forbid (principal, action == Action::"crm.logNote", resource);`;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "steward-policies-"));
  own = join(home, "policies");
  watching = null;
  kept = new Map();
  said = [];
});
afterEach(() => {
  watching?.stop();
  rmSync(home, { recursive: true, force: true });
});

it("takes the built-in policies, and an installation's own as soon as there are some", async () => {
  const policies = await start(true);
  const before = policies.current().version;
  cpSync(BUILT_IN_POLICIES, join(home, "draft"), { recursive: true });
  writeFileSync(join(home, "draft", "extra.cedar"), EXTRA);
  renameSync(join(home, "draft"), own);
  await until(() => policies.current().rules.has("nobody-notes"));
  expect(policies.directory()).toBe(own);
  expect(policies.current().version).not.toBe(before);
  expect(kept.get(before)).toContain("approve-not-self");
  expect(kept.get(policies.current().version)).toContain("No notes today.");
});

it("takes up a change of a file within seconds", async () => {
  cpSync(BUILT_IN_POLICIES, own, { recursive: true });
  const policies = await start(true);
  writeFileSync(join(own, "extra.cedar"), EXTRA);
  await until(() => policies.current().rules.has("nobody-notes"));
  expect(policies.problems()).toEqual([]);
});

it("keeps the last good set when a new one is wrong, and says file, line and rule until it is mended", async () => {
  cpSync(BUILT_IN_POLICIES, own, { recursive: true });
  const policies = await start();
  const { version } = policies.current();
  writeFileSync(join(own, "extra.cedar"), EXTRA.replace("resource)", "resource) when { context.nonsense }"));
  await policies.reload();
  await policies.reload();
  expect(policies.current().version).toBe(version);
  expect(policies.problems()[0]).toMatchObject({ file: "extra.cedar", rule: "nobody-notes" });
  expect(policies.problems()[0]?.line).toBeGreaterThan(0);
  expect(said.filter((line) => line.includes("extra.cedar"))).toHaveLength(1);
  writeFileSync(join(own, "extra.cedar"), EXTRA);
  await policies.reload();
  expect(policies.problems()).toEqual([]);
  expect(policies.current().rules.has("nobody-notes")).toBe(true);
});

it("does not fall back to the built-in rules when the own ones vanish or are emptied", async () => {
  cpSync(BUILT_IN_POLICIES, own, { recursive: true });
  writeFileSync(join(own, "extra.cedar"), EXTRA);
  const policies = await start();
  const { version } = policies.current();
  rmSync(own, { recursive: true });
  await policies.reload();
  expect(policies.current().version).toBe(version);
  expect(policies.problems()).toHaveLength(1);
  mkdirSync(own);
  await policies.reload();
  expect(policies.current().version).toBe(version);
});

it("reads when to remind and to escalate, and refuses shares that make no sense", async () => {
  cpSync(BUILT_IN_POLICIES, own, { recursive: true });
  const policies = await start();
  writeFileSync(join(own, "approvals.json"), '{"default": {"remindAt": 0.2, "escalateAt": null}}');
  await policies.reload();
  expect(policies.ladder().default).toEqual({ remindAt: 0.2, escalateAt: null });
  for (const wrong of [
    '{"default": {"remindAt": 2, "escalateAt": null}}',
    "{",
    '{"default": {"remindAt": 0.9, "escalateAt": 0.1}}',
  ]) {
    writeFileSync(join(own, "approvals.json"), wrong);
    await policies.reload();
    expect(policies.problems()[0]?.file).toBe("approvals.json");
    expect(policies.ladder().default.remindAt).toBe(0.2);
  }
});

it("refuses to begin with policies that cannot be loaded", async () => {
  mkdirSync(own);
  writeFileSync(join(own, "only.cedar"), "permit (principal, action, resource);");
  await expect(start()).rejects.toMatchObject({
    code: "POL-500",
    message: expect.stringContaining("only.cedar"),
  });
});
