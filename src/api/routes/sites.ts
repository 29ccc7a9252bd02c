import { z } from "zod";
import { byId, nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";

const site = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["secret", "jwks", "key"]),
  origins: z.array(z.string()),
  issuer: z.string(),
  audience: z.string(),
  jwksUrl: z.string().nullable(),
  createdAt: z.string(),
});
const copy = <T extends { readonly origins: readonly string[] }>(info: T) => ({
  ...info,
  origins: [...info.origins],
});

/** Sites whose pages may show the widget. */
export const siteRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/sites",
    operation: "listSites",
    summary: "Sites whose pages may show the widget",
    access: "admin",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: null,
    answer: z.object({ sites: z.array(site) }),
    handle: async (ports) => ({ sites: (await ports.listSites()).map(copy) }),
  }),
  defineRoute({
    method: "post",
    path: "/api/sites",
    operation: "addSite",
    summary: "Let a site's pages show the widget; its secret is in this answer and nowhere else",
    access: "admin",
    isWrite: true,
    params: nothing,
    query: nothing,
    body: z.strictObject({
      name: z.string().trim().max(200).default(""),
      origins: z.array(z.string().max(300)).min(1).max(50),
      issuer: z.string().trim().max(300).nullable().default(null),
      audience: z.string().trim().min(1).max(300).default("steward"),
      jwksUrl: z.string().max(1_000).nullable().default(null),
      publicKey: z.string().max(10_000).nullable().default(null),
    }),
    answer: site.extend({ secret: z.string().nullable().optional() }),
    status: 201,
    secretFields: ["secret"],
    handle: async (ports, { caller, body }) => copy(await ports.addSite(caller.actor, body)),
  }),
  defineRoute({
    method: "post",
    path: "/api/sites/:id/remove",
    operation: "removeSite",
    summary: "Take a site away: its tokens count no more",
    access: "admin",
    isWrite: true,
    params: byId,
    query: nothing,
    body: nothing.optional(),
    answer: site,
    handle: async (ports, { caller, params }) => copy(await ports.removeSite(caller.actor, params.id)),
  }),
];
