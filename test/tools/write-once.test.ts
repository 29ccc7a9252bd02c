import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bindTool } from "../../src/types/bind-tool.ts";
import type { Tool } from "../../src/types/tool.ts";
import { logNoteTool } from "../../tools/crm/log-note.ts";
import { findReceipt, idFromKey, undoOnce, writeOnce } from "../../tools/write-once.ts";
import { demoWorld } from "./demo-world.ts";

const RESULT = { summary: "Done.", data: { n: 1 }, records: [] };
const world = () => demoWorld({ isEmpty: true, more: [{ kind: "thing", id: "a", data: { n: 0 } }] });
const step = { kind: "thing", id: "a", before: { version: 1, data: { n: 0 } }, after: { n: 1 } };

describe("writing once", () => {
  test("a record that changed since it was read is left alone, with REC-409", async () => {
    const { context, records } = world();
    await records.write("other", [{ kind: "thing", id: "a", data: { n: 7 } }]);
    const result = await writeOnce({ ...context, key: "k" }, [step], RESULT);
    expect(result).toMatchObject({ status: "failed", code: "REC-409" });
    expect(records.dump()).toEqual({ "thing/a": { n: 7 } });
    expect(await records.hasWritten("k")).toBe(false);
  });

  test("a second caller with the same key gets the first result, even when its own differs", async () => {
    const { context } = world();
    const keyed = { ...context, key: "k" };
    const first = await writeOnce(keyed, [step], RESULT);
    const second = await writeOnce(keyed, [step], { ...RESULT, summary: "Other." });
    expect(second).toEqual(first);
    expect(await findReceipt(keyed)).toEqual(first);
  });

  test("an empty key, as a preview has, finds nothing", async () => {
    expect(await findReceipt(world().context)).toBeNull();
  });

  test("undo of a change that was already put back by hand is refused", async () => {
    const { context, records } = world();
    const keyed = { ...context, key: "k" };
    const done = await writeOnce(keyed, [step], RESULT);
    await records.write("other", [{ kind: "thing", id: "a", data: { n: 0 } }]);
    if (done.status !== "succeeded") throw new Error(done.status);
    expect(await undoOnce(done.undo ?? {}, keyed, "Undone.")).toMatchObject({
      status: "failed",
      code: "REC-409",
    });
  });

  test("ids made from a key are the same at every retry and differ between keys", () => {
    expect(idFromKey("evt", "a")).toBe(idFromKey("evt", "a"));
    expect(idFromKey("evt", "a")).not.toBe(idFromKey("evt", "b"));
  });
});

describe("bindTool", () => {
  test("arguments that do not fit are answered with TOL-400 and the name of the argument", async () => {
    const { context } = demoWorld();
    const tool = bindTool(logNoteTool);
    expect(await tool.run({ account: 7, body: "x" }, context)).toMatchObject({
      status: "failed",
      code: "TOL-400",
      message: expect.stringContaining("'account'"),
    });
    expect(await tool.preview?.({}, context)).toMatchObject({ status: "failed", code: "TOL-400" });
  });

  test("a tool sees what the schema made of the arguments, and keeps its own `this`", async () => {
    const seen: unknown[] = [];
    const tool: Tool<{ n: number }> = {
      ...(logNoteTool as unknown as Tool<{ n: number }>),
      schema: z.strictObject({ n: z.coerce.number() }) as unknown as Tool<{ n: number }>["schema"],
      async run(args) {
        seen.push(args, this === tool);
        return { status: "succeeded", summary: "Seen.", data: {}, records: [] };
      },
    };
    await bindTool(tool).run({ n: "3" }, demoWorld().context);
    expect(seen).toEqual([{ n: 3 }, true]);
  });

  test("what a tool cannot do, the bound one does not offer", () => {
    const { preview: _p, undo: _u, reconcile: _r, ...bare } = logNoteTool;
    const bound = bindTool(bare);
    expect([bound.preview, bound.undo, bound.reconcile]).toEqual([undefined, undefined, undefined]);
  });
});
