import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import express, { type ErrorRequestHandler, type Request, type Response } from "express";
import { z } from "zod";
import { createWebChannel } from "../../channels/web/server.ts";
import type { Card, CardItem } from "../../src/types/card.ts";
import { ERRORS, type ErrorCode } from "../../src/types/error-catalogue.ts";
import type { FileRef } from "../../src/types/file-ref.ts";
import { newId } from "../../src/types/ids.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { addKeptRoutes, type FakeViews, pageOf } from "./fake-kept.ts";
import { createFakeStore, type FakeSession, type FakeStore, type NewItem } from "./fake-store.ts";
import { BEN, PEOPLE, SOFIA } from "./people.ts";

export type FakeReply = (
  server: FakeServer,
  session: FakeSession,
  text: string,
  by: Principal,
) => Promise<void> | void;
export type FakeOptions = {
  readonly mode?: "demo" | "token";
  readonly cacheDir: string;
  readonly port?: number;
  /** Pages of these origins may call, with tokens whose `sub` is the person (unsigned: proof is tested elsewhere). */
  readonly sites?: readonly string[];
  /** What several of them share, as replicas share a database. */
  readonly shared?: { readonly store: FakeStore; readonly answered: Map<string, unknown> };
  /** What Steward does with a message; nothing when left out. */
  readonly reply?: FakeReply;
  readonly suggestions?: readonly string[];
};
export type FakeServer = Awaited<ReturnType<typeof createFakeServer>>;

/** The one token of the token mode; it belongs to Ben. */
export const TOKEN = "stw_test_token";
export const SUGGESTIONS = [
  "How many days of leave do I get in my first year?",
  "When are Sofia and I both free tomorrow?",
  "Change the Globex renewal to €48,000",
];

const Message = z.strictObject({
  id: z.string().regex(/^msg_[0-9a-z]{26}$/),
  text: z.string(),
  files: z.array(z.string()),
});
class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** A strict stand-in for the server: the real channel, the HTTP contract, everything in memory. */
export async function createFakeServer(options: FakeOptions) {
  const { mode = "demo" } = options;
  const store = options.shared?.store ?? createFakeStore();
  const files = new Map<string, FileRef>();
  const answered = options.shared?.answered ?? new Map<string, unknown>();
  const requests: { method: string; path: string; body: unknown }[] = [];
  const documents = new Map<
    string,
    { title: string; passages: { id: string; headings: string[]; text: string }[] }
  >();
  const why = new Map<string, string>();
  const views: FakeViews = new Map();
  const contents = new Map<string, Uint8Array>();
  const down = { isDown: false, hasNoSockets: false, approveDelayMs: 0 };
  const app = express();
  const httpServer = createServer(app);
  const connections = new Set<Duplex>();
  httpServer.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });

  const channel = createWebChannel({
    httpServer,
    cacheDir: options.cacheDir,
    page: { mode, personas: [BEN.id, SOFIA.id] },
    authenticate: async ({ as, token }) => {
      const principal = whoIs(as ?? undefined, token ?? undefined);
      return principal && { principal, endsAt: null };
    },
    head: async (session) => store.sessions.get(session)?.head ?? 0,
    mayWatch: async (principal, session) => store.sessions.get(session)?.owner === principal.id,
    items: async (principal, session, after) => itemsFor(principal.id, session, after),
    allowRequest: () => !down.isDown && !down.hasNoSockets,
  });

  function whoIs(as: string | undefined, token: string | undefined): Principal | null {
    if (token !== undefined && options.sites) return byPageToken(token);
    if (mode === "token") return token === TOKEN ? BEN : null;
    return PEOPLE.find((person) => person.id === as) ?? null;
  }
  function byPageToken(token: string): Principal {
    const { sub, exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      sub: string;
      exp: number;
    };
    if (exp * 1_000 < Date.now()) throw new StewardError("IDN-401");
    const person = PEOPLE.find((each) => each.id === sub);
    if (!person) throw new StewardError("IDN-404");
    return person;
  }
  function itemsFor(viewer: string, session: string, after: number) {
    return store
      .itemsAfter(session, after)
      .map((item) => (item.kind === "card" ? { ...item, card: store.cardFor(item.card, viewer) } : item));
  }
  function caller(request: Request): Principal {
    const principal = whoIs(
      request.get("X-Steward-As"),
      request.get("Authorization")?.replace(/^Bearer /, ""),
    );
    if (!principal) throw new Refusal(401, "AUTH-401", "You are not signed in, or the token is not valid.");
    return principal;
  }
  function sessionOf(request: Request, by: Principal): FakeSession {
    const session = store.sessions.get(String(request.params.id));
    if (!session || session.owner !== by.id)
      throw new Refusal(404, "SES-404", "There is no such conversation, or it is not yours.");
    return session;
  }
  const post = (session: FakeSession, item: NewItem) => {
    const full = store.append(session, item);
    return channel.post({
      id: newId("out"),
      thread: { channel: "web", conversation: session.owner, thread: session.id },
      item: full,
    });
  };
  const hint = (person: string) =>
    channel.post({
      id: newId("out"),
      thread: { channel: "web", conversation: person, thread: "approvals" },
      item: { kind: "turn", seq: 0, id: "x", at: "", status: "waiting", step: null, error: null },
    });
  async function showCard(card: Card): Promise<void> {
    store.cards.set(card.id, card);
    const session = store.sessions.get(card.session);
    if (session) await post(session, { kind: "card", id: `${card.id}:card`, card });
    await Promise.all(PEOPLE.map((person) => hint(person.id)));
  }
  /** Once per Idempotency-Key: a repeat gets the first answer. */
  async function once(
    request: Request,
    response: Response,
    status: number,
    work: () => unknown,
  ): Promise<void> {
    const key = request.get("Idempotency-Key");
    if (!key) throw new Refusal(400, "API-400", "A write needs an Idempotency-Key.");
    if (!answered.has(key)) answered.set(key, await work());
    response.status(status).json(answered.get(key));
  }

  app.use((request, response, next) => {
    if (down.isDown) return request.socket.destroy();
    const origin = request.get("Origin");
    if (origin && options.sites?.includes(origin)) {
      response.set({
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Steward-As",
        Vary: "Origin",
      });
      if (request.method === "OPTIONS") return void response.status(204).end();
    }
    requests.push({ method: request.method, path: request.path, body: null });
    next();
  });
  channel.assets(app);
  app.post(
    "/api/files",
    express.raw({ type: "application/octet-stream", limit: "5mb" }),
    async (request, response) => {
      caller(request);
      await once(request, response, 201, () => {
        const name = z.string().parse(request.query.name);
        if (name.endsWith(".exe")) throw new Refusal(415, "FIL-415", "This kind of file cannot be read.");
        const file = {
          id: newId("fil"),
          name,
          mediaType: "application/pdf",
          bytes: (request.body as Buffer).length,
        };
        files.set(file.id, file);
        return file;
      });
    },
  );
  app.use(express.json({ limit: "100kb" }));
  app.get("/api/me", (request, response) => {
    const principal = caller(request);
    const suggestions = options.suggestions ?? SUGGESTIONS;
    response.json({
      principal,
      mode,
      company: "Brightwell",
      suggestions,
      about: "An assistant.",
      maxFileBytes: 4_000_000,
    });
  });
  app.get("/api/people", (_request, response) => {
    response.json({ people: PEOPLE.map(({ id, name, title, groups }) => ({ id, name, title, groups })) });
  });
  app.get("/api/sessions", (request, response) => {
    const by = caller(request);
    const words = String(request.query.q ?? "").toLowerCase();
    const mine = [...store.sessions.values()].filter(
      (session) => session.owner === by.id && session.title.toLowerCase().includes(words),
    );
    response.json({
      sessions: mine.map(({ id, title }) => ({ id, title, updatedAt: new Date().toISOString() })),
    });
  });
  app.get("/api/sessions/:id/items", (request, response) => {
    const by = caller(request);
    const session = sessionOf(request, by);
    response.json(pageOf(itemsFor(by.id, session.id, 0), request.query, session.head));
  });
  const findCard = (turn: string) => store.cards.get(turn);
  addKeptRoutes(app, { caller, sessionOf, once, requests, views, contents, findCard });
  app.post("/api/sessions/:id/messages", async (request, response) => {
    const by = caller(request);
    const message = Message.parse(request.body);
    const isNew = request.params.id === "new";
    if (!isNew) sessionOf(request, by);
    await once(request, response, 202, async () => {
      if (message.text === "refuse this")
        throw new Refusal(400, "MSG-400", "The message is empty or not text.");
      const session = isNew ? store.begin(by.id, message.text.slice(0, 60)) : sessionOf(request, by);
      await post(session, {
        kind: "message",
        id: message.id,
        author: { id: by.id, name: by.name, isAssistant: false },
        text: message.text,
        files: message.files.flatMap((id) => files.get(id) ?? []),
        citations: [],
        turn: null,
        note: null,
      });
      setTimeout(() => void options.reply?.(server, session, message.text, by), 0);
      return { session: session.id, seq: session.head };
    });
  });
  app.post("/api/sessions/:id/stop", async (request, response) => {
    const session = sessionOf(request, caller(request));
    await once(request, response, 202, async () => {
      for (const item of session.items.values()) {
        if (item.kind === "turn" && item.status === "running") {
          await post(session, { kind: "turn", id: item.id, status: "done", step: null, error: null });
        }
      }
      return {};
    });
  });
  app.get("/api/documents/:id", (request, response) => {
    caller(request);
    const document = documents.get(String(request.params.id));
    if (!document) throw new Refusal(404, "DOC-404", "There is no such document, or you may not read it.");
    response.json({ id: request.params.id, ...document });
  });
  app.get("/api/approvals", (request, response) => {
    const by = caller(request);
    const cards = [...store.cards.values()].map((card) => store.cardFor(card, by.id));
    response.json({
      approvals: cards.filter((card) => card.items.some((item) => item.mayDecide)).map((card) => ({ card })),
    });
  });
  app.get("/api/cards/:turn", (request, response) => {
    const by = caller(request);
    const card = store.cards.get(String(request.params.turn));
    if (!card) throw new Refusal(404, "ACT-404", "There is no such action.");
    response.json({ card: store.cardFor(card, by.id) });
  });
  app.get("/api/actions/:id/why", (request, response) => {
    caller(request);
    response.json({
      text: why.get(String(request.params.id)) ?? "Rule **crm-big-change** asked for *a sales manager*.",
    });
  });
  app.post("/api/approvals/approve", async (request, response) => {
    const by = caller(request);
    await once(request, response, 200, async () => {
      const { approvals } = z
        .strictObject({ approvals: z.array(z.strictObject({ id: z.string(), digest: z.string() })) })
        .parse(request.body);
      requests.push({ method: "DECIDE", path: "approve all", body: approvals });
      for (const { id, digest } of approvals) {
        const found = store.findItem(id, "approval");
        if (found?.item.digest !== digest) continue;
        const decided = {
          ...store.ref(by.id),
          verdict: "approve" as const,
          reason: null,
          at: new Date().toISOString(),
        };
        await showCard(
          store.change(found.card, found.item.action, {
            decidedBy: [decided],
            status: "succeeded",
            outcome: "Done.",
          }),
        );
      }
      return { results: approvals.map(({ id }) => ({ id, ok: true, message: "Done." })) };
    });
  });
  app.post("/api/approvals/:id/:verb", async (request, response) => {
    const by = caller(request);
    const found = store.findItem(String(request.params.id), "approval");
    if (!found) throw new Refusal(404, "APR-404", "There is no such approval.");
    const seen = store.cardFor(found.card, by.id).items.find((item) => item.action === found.item.action);
    if (found.item.status !== "awaiting")
      throw new Refusal(409, "APR-409", "This approval is closed or has changed.");
    if (!seen?.mayDecide)
      throw new Refusal(403, "APR-403", seen?.mayNotBecause ?? "You may not decide this.");
    await new Promise((resolve) => setTimeout(resolve, down.approveDelayMs));
    await once(request, response, 200, async () => {
      const body = z
        .strictObject({
          edit: z.record(z.string(), z.unknown()).optional(),
          reason: z.string().min(1).optional(),
          digest: z.string().length(64).optional(),
          grantUntil: z.iso.datetime().optional(),
        })
        .parse(request.body);
      requests.push({ method: "DECIDE", path: String(request.params.verb), body });
      const verdict = request.params.verb === "approve" ? ("approve" as const) : ("refuse" as const);
      const at = new Date().toISOString();
      const decidedBy = [
        ...found.item.decidedBy,
        { ...store.ref(by.id), verdict, reason: body.reason ?? null, at },
      ];
      const approvers = found.item.approvers.map((group) => ({
        ...group,
        given: verdict === "approve" ? [...group.given, { ...store.ref(by.id), at }] : group.given,
        candidates: group.candidates.filter((each) => each.id !== by.id),
      }));
      const isDone = approvers.every((group) => group.given.length >= group.needed);
      const end: Partial<CardItem> =
        verdict === "refuse"
          ? { status: "refused", outcome: "Nothing was changed." }
          : isDone
            ? {
                status: "succeeded",
                outcome: "The deal “Renewal 2027” is now at €48,000.00.",
                undoUntil: new Date(Date.now() + 600_000).toISOString(),
              }
            : {};
      const card = store.change(found.card, found.item.action, { decidedBy, approvers, ...end });
      await showCard(card);
      return { card: store.cardFor(card, by.id) };
    });
  });
  app.post("/api/actions/:id/:verb", async (request, response) => {
    const by = caller(request);
    const found = store.findItem(String(request.params.id), "action");
    if (!found) throw new Refusal(404, "ACT-404", "There is no such action.");
    await once(request, response, 200, async () => {
      requests.push({ method: "DECIDE", path: String(request.params.verb), body: request.body });
      const isUndo = request.params.verb === "undo";
      const change: Partial<CardItem> = isUndo
        ? { status: "undone", outcome: "The deal is back at €38,000.00.", undoUntil: null }
        : { status: "failed", outcome: "It had not arrived. Nothing was changed." };
      const card = store.change(found.card, found.item.action, change);
      await showCard(card);
      return { card: store.cardFor(card, by.id) };
    });
  });
  app.use(
    (_request, response) =>
      void response.status(404).json({ title: "There is nothing at this address.", code: "API-404" }),
  );
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    const { status = 400, code = "API-400", message } = error as Partial<Refusal>;
    const detail =
      error instanceof Refusal || error instanceof StewardError
        ? message
        : `The request could not be read: ${message}`;
    const remedy = code === "AUTH-401" ? "Send a token that has not ended." : "Ask one of the people named.";
    response
      .status(status)
      .type("application/problem+json")
      .json({
        type: "about:blank",
        title: ERRORS[code as ErrorCode]?.title ?? detail,
        status,
        code,
        detail,
        remedy,
      });
  };
  app.use(onError);

  await new Promise<void>((resolve) => httpServer.listen(options.port ?? 0, "127.0.0.1", resolve));
  await channel.start(async () => ({ session: "" }));
  const { port } = httpServer.address() as AddressInfo;

  const server = {
    url: `http://127.0.0.1:${port}`,
    channel,
    store,
    documents,
    views,
    contents,
    why,
    requests,
    down,
    post,
    hint,
    showCard,
    httpServer,
    turn: (
      session: FakeSession,
      turn: string,
      status: "running" | "waiting" | "done" | "failed",
      step: string | null = null,
      error: { code: string; message: string } | null = null,
    ) => post(session, { kind: "turn", id: `${turn}:turn`, status, step, error }),
    say: (
      session: FakeSession,
      turn: string,
      text: string,
      more: Partial<Extract<NewItem, { kind: "message" }>> = {},
    ) =>
      post(session, {
        kind: "message",
        id: newId("msg"),
        author: { id: "steward", name: "Steward", isAssistant: true },
        text,
        files: [],
        citations: [],
        turn,
        note: null,
        ...more,
      }),
    card: (session: FakeSession, turn: string, request: string, items: readonly CardItem[]) =>
      showCard({
        id: turn,
        session: session.id,
        requester: store.ref(session.owner),
        request,
        createdAt: new Date().toISOString(),
        items,
      }),
    stream: (session: FakeSession, turn: string, text: string, step: string | null = null) =>
      channel.stream?.({ session: session.id, turn, text, step }),
    /** Drops every socket, as a restart or a broken network does. */
    dropSockets() {
      for (const connection of connections) connection.destroy();
    },
    async close() {
      await channel.stop();
      for (const connection of connections) connection.destroy();
    },
  };
  return server;
}
