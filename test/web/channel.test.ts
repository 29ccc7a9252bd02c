import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CONTENT_SECURITY_POLICY, renderPage } from "../../channels/web/assets.ts";
import { buildBundle } from "../../channels/web/bundle.ts";
import { newId } from "../../src/types/ids.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { dealItem } from "./cards.ts";
import { createFakeServer, type FakeServer, TOKEN } from "./fake-server.ts";
import { BEN, SOFIA } from "./people.ts";

let cacheDir: string;
let server: FakeServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "steward-widget-"));
  server = await createFakeServer({ cacheDir });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(async () => {
  await server.close();
  await rm(cacheDir, { recursive: true });
});

type Client = Socket & { got: { session: string; item: ThreadItem }[]; deltas: unknown[]; hints: number };

function connect(auth: object, options: object = {}): Client {
  const socket = io(server.url, {
    auth,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  const client = Object.assign(socket, { got: [] as Client["got"], deltas: [] as unknown[], hints: 0 });
  socket.on("item", (message: Client["got"][number]) => client.got.push(message));
  socket.on("delta", (delta: unknown) => client.deltas.push(delta));
  socket.on("approvals", () => client.hints++);
  sockets.push(socket);
  return client;
}
const watch = (
  socket: Socket,
  session: string,
  lastSeq: unknown = 0,
): Promise<{ ok?: true; code?: string }> => socket.timeout(5_000).emitWithAck("watch", { session, lastSeq });
const settle = () => new Promise((resolve) => setTimeout(resolve, 60));
const seqs = (client: Client) => client.got.map((each) => each.item.seq);
const failure = (socket: Socket) =>
  new Promise<string>((resolve) =>
    socket.on("connect_error", (error: Error & { data?: { code?: string } }) =>
      resolve(error.data?.code ?? error.message),
    ),
  );

describe("the socket", () => {
  test("nobody is let in without a name or with an unknown one", async () => {
    for (const auth of [{}, { as: "nobody@brightwell.example" }, { as: 7 }, { as: "x".repeat(1_000) }]) {
      expect(await failure(connect(auth))).toBe("AUTH-401");
    }
  });
  test("another's conversation cannot be watched, and nothing of it arrives", async () => {
    const session = server.store.begin(BEN.id, "mine");
    await server.say(session, "t", "secret");
    const sofia = connect({ as: SOFIA.id });
    expect(await watch(sofia, session.id)).toEqual({ code: "SES-404" });
    await server.say(session, "t", "more");
    server.stream(session, "t", "words");
    await settle();
    expect([sofia.got, sofia.deltas]).toEqual([[], []]);
  });
  test("what is missing comes first, in order, and then what happens", async () => {
    const session = server.store.begin(BEN.id, "mine");
    for (const text of ["a", "b", "c"]) await server.say(session, "t", text);
    const [, second] = server.store.itemsAfter(session.id, 0);
    const ben = connect({ as: BEN.id });
    expect(await watch(ben, session.id, second?.seq)).toEqual({ ok: true });
    await server.say(session, "t", "d");
    await settle();
    expect(seqs(ben)).toEqual(server.store.itemsAfter(session.id, second?.seq ?? 0).map((item) => item.seq));
  });
  test("an item whose post failed or came late is not lost", async () => {
    const session = server.store.begin(BEN.id, "mine");
    const ben = connect({ as: BEN.id });
    await watch(ben, session.id);
    const words = (text: string) =>
      ({
        kind: "message",
        id: newId("msg"),
        author: { id: "s", name: "S", isAssistant: true },
        text,
        files: [],
        citations: [],
        turn: null,
        note: null,
      }) as const;
    server.store.append(session, words("never posted"));
    await server.say(session, "t", "posted");
    await settle();
    expect(ben.got.map(({ item }) => (item.kind === "message" ? item.text : ""))).toEqual([
      "never posted",
      "posted",
    ]);
  });
  test("many posts at once reach every tab once each and in order", async () => {
    const session = server.store.begin(BEN.id, "mine");
    const tabs = [connect({ as: BEN.id }), connect({ as: BEN.id }), connect({ as: BEN.id })];
    for (const tab of tabs) await watch(tab, session.id);
    await Promise.all(Array.from({ length: 30 }, (_, i) => server.say(session, "t", String(i))));
    await settle();
    const wanted = server.store.itemsAfter(session.id, 0).map((item) => item.seq);
    for (const tab of tabs) expect(seqs(tab)).toEqual(wanted);
  });
  test("random drops lose nothing, double nothing and keep the order", async () => {
    const session = server.store.begin(BEN.id, "mine");
    let last = 0;
    const seen: number[] = [];
    for (let round = 0; round < 12; round++) {
      const ben = connect({ as: BEN.id });
      ben.on("item", ({ item }: { item: ThreadItem }) => {
        seen.push(item.seq);
        last = item.seq;
      });
      const watching = watch(ben, session.id, last);
      await server.say(session, "t", `before ${round}`);
      await watching;
      await server.say(session, "t", `after ${round}`);
      if (round % 3 !== 0) await settle();
      ben.close();
      await server.say(session, "t", `while away ${round}`);
    }
    const ben = connect({ as: BEN.id });
    ben.on("item", ({ item }: { item: ThreadItem }) => seen.push(item.seq));
    await watch(ben, session.id, last);
    await settle();
    expect(seen).toEqual(server.store.itemsAfter(session.id, 0).map((item) => item.seq));
  });
  test("who joins in the middle of an answer gets its words from the start", async () => {
    const session = server.store.begin(BEN.id, "mine");
    server.stream(session, "t", "You ");
    server.stream(session, "t", "have ");
    const ben = connect({ as: BEN.id });
    await watch(ben, session.id);
    server.stream(session, "t", "25");
    await settle();
    expect(ben.deltas).toMatchObject([
      { text: "You have ", offset: 0 },
      { text: "25", offset: 9 },
    ]);
  });
  test("a hint of approvals reaches that person only", async () => {
    const [ben, sofia] = [connect({ as: BEN.id }), connect({ as: SOFIA.id })];
    await Promise.all([ben, sofia].map((each) => watch(each, "none")));
    await server.hint(SOFIA.id);
    await settle();
    expect([ben.hints, sofia.hints]).toEqual([0, 1]);
  });
  test("each watcher gets a card as they may see it", async () => {
    const session = server.store.begin(BEN.id, "mine");
    const ben = connect({ as: BEN.id });
    await watch(ben, session.id);
    await server.card(session, newId("trn"), "Change it", [dealItem()]);
    await settle();
    expect(ben.got[0]?.item).toMatchObject({ card: { items: [{ mayDecide: false, editable: [] }] } });
  });
  test("nonsense is answered with a code, also when no answer is wanted", async () => {
    const ben = connect({ as: BEN.id });
    const ask = (message: unknown) => ben.timeout(5_000).emitWithAck("watch", message);
    for (const message of [
      null,
      5,
      {},
      { session: 5, lastSeq: 0 },
      { session: "x", lastSeq: -1 },
      { session: "x", lastSeq: 1.5 },
    ]) {
      expect(await ask(message)).toEqual({ code: "API-400" });
    }
    ben.emit("watch");
    ben.emit("watch", "x", "y", "z");
    expect(await watch(ben, "none")).toEqual({ code: "SES-404" });
  });
  test("a flood is answered with a code that says to wait", async () => {
    const ben = connect({ as: BEN.id });
    const answers = await Promise.all(Array.from({ length: 60 }, () => watch(ben, "none")));
    expect(answers.filter((answer) => answer.code === "API-429").length).toBeGreaterThan(30);
  });
  test("a message over the limit ends the connection", async () => {
    const ben = connect({ as: BEN.id });
    await watch(ben, "none");
    const gone = new Promise((resolve) => ben.on("disconnect", resolve));
    ben.emit("watch", { session: "x".repeat(20_000), lastSeq: 0 });
    expect(await gone).toMatch(/transport/);
  });
  test("the hundred and first tab of one person waits", async () => {
    const tabs = Array.from({ length: 101 }, () => connect({ as: SOFIA.id }));
    const codes = await Promise.all(
      tabs.map((tab) =>
        Promise.race([
          failure(tab),
          new Promise<string>((resolve) => tab.on("connect", () => resolve("in"))),
        ]),
      ),
    );
    expect(codes.filter((code) => code === "in")).toHaveLength(100);
    expect(codes.filter((code) => code === "API-429")).toHaveLength(1);
    for (const tab of tabs) tab.close();
    await settle();
    const again = connect({ as: SOFIA.id });
    await new Promise((resolve) => again.on("connect", () => resolve(null)));
  });
  test("frames are not compressed, which would cost nine times the memory", async () => {
    const ben = connect({ as: BEN.id });
    await watch(ben, "none");
    const engine = (ben.io.engine as unknown as { transport: { ws: { extensions: string } } }).transport.ws;
    expect(engine.extensions).not.toContain("permessage-deflate");
  });
});

describe("the page", () => {
  test("is served with a policy that allows nothing inline and nothing from elsewhere", async () => {
    const page = await fetch(server.url);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*/);
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/);
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await fetch(server.url + path);
      expect([asset.status, asset.headers.get("x-content-type-options")]).toEqual([200, "nosniff"]);
    }
  });
  test("its script builds no HTML and no code from text", async () => {
    const { files, loader } = await buildBundle(cacheDir);
    for (const script of [loader, ...Object.values(files)]) {
      expect(script).not.toMatch(
        /\beval\(|new Function|document\.write|insertAdjacentHTML|\.outerHTML|createContextualFragment/,
      );
    }
  });
  test("names from outside are written as text", () => {
    const html = renderPage(
      '<div data-page=""></div>',
      { page: "p.js", css: "p.css" },
      { mode: "demo", personas: ['"><script>', "b"] },
    );
    expect(html).toBe('<div data-mode="demo" data-left="&#34;&#62;&#60;script&#62;" data-right="b"></div>');
  });
  test("an asset that does not exist is not found", async () => {
    expect((await fetch(`${server.url}/assets/..%2fserver.ts`)).status).toBe(404);
    expect((await fetch(`${server.url}/assets/page-0.js`)).status).toBe(404);
  });
  test("the bundle is taken from the cache, and made anew when the cache is broken", async () => {
    const { writeFile, readdir } = await import("node:fs/promises");
    const first = await buildBundle(cacheDir);
    expect(await buildBundle(cacheDir)).toEqual(first);
    for (const name of await readdir(cacheDir)) await writeFile(join(cacheDir, name), "{half");
    expect(await buildBundle(cacheDir)).toEqual(first);
    const [file] = await readdir(cacheDir);
    expect((await buildBundle(join(cacheDir, String(file)))).hash).toBe(first.hash);
  });
});

test("with tokens, a name alone lets nobody in", async () => {
  const own = await createFakeServer({ cacheDir, mode: "token" });
  const open = (auth: object) => {
    const socket = io(own.url, { auth, transports: ["websocket"], forceNew: true, reconnection: false });
    sockets.push(socket);
    return socket;
  };
  expect(await failure(open({ as: BEN.id }))).toBe("AUTH-401");
  expect(await failure(open({ token: "stw_other" }))).toBe("AUTH-401");
  await new Promise((resolve) => open({ token: TOKEN }).on("connect", () => resolve(null)));
  await own.close();
});
