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
];
