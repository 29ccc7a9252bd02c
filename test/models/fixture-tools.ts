import { z } from "zod";
import type { JsonObject } from "../../src/types/json.ts";
import type { AnyTool, ArgSpec, ToolManifest } from "../../src/types/tool.ts";

/** The strictest reading of a manifest's argument, as a tool would validate it. */
function fieldOf(name: string, spec: ArgSpec, isChange: boolean): z.ZodType {
  const one = (() => {
    if (spec.part === "duration") return z.number().int().min(5).max(1440);
    if (spec.role === "amount") return z.number().int().positive();
    if (spec.role === "flag") return z.boolean();
    if (spec.choices) return z.enum(Object.keys(spec.choices));
    if (spec.part === "day") return z.iso.date();
    if (spec.role === "time")
      return isChange
        ? z.union([z.iso.datetime({ offset: true }), z.iso.date(), z.string().regex(/^\d{2}:\d{2}$/)])
        : z.iso.datetime({ offset: true });
    return z
      .string()
      .min(1)
      .max(name === "body" ? 5_000 : 300);
  })();
  const whole = spec.many ? z.array(one).min(1) : one;
  return spec.required ? whole : whole.optional();
}

/** Tools that only validate, made from manifests. */
export function fixtureTools(manifests: readonly ToolManifest[]): readonly AnyTool[] {
  return manifests.map((manifest) => {
    const isChange = Object.values(manifest.args).some((s) => s.role === "rid" && s.kind !== "file");
    const shape = Object.fromEntries(
      Object.entries(manifest.args).map(([name, spec]) => [name, fieldOf(name, spec, isChange)]),
    );
    return {
      name: manifest.name,
      manifest,
      schema: z.strictObject(shape) as unknown as z.ZodType<JsonObject>,
      run: async () => ({ status: "succeeded", summary: "Done.", data: {}, records: [] }),
    };
  });
}
