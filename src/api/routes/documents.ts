import { z } from "zod";
import { byId, checkContent, cleanFileName, nothing, optionalId } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { jsonObject, time } from "../schemas.ts";

/** What the company knows. */
export const documentRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/search",
    operation: "search",
    summary: "Find passages that I may read",
    access: "person",
    isWrite: false,
    params: nothing,
    query: z.strictObject({
      q: z.string().trim().min(1).max(2_000),
      limit: z.coerce.number().int().min(1).max(50).default(10),
    }),
    body: null,
    answer: z.object({
      passages: z.array(
        z.object({
          document: z.string(),
          title: z.string(),
          passage: z.string(),
          headings: z.array(z.string()),
          text: z.string(),
          score: z.number(),
        }),
      ),
    }),
    handle: async (ports, { as, query }) => ({
      passages: (await ports.search(as, query.q, query.limit)).map((found) => ({
        ...found,
        headings: [...found.headings],
      })),
    }),
  }),
  defineRoute({
    method: "get",
    path: "/api/documents/:id",
    operation: "openDocument",
    summary: "Open a document that I may read",
    access: "person",
    isWrite: false,
    params: byId,
    query: z.strictObject({ passage: optionalId }),
    body: null,
    answer: z.object({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      updatedAt: time,
      passages: z.array(z.object({ id: z.string(), headings: z.array(z.string()), text: z.string() })),
    }),
    handle: async (ports, { as, params, query }) => {
      const opened = await ports.openDocument(as, params.id, query.passage);
      return {
        ...opened,
        passages: opened.passages.map((passage) => ({ ...passage, headings: [...passage.headings] })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/documents",
    operation: "ingest",
    summary: "Take in a document (the raw content as the body); the same source again replaces it",
    access: "admin",
    isWrite: true,
    params: nothing,
    query: z.strictObject({
      source: z
        .string()
        .min(1)
        .max(1_000)
        .regex(/^\P{Cc}+$/u, "holds control characters"),
      readers: z
        .string()
        .max(2_000)
        .regex(/^[\w.@-]+(,[\w.@-]+)*$/, "is not a list of groups")
        .default("everyone"),
    }),
    body: "bytes",
    answer: z.object({
      document: z.string(),
      title: z.string(),
      passages: z.int(),
      status: z.enum(["added", "changed", "unchanged"]),
    }),
    handle: async (ports, { query, body }) =>
      await ports.ingest({
        source: query.source,
        content: checkContent(body as Uint8Array),
        readers: query.readers.split(","),
      }),
  }),
  defineRoute({
    method: "post",
    path: "/api/extract",
    operation: "extract",
    summary: "Read the fields of an invoice (the raw content as the body); nothing is kept",
    access: "demo-or-admin",
    isWrite: false,
    params: nothing,
    query: z.strictObject({ name: z.string().max(1_000) }),
    body: "bytes",
    answer: jsonObject,
    handle: async (ports, { query, body }) =>
      await ports.extract({ name: cleanFileName(query.name), content: checkContent(body as Uint8Array) }),
  }),
];
