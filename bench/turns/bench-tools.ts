import { z } from "zod";
import { bindTool } from "../../src/types/bind-tool.ts";
import type { ActionResult, AnyTool, ToolManifest } from "../../src/types/tool.ts";

/** The system outside that the tools of a measurement act on. */
export type OutsideSystem = {
  /** Takes effect once a key, or says that it had; may be slow, may fail. */
  act(key: string, text: string, signal: AbortSignal): Promise<void>;
  /** Whether a key took effect; null when this system cannot tell. */
  find: ((key: string) => Promise<boolean>) | null;
};

const schema = z.strictObject({ text: z.string().min(1).max(2_000) });
type Args = z.infer<typeof schema>;

const manifest = (
  name: string,
  verb: string,
  effect: ToolManifest["effect"],
  idempotency: ToolManifest["idempotency"],
): ToolManifest => ({
  name,
  title: `${verb} a line`,
  description: `${verb} one line of text.`,
  effect,
  verbs: [verb],
  args: { text: { role: "body", label: "Text", required: true } },
  output: { "$.line": { integrity: "system", sensitivity: "internal", kind: "number" } },
  idempotency,
  compensate: null,
  examples: [],
});

const done = (text: string): ActionResult => ({
  status: "succeeded",
  summary: `Noted: ${text}`,
  data: { line: 1 },
  records: [],
});

/**
 * `bench.note` acts at once, `bench.order` asks first, `bench.fax` cannot be repeated, `bench.look` only looks.
 */
export function benchTools(outside: OutsideSystem): readonly AnyTool[] {
  const { find } = outside;
  const writing = (name: string, verb: string, idempotency: ToolManifest["idempotency"]) =>
    bindTool<Args>({
      name,
      manifest: manifest(name, verb, "write", idempotency),
      schema,
      run: async ({ text }, { key, signal }) => {
        await outside.act(key, text, signal);
        return done(text);
      },
      preview: async ({ text }) => ({
        status: "ready",
        line: `${verb} "${text}"`,
        changes: [],
        resource: { id: "book", title: "the book", attributes: {} },
        context: {},
        risk: "normal",
      }),
      ...(find && idempotency === "key"
        ? { reconcile: async ({ text }, { key }) => ((await find(key)) ? done(text) : null) }
        : {}),
    });
  return [
    writing("bench.note", "note", "key"),
    writing("bench.order", "order", "key"),
    writing("bench.fax", "fax", "none"),
    bindTool<Args>({
      name: "bench.look",
      manifest: manifest("bench.look", "look", "read", "key"),
      schema,
      run: async ({ text }) => done(text),
    }),
  ];
}

/** Rules for these tools, of the kinds that come with Steward. */
export const BENCH_RULES = `
@id("bench-read")
permit (principal in Group::"everyone", action in Action::"effect:read", resource);

@id("bench-ungrounded")
@approval("requester:1")
@within("PT1H")
@reason("Part of this does not come from your own words, so please look at it first.")
forbid (principal, action in Action::"tools:all", resource)
when { context.isUngrounded && context.effect != "read" };

@id("bench-write")
permit (
  principal in Group::"everyone",
  action in [Action::"bench.note", Action::"bench.order", Action::"bench.fax"],
  resource
);

@id("bench-order-asks")
@approval("managers:1")
@within("PT1H")
@reason("An order needs a manager.")
forbid (principal, action == Action::"bench.order", resource);
`;
