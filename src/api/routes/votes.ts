import { z } from "zod";
import { byId, nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { time } from "../schemas.ts";

const person = z.object({ id: z.string(), name: z.string() });
const delegation = z.object({ id: z.string(), from: person, to: person, until: time });
const grant = z.object({
  id: z.string(),
  granter: person,
  requester: person,
  tool: z.string(),
  resource: z.string(),
  line: z.string(),
  until: time,
});
const given = { access: "person", params: nothing, query: nothing } as const;

/** Several votes at once, votes handed over, and standing yeses. */
export const voteRoutes: readonly Route[] = [
  defineRoute({
    ...given,
    method: "post",
    path: "/api/approvals/approve",
    operation: "approveAll",
    summary: "Say yes to an exact list, each as it was seen",
    isWrite: true,
    body: z.strictObject({
      approvals: z
        .array(z.strictObject({ id: z.string().min(1).max(64), digest: z.string().regex(/^[0-9a-f]{64}$/) }))
        .min(1)
        .max(100),
    }),
    answer: z.object({
      results: z.array(
        z.object({ id: z.string(), ok: z.boolean(), message: z.string(), code: z.string().nullable() }),
      ),
    }),
    handle: async (ports, { as, body }) => ({
      results: [...(await ports.approveAll(as, body.approvals)).results],
    }),
  }),
  defineRoute({
    ...given,
    method: "get",
    path: "/api/delegations",
    operation: "listDelegations",
    summary: "Who decides for me, and for whom I decide",
    isWrite: false,
    body: null,
    answer: z.object({ delegations: z.array(delegation) }),
    handle: async (ports, { as }) => ({ delegations: [...(await ports.delegations(as))] }),
  }),
  defineRoute({
    ...given,
    method: "post",
    path: "/api/delegations",
    operation: "delegate",
    summary: "Hand my vote to a colleague for a while",
    isWrite: true,
    body: z.strictObject({
      to: z.string().trim().toLowerCase().min(1).max(320),
      until: z.string().min(1).max(40),
    }),
    answer: delegation,
    status: 201,
    handle: async (ports, { as, body }) => await ports.delegate(as, body),
  }),
  defineRoute({
    ...given,
    method: "post",
    path: "/api/delegations/:id/revoke",
    operation: "revokeDelegation",
    summary: "Take my vote back",
    isWrite: true,
    params: byId,
    body: nothing.optional(),
    answer: delegation,
    handle: async (ports, { as, params }) => await ports.revokeDelegation(as, params.id),
  }),
  defineRoute({
    ...given,
    method: "get",
    path: "/api/grants",
    operation: "listGrants",
    summary: "Standing yeses that I gave or have the use of",
    isWrite: false,
    body: null,
    answer: z.object({ grants: z.array(grant) }),
    handle: async (ports, { as }) => ({ grants: [...(await ports.grants(as))] }),
  }),
  defineRoute({
    ...given,
    method: "post",
    path: "/api/grants/:id/revoke",
    operation: "revokeGrant",
    summary: "Take a standing yes back",
    isWrite: true,
    params: byId,
    body: nothing.optional(),
    answer: grant,
    handle: async (ports, { as, params }) => await ports.revokeGrant(as, params.id),
  }),
];
