import { z } from "zod";
import { nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";

/** For whoever runs the installation. */
export const operationsRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/outbox",
    operation: "listOutbox",
    summary: "Messages that could not be sent and were laid aside",
    access: "admin",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: null,
    answer: z.object({
      messages: z.array(
        z.object({
          id: z.int(),
          session: z.string(),
          person: z.string(),
          channel: z.string(),
          attempts: z.int(),
          error: z.string(),
          at: z.string(),
        }),
      ),
    }),
    handle: async (ports) => ({ messages: [...(await ports.listOutbox())] }),
  }),
  defineRoute({
    method: "post",
    path: "/api/outbox/retry",
    operation: "retryOutbox",
    summary: "Send laid-aside messages again, one or all",
    access: "admin",
    isWrite: true,
    params: nothing,
    query: nothing,
    body: z.strictObject({ id: z.int().positive().nullable().default(null) }),
    answer: z.object({ retried: z.int() }),
    handle: async (ports, { caller, body }) => await ports.retryOutbox(caller.actor, body.id),
  }),
  defineRoute({
    method: "get",
    path: "/api/sessions/:id/log",
    operation: "readLog",
    summary: "Events of a conversation as they stand in its log; that it was read is recorded",
    access: "admin",
    isWrite: false,
    params: z.object({ id: z.string().max(100) }),
    query: z.object({
      after: z.coerce.number().int().min(0).default(0).describe("Events after this number"),
    }),
    body: null,
    answer: z.object({
      events: z.array(
        z.object({
          seq: z.int(),
          at: z.string(),
          type: z.string(),
          data: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
    handle: async (ports, { caller, params, query }) => {
      const { events } = await ports.readLog(caller.actor, params.id, query.after);
      return { events: [...events] };
    },
  }),
];
