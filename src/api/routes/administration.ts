import { z } from "zod";
import { byId, email, nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { tokenSchema } from "../schemas.ts";

const report = {
  method: "get",
  isWrite: false,
  params: nothing,
  query: nothing,
  body: null,
} as const;

const zone = z
  .string()
  .max(64)
  .refine((name) => isKnown(() => new Intl.DateTimeFormat("en", { timeZone: name })), "is not a time zone");
const locale = z
  .string()
  .max(35)
  .refine((tag) => isKnown(() => Intl.getCanonicalLocales(tag)), "is not a language tag");
const group = z.string().regex(/^[a-z0-9][\w.-]{0,63}$/i, "is not a group");

/** One employee of a people file; what is left out is said here. */
export const importedPerson = z.strictObject({
  id: email,
  name: z.string().trim().min(1).max(200),
  title: z.string().trim().max(200).default(""),
  manager: email.nullish().transform((id) => id ?? null),
  groups: z
    .array(group)
    .max(100)
    .default([])
    .transform((groups) => [...new Set(["everyone", ...groups])]),
  zone: zone.default("UTC"),
  locale: locale.default("en-GB"),
});

/** For administrators. */
export const administrationRoutes: readonly Route[] = [
  defineRoute({
    ...report,
    path: "/api/audit/verify",
    operation: "verifyAudit",
    summary: "Compare the audit record with its checkpoints",
    access: "admin",
    answer: z.object({
      ok: z.boolean(),
      entries: z.int(),
      size: z.int(),
      root: z.string(),
      checkpoints: z.int(),
      problems: z.array(z.string()),
    }),
    handle: async (ports) => {
      const result = await ports.auditVerify();
      return { ...result, problems: [...result.problems] };
    },
  }),
  defineRoute({
    ...report,
    path: "/api/policy/check",
    operation: "checkPolicy",
    summary: "Load the policies and say what is wrong with them",
    access: "admin",
    answer: z.object({
      ok: z.boolean(),
      version: z.string(),
      rules: z.int(),
      problems: z.array(z.string()),
    }),
    handle: async (ports) => {
      const result = await ports.policyCheck();
      return { ...result, problems: [...result.problems] };
    },
  }),
  defineRoute({
    ...report,
    path: "/api/doctor",
    operation: "doctor",
    summary: "How Steward is",
    access: "demo-or-admin",
    answer: z.object({
      ok: z.boolean(),
      checks: z.array(
        z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().nullable() }),
      ),
    }),
    handle: async (ports) => {
      const result = await ports.doctor();
      return { ...result, checks: [...result.checks] };
    },
  }),
  defineRoute({
    ...report,
    path: "/api/tokens",
    operation: "listTokens",
    summary: "All tokens, without their secrets",
    access: "admin",
    answer: z.object({ tokens: z.array(tokenSchema) }),
    handle: async (ports) => ({ tokens: [...(await ports.listTokens())] }),
  }),
  defineRoute({
    method: "post",
    path: "/api/tokens",
    operation: "createToken",
    summary: "Make a token; its secret is in this answer and nowhere else",
    access: "admin",
    isWrite: true,
    params: nothing,
    query: nothing,
    body: z.strictObject({
      principal: email,
      name: z.string().trim().max(200).default(""),
      isAdmin: z.boolean().default(false),
      days: z.int().min(1).max(3_650).nullable().default(90),
    }),
    answer: tokenSchema.extend({ token: z.string().optional() }),
    status: 201,
    secretFields: ["token"],
    handle: async (ports, { caller, body }) => await ports.createToken(caller.actor, body),
  }),
  defineRoute({
    method: "post",
    path: "/api/tokens/:id/revoke",
    operation: "revokeToken",
    summary: "End a token now",
    access: "admin",
    isWrite: true,
    params: byId,
    query: nothing,
    body: nothing.optional(),
    answer: tokenSchema,
    handle: async (ports, { caller, params }) => await ports.revokeToken(caller.actor, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/people",
    operation: "importPeople",
    summary: "Add or change employees; nobody is removed",
    access: "admin",
    isWrite: true,
    params: nothing,
    query: nothing,
    body: z.strictObject({ people: z.array(importedPerson).min(1).max(10_000) }),
    answer: z.object({ saved: z.int() }),
    handle: async (ports, { caller, body }) => await ports.importPeople(caller.actor, body.people),
  }),
];

function isKnown(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
