import { z } from "zod";
import { byId, checkContent, cleanFileName, fileIds, nothing, optionalId } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { askResultSchema, fileSchema, principalSchema, threadItemSchema, time } from "../schemas.ts";

/** A turn is bounded well below this; whoever waited longer can look at the conversation. */
const ASK_TIMEOUT_MS = 120_000;

const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Who am I, my conversations, and what I say in them. */
export const conversationRoutes: readonly Route[] = [
  defineRoute({
    method: "get",
    path: "/api/me",
    operation: "getMe",
    summary: "Who the caller acts for, and what to try",
    access: "person",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: null,
    answer: z.object({
      principal: principalSchema,
      mode: z.enum(["demo", "token"]),
      company: z.string(),
      suggestions: z.array(z.string()),
      about: z.string(),
      maxFileBytes: z.int(),
    }),
    handle: async (ports, { as }) => {
      const me = await ports.me(as);
      return { ...me, principal: copyPerson(me.principal), suggestions: [...me.suggestions] };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/people",
    operation: "listPeople",
    summary: "The personas of the demo",
    access: "demo",
    isWrite: false,
    params: nothing,
    query: nothing,
    body: null,
    answer: z.object({ people: z.array(principalSchema) }),
    handle: async (ports) => ({ people: (await ports.people()).map(copyPerson) }),
  }),
  defineRoute({
    method: "post",
    path: "/api/ask",
    operation: "ask",
    summary: "Say something and wait until the turn is over or waits for somebody",
    access: "person",
    isWrite: true,
    params: nothing,
    query: nothing,
    body: z.strictObject({ text: z.string(), session: optionalId, files: fileIds }),
    answer: askResultSchema,
    handle: async (ports, { as, body }) => await ports.ask(as, { ...body, timeoutMs: ASK_TIMEOUT_MS }),
  }),
  defineRoute({
    method: "post",
    path: "/api/sessions/:id/messages",
    operation: "postMessage",
    summary: "Say something without waiting; the id `new` begins a conversation",
    access: "person",
    isWrite: true,
    isOnceById: true,
    params: byId,
    query: nothing,
    body: z.strictObject({
      id: z.string().regex(/^[\w.:~-]{8,100}$/, "is not an id"),
      text: z.string(),
      files: fileIds,
    }),
    answer: z.object({ session: z.string(), seq: z.int() }),
    status: 202,
    handle: async (ports, { as, params, body }) =>
      await ports.postMessage(as, {
        ...body,
        session: params.id === "new" ? null : params.id,
      }),
  }),
  defineRoute({
    method: "get",
    path: "/api/sessions",
    operation: "listSessions",
    summary: "My conversations, the latest first",
    access: "person",
    isWrite: false,
    params: nothing,
    query: z.strictObject({
      q: z.string().trim().max(200).default("").describe("Words that the title or a message holds"),
    }),
    body: null,
    answer: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          updatedAt: time,
          excerpt: z.string().nullable().optional(),
        }),
      ),
    }),
    handle: async (ports, { as, query }) => ({
      sessions: [...(query.q === "" ? await ports.sessions(as) : await ports.searchSessions(as, query.q))],
    }),
  }),
  defineRoute({
    method: "get",
    path: "/api/sessions/:id/items",
    operation: "listItems",
    summary: "What a conversation shows after a place in it, or a page of what it showed before one",
    access: "person",
    isWrite: false,
    params: byId,
    query: z.strictObject({ after: place.default(0), before: place.optional() }),
    body: null,
    answer: z.object({
      items: z.array(threadItemSchema),
      head: z.int(),
      start: z.int().describe("Ask before this for what came earlier; 1 or less at the beginning"),
    }),
    handle: async (ports, { as, params, query }) => {
      const page =
        query.before === undefined
          ? await ports.items(as, params.id, query.after)
          : await ports.itemsBefore(as, params.id, query.before);
      return { ...page, items: [...page.items] };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/sessions/:id/stop",
    operation: "stopTurn",
    summary: "Stop the turn that runs; what was done stays done",
    access: "person",
    isWrite: true,
    params: byId,
    query: nothing,
    body: nothing.optional(),
    answer: z.object({ session: z.string() }),
    handle: async (ports, { as, params }) => {
      await ports.stop(as, params.id);
      return { session: params.id };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/files",
    operation: "putFile",
    summary: "Upload a file (the raw content as the body), to be named in a message",
    access: "person",
    isWrite: true,
    params: nothing,
    query: z.strictObject({ name: z.string().max(1_000) }),
    body: "bytes",
    answer: fileSchema,
    status: 201,
    handle: async (ports, { as, query, body }) =>
      await ports.putFile(as, {
        name: cleanFileName(query.name),
        content: checkContent(body as Uint8Array),
      }),
  }),
];

function copyPerson<P extends { readonly groups: readonly string[] }>(
  person: P,
): Omit<P, "groups"> & { groups: string[] } {
  return { ...person, groups: [...person.groups] };
}
