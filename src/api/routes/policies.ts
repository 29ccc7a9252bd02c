import { z } from "zod";
import { nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { time } from "../schemas.ts";

const MAX_FILES = 1_000;

/** For administrators of policies. */
export const policyRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/policy/explain",
    operation: "policyExplain",
    summary: "The rules that can apply to an action",
    access: "demo-or-admin",
    isWrite: false,
    params: nothing,
    query: z.strictObject({ action: z.string().min(1).max(128) }),
    body: null,
    answer: z.object({
      action: z.string(),
      version: z.string(),
      rules: z.array(
        z.object({
          id: z.string(),
          does: z.string(),
          reason: z.string().nullable(),
          when: z.string(),
          file: z.string(),
          line: z.int(),
        }),
      ),
      text: z.string(),
    }),
    handle: async (ports, { query }) => {
      const explained = await ports.policyExplain(query.action);
      return { ...explained, rules: [...explained.rules] };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/policy/replay",
    operation: "policyReplay",
    summary: "What other policies would have decided on recorded actions; changes nothing",
    access: "admin",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: z.strictObject({
      since: z.iso.datetime({ offset: true }),
      files: z
        .array(z.strictObject({ path: z.string().min(1).max(200), text: z.string().max(2_000_000) }))
        .min(1)
        .max(MAX_FILES),
    }),
    answer: z.object({
      since: time,
      version: z.string(),
      compared: z.int(),
      isCut: z.boolean(),
      differences: z.array(
        z.object({
          action: z.string(),
          tool: z.string(),
          principal: z.string(),
          line: z.string(),
          before: z.string(),
          after: z.string(),
          rulesBefore: z.array(z.string()),
          rulesAfter: z.array(z.string()),
          change: z.enum(["wider", "narrower", "other"]),
        }),
      ),
      skipped: z.array(z.object({ action: z.string(), tool: z.string(), why: z.string() })),
      text: z.string(),
    }),
    handle: async (ports, { body }) => {
      const { differences, skipped, ...rest } = await ports.policyReplay(body);
      return {
        ...rest,
        differences: differences.map((one) => ({
          ...one,
          rulesBefore: [...one.rulesBefore],
          rulesAfter: [...one.rulesAfter],
        })),
        skipped: [...skipped],
      };
    },
  }),
];
