import { z } from "zod";
import { byId, byTurn, nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { cardSchema, json } from "../schemas.ts";

const cardAnswer = z.object({ card: cardSchema, message: z.string() });

/** Cards, votes, undo, and why something was done. */
export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/approvals",
    operation: "listApprovals",
    summary: "The cards that wait for my decision",
    access: "person",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: null,
    answer: z.object({ approvals: z.array(z.object({ card: cardSchema })) }),
    handle: async (ports, { as }) => ({ approvals: [...(await ports.approvals(as))] }),
  }),
  defineRoute({
    method: "get",
    path: "/api/cards/:turn",
    operation: "getCard",
    summary: "The card of a turn as I may see it",
    access: "person",
    isWrite: false,
    params: byTurn,
    query: nothing,
    body: null,
    answer: z.object({ card: cardSchema }),
    handle: async (ports, { as, params }) => ({ card: await ports.card(as, params.turn) }),
  }),
  defineRoute({
    method: "post",
    path: "/api/approvals/:id/approve",
    operation: "approve",
    summary: "Say yes, as it stands or with changed arguments",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: z
      .strictObject({
        edit: z.record(z.string().max(100), json).optional(),
        digest: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          .describe("Of what was seen: another is not approved"),
        grantUntil: z.iso
          .datetime({ offset: true })
          .optional()
          .describe("Do not ask me again for the like until then, 30 days at most"),
      })
      .optional(),
    answer: cardAnswer,
    handle: async (ports, { as, params, body }) => {
      const { edit, digest, grantUntil } = body ?? {};
      if (digest === undefined && grantUntil === undefined)
        return await ports.approve(as, params.id, edit ?? null);
      return await ports.approve(as, params.id, edit ?? null, {
        ...(digest ? { digest } : {}),
        ...(grantUntil ? { grantUntil } : {}),
      });
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/approvals/:id/refuse",
    operation: "refuse",
    summary: "Say no, with the reason for the requester",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: z.strictObject({ reason: z.string().trim().max(2_000) }),
    answer: cardAnswer,
    handle: async (ports, { as, params, body }) => await ports.refuse(as, params.id, body.reason),
  }),
  defineRoute({
    method: "post",
    path: "/api/actions/:id/undo",
    operation: "undo",
    summary: "Undo an action while it can be undone",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: nothing.optional(),
    answer: cardAnswer,
    handle: async (ports, { as, params }) => await ports.undo(as, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/actions/:id/resolve",
    operation: "resolve",
    summary: "Say what to do with an action whose outcome is unknown",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: z.strictObject({ choice: z.enum(["check", "retry", "give-up"]) }),
    answer: cardAnswer,
    handle: async (ports, { as, params, body }) => await ports.resolve(as, params.id, body.choice),
  }),
  defineRoute({
    method: "get",
    path: "/api/actions/:id/why",
    operation: "why",
    summary: "The record of an action in words",
    access: "person",
    isWrite: false,
    params: byId,
    query: nothing,
    body: null,
    answer: z.object({ text: z.string() }),
    handle: async (ports, { as, params }) => ({ text: await ports.why(as, params.id) }),
  }),
];
