import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { ActionResult, AnyTool, Preview, ToolContext } from "../../src/types/tool.ts";
import type { MemoryRecords } from "./memory-records.ts";
import { schemaSamples } from "./schema-samples.ts";

export type ToolWorld = { readonly context: ToolContext; readonly records: MemoryRecords };

export type ToolSample = {
  /** A fresh world for each test; `context.key` is set by the suite. */
  readonly world: () => ToolWorld;
  /** Arguments of a call that succeeds in that world, with a result in which no list is empty. */
  readonly args: JsonObject;
  /** Words worth trying as string arguments: names, dates and ids of the world. */
  readonly words: readonly string[];
  /** Random calls tried; default 60. */
  readonly runs?: number;
};

const INTEGRITIES = ["system", "member", "external"];

/**
 * What every tool promises, whoever wrote it. Call it once a tool:
 * `testTool(bindTool(createEventTool), { world, args, words })`.
 */
export function testTool(tool: AnyTool, sample: ToolSample): void {
  const { manifest } = tool;
  const isWrite = manifest.effect !== "read";
  const withKey = (world: ToolWorld, key: string): ToolContext => ({ ...world.context, key });

  describe(`contract of ${tool.name}`, () => {
    test("the manifest declares every argument of the schema, and no other", () => {
      const schema = z.toJSONSchema(tool.schema, { io: "input", unrepresentable: "any" });
      expect(Object.keys(manifest.args).sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
      for (const [name, spec] of Object.entries(manifest.args)) {
        expect(spec.label, name).not.toBe("");
        if (spec.role === "rid" || spec.role === "name") expect(spec.kind, name).toBeTruthy();
        if (spec.required) expect(spec.question, `question of ${name}`).toBeTruthy();
      }
      for (const name of schema.required ?? []) expect(manifest.args[name]?.required, name).toBe(true);
    });

    test("choices in the manifest are values the schema accepts", () => {
      const schema = z.toJSONSchema(tool.schema, { io: "input", unrepresentable: "any" });
      for (const [name, spec] of Object.entries(manifest.args)) {
        if (!spec.choices) continue;
        const node = schema.properties?.[name] as { enum?: Json[] };
        expect([...(node.enum ?? [])].sort()).toEqual(Object.keys(spec.choices).sort());
      }
    });

    test("the manifest is complete: name, words, examples, how it is undone", () => {
      expect(manifest.name).toBe(tool.name);
      expect(tool.name).toMatch(/^[a-z]+\.[a-z][A-Za-z]+$/);
      expect(manifest.title).not.toBe("");
      expect(manifest.description.length).toBeGreaterThan(40);
      expect(new Set(manifest.examples.map((e) => e.toLowerCase())).size).toBeGreaterThanOrEqual(10);
      for (const verb of manifest.verbs) expect(verb).toMatch(/^[a-z]+([ -][a-z]+)*$/);
      expect(manifest.verbs.length).toBeGreaterThan(0);
      for (const spec of Object.values(manifest.output)) expect(INTEGRITIES).toContain(spec.integrity);
      if (isWrite) expect(tool.preview).toBeTypeOf("function");
      expect(tool.undo === undefined).toBe(manifest.compensate === null);
      if (manifest.compensate) {
        expect(manifest.compensate.windowMs).toBeGreaterThan(0);
        expect(manifest.compensate.note).not.toBe("");
      }
      if (isWrite && manifest.idempotency === "key") expect(tool.reconcile).toBeTypeOf("function");
    });

    test("every leaf of its result is labelled", async () => {
      const result = succeeded(await tool.run(sample.args, withKey(sample.world(), "k1")));
      const unlabelled = [...leaves(result.data)].filter((path) => !(path in manifest.output));
      expect(unlabelled).toEqual([]);
    });

    test("unknown arguments are refused before anything happens", async () => {
      const world = sample.world();
      const before = world.records.dump();
      const result = await tool.run({ ...sample.args, surprise: true }, withKey(world, "k1"));
      expect(result.status).toBe("failed");
      expect(world.records.dump()).toEqual(before);
    });

    test("the result says something, names what it touched and is plain JSON", async () => {
      const result = succeeded(await tool.run(sample.args, withKey(sample.world(), "k1")));
      expect(result.summary.trim()).not.toBe("");
      expect(result.summary).not.toMatch(/undefined|null|NaN|\[object/);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      for (const record of result.records) {
        expect(record.kind).not.toBe("");
        expect(record.title).not.toBe("");
      }
    });

    test("an aborted call does nothing", async () => {
      const world = sample.world();
      const before = world.records.dump();
      const context = { ...withKey(world, "k1"), signal: AbortSignal.abort(new Error("stopped")) };
      await expect(tool.run(sample.args, context)).rejects.toThrow("stopped");
      expect(world.records.dump()).toEqual(before);
    });

    test("whatever fits the schema gets an answer, never a throw", async () => {
      await fc.assert(
        fc.asyncProperty(schemaSamples(tool.schema, sample.words), async (args) => {
          const world = sample.world();
          const before = JSON.stringify(world.records.dump());
          if (tool.preview) {
            answered(await tool.preview(args, withKey(world, "")), tool, args);
            expect(JSON.stringify(world.records.dump())).toBe(before);
          }
          const result = await tool.run(args, withKey(world, "fuzz"));
          answered(result, tool, args);
          if (result.status !== "succeeded") expect(JSON.stringify(world.records.dump())).toBe(before);
        }),
        { numRuns: sample.runs ?? 60, seed: 7 },
      );
    });

    if (!isWrite) {
      test("a read writes nothing", async () => {
        const world = sample.world();
        succeeded(await tool.run(sample.args, withKey(world, "")));
        expect(world.records.keys()).toEqual([]);
      });
      return;
    }

    test("a preview only reads, and says what would happen", async () => {
      const world = sample.world();
      const preview = await tool.preview?.(sample.args, withKey(world, ""));
      expect(world.records.keys()).toEqual([]);
      if (preview?.status !== "ready") throw new Error(`not ready: ${JSON.stringify(preview)}`);
      expect(preview.line).not.toMatch(/undefined|null|NaN|\[object|\n/);
      expect(preview.line).toMatch(/^\p{Lu}.+[^.]$/u);
      expect(preview.changes.length).toBeGreaterThan(0);
      for (const change of preview.changes) expect(change.before).not.toBe(change.after);
      expect(preview.resource.id).not.toBe("");
    });

    test("the same key twice acts once and gives the same result", async () => {
      const world = sample.world();
      const first = succeeded(await tool.run(sample.args, withKey(world, "k1")));
      const after = world.records.dump();
      const second = succeeded(await tool.run(sample.args, withKey(world, "k1")));
      expect(second).toEqual(first);
      expect(world.records.dump()).toEqual(after);
    });

    if (tool.reconcile) {
      test("reconcile finds what was done, and only that", async () => {
        const world = sample.world();
        expect(await tool.reconcile?.(sample.args, withKey(world, "k1"))).toBeNull();
        const first = await tool.run(sample.args, withKey(world, "k1"));
        expect(await tool.reconcile?.(sample.args, withKey(world, "k1"))).toEqual(first);
        expect(await tool.reconcile?.(sample.args, withKey(world, "k2"))).toBeNull();
      });
    }

    if (tool.undo) {
      test("undo puts everything back, once", async () => {
        const world = sample.world();
        const before = business(world.records.dump());
        const done = succeeded(await tool.run(sample.args, withKey(world, "k1")));
        expect(business(world.records.dump())).not.toEqual(before);
        if (!done.undo) throw new Error("nothing handed back to undo");
        const undone = succeeded((await tool.undo?.(done.undo, withKey(world, "k1"))) as ActionResult);
        expect(undone.summary.trim()).not.toBe("");
        expect(business(world.records.dump())).toEqual(before);
        await tool.undo?.(done.undo, withKey(world, "k1"));
        expect(business(world.records.dump())).toEqual(before);
      });

      test("undo leaves alone what changed since", async () => {
        const world = sample.world();
        const before = world.records.dump();
        const done = succeeded(await tool.run(sample.args, withKey(world, "k1")));
        if (!done.undo) throw new Error("nothing handed back to undo");
        const now = business(world.records.dump());
        const touched = Object.keys(now).filter(
          (at) => JSON.stringify(now[at]) !== JSON.stringify(before[at]),
        );
        for (const at of touched) {
          const [kind = "", id = ""] = split(at);
          await world.records.write(`other ${at}`, [{ kind, id, data: { ...now[at], touched: true } }]);
        }
        const later = business(world.records.dump());
        const result = await tool.undo?.(done.undo, withKey(world, "k1"));
        if (touched.length > 0) expect(result?.status).toBe("failed");
        if (touched.length > 0) expect(business(world.records.dump())).toEqual(later);
      });
    }
  });
}

function succeeded(result: ActionResult): Extract<ActionResult, { status: "succeeded" }> {
  if (result.status !== "succeeded") throw new Error(`expected success, got ${JSON.stringify(result)}`);
  return result;
}

/** Every answer is one of the four, has words, and its options can be taken. */
function answered(result: ActionResult | Preview, tool: AnyTool, args: JsonObject): void {
  if (result.status === "ready") expect(result.line.trim()).not.toBe("");
  else if (result.status === "succeeded") expect(result.summary.trim()).not.toBe("");
  else if (result.status === "failed") {
    expect(result.code).toMatch(/^[A-Z]{3}-\d{3}$/);
    expect(result.message.trim()).not.toBe("");
  } else {
    expect(result.question.trim()).not.toBe("");
    expect(tool.manifest.args).toHaveProperty(result.arg);
    for (const option of result.options) {
      expect(option.label.trim()).not.toBe("");
      const fits = tool.schema.safeParse({ ...args, [result.arg]: option.value });
      expect(fits.success, `option ${JSON.stringify(option.value)} of ${result.arg}`).toBe(true);
    }
  }
}

/** JSON paths of the leaves, list positions as `[*]`. Empty lists and null say nothing, but are walked. */
function* leaves(value: Json, path = "$"): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* leaves(one, `${path}[*]`);
  else if (value !== null && typeof value === "object") {
    for (const [key, one] of Object.entries(value)) yield* leaves(one, `${path}.${key}`);
  } else yield path;
}

/** Without the receipts that tools keep of their own calls. */
function business(dump: Record<string, JsonObject>): Record<string, JsonObject> {
  return Object.fromEntries(Object.entries(dump).filter(([at]) => !at.startsWith("tool.receipt/")));
}

function split(at: string): [string, string] {
  const slash = at.indexOf("/");
  return [at.slice(0, slash), at.slice(slash + 1)];
}
