import type { Express, Request, Response } from "express";
import { z } from "zod";
import type { Card } from "../../src/types/card.ts";
import type { FileFields } from "../../src/types/file-fields.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import type { FakeSession } from "./fake-store.ts";
import { BEN, SOFIA } from "./people.ts";

/** What was read from files, by the file's name. */
export type FakeViews = Map<string, Omit<FileFields, "file">>;

type Parts = {
  caller(request: Request): Principal;
  sessionOf(request: Request, by: Principal): FakeSession;
  once(request: Request, response: Response, status: number, work: () => unknown): Promise<void>;
  readonly requests: { method: string; path: string; body: unknown }[];
  readonly views: FakeViews;
  /** Of files, as they were sent: the first one is every file. */
  readonly contents: Map<string, Uint8Array>;
  findCard(turn: string): Card | undefined;
};

const OPENING = 120;
const PAGE = 80;

/** The end of a long thread, or a page before a place in it, as the real server gives them. */
export function pageOf(
  items: readonly ThreadItem[],
  query: Request["query"],
  head: number,
): { items: readonly ThreadItem[]; head: number; start: number } {
  const after = Number(query.after ?? 0);
  const before = query.before === undefined ? null : Number(query.before);
  const matching = items.filter((item) => (before === null ? item.seq > after : item.seq < before));
  const kept = before !== null ? matching.slice(-PAGE) : after === 0 ? matching.slice(-OPENING) : matching;
  return { items: kept, head, start: kept.length === matching.length ? 0 : (kept[0]?.seq ?? 0) };
}

/** What one does with conversations besides talking. */
export function addKeptRoutes(app: Express, parts: Parts) {
  const { caller, sessionOf, once, requests, views, contents, findCard } = parts;
  app.post("/api/sessions/:id/rename", async (request, response) => {
    const session = sessionOf(request, caller(request));
    const { title } = z.strictObject({ title: z.string().min(1).max(120) }).parse(request.body);
    await once(request, response, 200, () => {
      session.title = title;
      return { id: session.id, title };
    });
  });
  app.get("/api/sessions/:id/transcript", (request, response) => {
    const session = sessionOf(request, caller(request));
    response.json({ name: "talk.md", text: `# ${session.title}\n` });
  });
  app.post("/api/messages/:id/feedback", async (request, response) => {
    caller(request);
    const body = z
      .strictObject({ verdict: z.enum(["up", "down"]).nullable(), comment: z.string().nullable() })
      .parse(request.body);
    await once(request, response, 200, () => {
      requests.push({ method: "FEEDBACK", path: String(request.params.id), body });
      return { message: request.params.id, verdict: body.verdict };
    });
  });
  const grants = new Map<string, object>(
    ["grt_1"].map((id) => [
      id,
      {
        id,
        granter: { id: SOFIA.id, name: SOFIA.name },
        requester: { id: BEN.id, name: BEN.name },
        line: "Change the deal 'Renewal 2027'",
        until: new Date(Date.now() + 3 * 86_400_000).toISOString(),
      },
    ]),
  );
  app.get("/api/grants", (request, response) => {
    caller(request);
    response.json({ grants: [...grants.values()] });
  });
  app.post("/api/grants/:id/revoke", async (request, response) => {
    caller(request);
    const grant = grants.get(String(request.params.id));
    await once(request, response, 200, () => {
      grants.delete(String(request.params.id));
      return grant;
    });
  });
  app.get("/api/cards/:turn/request", (request, response) => {
    const by = caller(request);
    const card = findCard(String(request.params.turn));
    response.json({
      turn: request.params.turn,
      session: card?.requester.id === by.id ? card.session : null,
      author: card?.requester ?? { id: "x", name: "Somebody" },
      text: card?.request ?? "",
      files: [
        { id: "fil_request", name: "invoice.pdf", mediaType: "application/pdf", bytes: 4_000 },
        { id: "fil_photo", name: "receipt.png", mediaType: "image/png", bytes: 70 },
      ],
      at: card?.createdAt ?? new Date().toISOString(),
      replies: [
        { kind: "withheld", id: "msg_w", at: new Date().toISOString() },
        {
          ...{ kind: "said", id: "msg_s", at: new Date().toISOString(), note: null },
          text: "This waits for **a sales manager**. The rule is in the handbook [1].",
          citations: [{ document: "doc_leave", title: "Leave and absence", passage: "p2", quote: "one day" }],
        },
      ],
    });
  });
  app.get("/api/files/:id/content", (request, response) => {
    caller(request);
    const [content] = contents.values();
    if (content === undefined) return void response.status(404).json({ code: "FIL-404" });
    response.type("application/octet-stream").send(Buffer.from(content));
  });
  app.get("/api/files/:id/fields", (request, response) => {
    caller(request);
    const [view] = views.values();
    const file = {
      id: String(request.params.id),
      name: "invoice.pdf",
      mediaType: "application/pdf",
      bytes: 9,
    };
    response.json({
      file,
      ...(view ?? { fields: [], lines: [], pages: [], checks: [], problem: "It is not an invoice." }),
    });
  });
}
