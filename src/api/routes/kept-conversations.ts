import { z } from "zod";
import { byId, byTurn, nothing, optionalId } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { citationSchema, fileSchema, time } from "../schemas.ts";

const TITLE = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}+$/u, "holds control characters")
  .refine((title) => title.isWellFormed(), "is not text");
const box = z.array(z.number()).length(4).describe("Left, top, right, bottom in points, from the top left");

/** A conversation that one has had: its name, its file, what one thought of it, and what stands behind a card. */
export const keptConversationRoutes: readonly Route[] = [
  defineRoute({
    method: "post",
    path: "/api/sessions/:id/rename",
    operation: "renameSession",
    summary: "Give a conversation of mine another title",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: z.strictObject({ title: TITLE }),
    answer: z.object({ id: z.string(), title: z.string() }),
    handle: async (ports, { as, params, body }) => {
      await ports.renameSession(as, params.id, body.title);
      return { id: params.id, title: body.title };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/sessions/:id/transcript",
    operation: "getTranscript",
    summary: "A conversation of mine as the text of a file",
    access: "person",
    isWrite: false,
    params: byId,
    query: z.strictObject({
      format: z.enum(["markdown", "text"]).default("markdown"),
      locale: z
        .string()
        .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, "is not a language")
        .optional()
        .describe("How its times are written; mine when left out"),
    }),
    body: null,
    answer: z.object({ name: z.string(), text: z.string() }),
    handle: async (ports, { as, params, query }) =>
      await ports.transcript(as, params.id, query.format, query.locale ?? null),
  }),
  defineRoute({
    method: "post",
    path: "/api/messages/:id/feedback",
    operation: "giveFeedback",
    summary: "Whether a message of Steward helped; the last word counts, null takes it back",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: z.strictObject({
      verdict: z.enum(["up", "down"]).nullable(),
      comment: z.string().max(2_000).nullish(),
    }),
    answer: z.object({ message: z.string(), verdict: z.enum(["up", "down"]).nullable() }),
    handle: async (ports, { as, params, body }) => {
      await ports.feedback(as, params.id, body.verdict, body.comment ?? null);
      return { message: params.id, verdict: body.verdict };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/cards/:turn/request",
    operation: "getRequest",
    summary:
      "What was asked for with a card that I may see and what was said to it, and no more of that conversation",
    access: "person",
    isWrite: false,
    params: byTurn,
    query: nothing,
    body: null,
    answer: z.object({
      turn: z.string(),
      session: z.string().nullable().describe("Only for whose own conversation it is"),
      author: z.object({ id: z.string(), name: z.string() }),
      text: z.string(),
      files: z.array(fileSchema),
      at: time,
      replies: z
        .array(
          z.discriminatedUnion("kind", [
            z.object({
              kind: z.literal("said"),
              id: z.string(),
              at: time,
              text: z.string(),
              citations: z.array(citationSchema),
              note: z.string().nullable(),
            }),
            z.object({ kind: z.literal("withheld"), id: z.string(), at: time }),
          ]),
        )
        .nullable()
        .describe("Each as far as its label lets me read it; null when I neither decide nor decided"),
    }),
    handle: async (ports, { as, params }) => structuredClone(await ports.request(as, params.turn)) as never,
  }),
  defineRoute({
    method: "get",
    path: "/api/files/:id/content",
    operation: "getFileContent",
    summary: "A file of mine, or of a request that I may see",
    access: "person",
    isWrite: false,
    params: byId,
    query: z.strictObject({ turn: optionalId }),
    body: null,
    answer: "bytes",
    handle: async (ports, { as, params, query }) => await ports.fileContent(as, params.id, query.turn),
  }),
  defineRoute({
    method: "get",
    path: "/api/files/:id/fields",
    operation: "getFileFields",
    summary:
      "What can be read from an invoice of mine, or of a request that I may see, and where each value stands",
    access: "person",
    isWrite: false,
    params: byId,
    query: z.strictObject({ turn: optionalId }),
    body: null,
    answer: z.object({
      file: fileSchema,
      fields: z.array(
        z.object({
          name: z.string(),
          kind: z.enum(["text", "money", "date"]),
          value: z.string(),
          currency: z.string().nullable(),
          page: z.int().nullable(),
          box: box.nullable(),
          path: z.string().nullable(),
        }),
      ),
      lines: z.array(z.object({ text: z.string(), amount: z.string().nullable() })),
      pages: z.array(
        z.object({
          number: z.int(),
          width: z.number(),
          height: z.number(),
          texts: z.array(z.object({ text: z.string(), box })),
        }),
      ),
      checks: z.array(z.object({ ok: z.boolean(), text: z.string() })),
      problem: z.string().nullable(),
    }),
    handle: async (ports, { as, params, query }) =>
      structuredClone(await ports.fileFields(as, params.id, query.turn)) as never,
  }),
];
