import { z } from "zod";
import type { JsonObject } from "../../src/types/json.ts";
import type { AnyTool, ToolManifest } from "../../src/types/tool.ts";

function tool(name: string, shape: Record<string, z.ZodType>, manifest: Partial<ToolManifest> = {}): AnyTool {
  return {
    name,
    manifest: {
      name,
      title: `use ${name}`,
      description: `Uses ${name}.`,
      effect: "read",
      verbs: [],
      args: {},
      output: {},
      idempotency: "key",
      compensate: null,
      examples: [],
      ...manifest,
    },
    schema: z.strictObject(shape) as unknown as z.ZodType<JsonObject>,
    run: async () => ({ status: "succeeded", summary: "", data: {}, records: [] }),
  };
}

/** Two tools as a chat model gets them. */
export const gatewayTools: readonly AnyTool[] = [
  tool("weather.lookUp", { city: z.string(), days: z.int().optional() }),
  tool("clock.tell", { zone: z.string() }),
];
