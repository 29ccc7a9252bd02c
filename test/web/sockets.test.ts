import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createWebChannel, type WebCaller, type WebChannelOptions } from "../../channels/web/server.ts";
import { createRedisRelay, createSocketRelay } from "../../src/compose/create-socket-relay.ts";
import { migrate } from "../../src/store/migrate.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { databaseKinds, freshPostgresUrl } from "../setup/database.ts";
import { freePort } from "../setup/free-port.ts";
import { hasRedis } from "../setup/redis.ts";
import { BEN, SOFIA } from "./people.ts";

let cacheDir: string;
const ends: (() => Promise<unknown> | unknown)[] = [];
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "steward-sockets-"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => await rm(cacheDir, { recursive: true }));

const item = (seq: number): ThreadItem => ({
  ...{ kind: "message", seq, id: `msg_${seq}`, at: "2026-01-05T10:00:00.000Z", turn: "t", note: null },
  ...{
    author: { id: "steward", name: "Steward", isAssistant: true },
    text: `${seq}`,
    files: [],
    citations: [],
  },
});
const items = [1, 2, 3].map(item);
/** Tokens are `<person>/<milliseconds left>`. */
const proof = async ({ token }: { token: string | null }): Promise<WebCaller | null> => {
  const [who, left] = (token ?? "").split("/");
  if (Number(left) < 0) throw new StewardError("IDN-401");
  const principal = [BEN, SOFIA].find((each) => each.id === who);
  return principal ? { principal, endsAt: left ? new Date(Date.now() + Number(left)) : null } : null;
};

async function serve(over: Partial<WebChannelOptions> = {}) {
  const httpServer = createServer();
  const channel = createWebChannel({
    ...{ httpServer, cacheDir, page: { mode: "token" as const } },
    authenticate: proof,
    mayWatch: async () => true,
    items: async (_who, _session, after) => items.filter((each) => each.seq > after),
    head: async () => 3,
    ...over,
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  ends.push(() => channel.stop());
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const connect = (token: string, more: object = {}): Socket => {
    const socket = io(url, {
      auth: { token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      ...more,
    });
    ends.push(() => socket.close());
    return socket;
  };
  return { channel, connect };
}
const connected = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.on("connect", () => resolve("in"));
    socket.on("connect_error", (error: Error & { data?: { code?: string } }) =>
      resolve(error.data?.code ?? error.message),
    );
  });
const ask = (socket: Socket, event: string, body: unknown) => socket.timeout(5_000).emitWithAck(event, body);
const gone = (socket: Socket) => new Promise((resolve) => socket.on("disconnect", resolve));

describe("a socket's proof", () => {
  test("is refused by its own code when it has ended", async () => {
    const { connect } = await serve();
    expect(await connected(connect(`${BEN.id}/-1`))).toBe("IDN-401");
    expect(await connected(connect("nobody"))).toBe("AUTH-401");
  });
  test("ends the socket soon after it ended itself, and another one keeps it", async () => {
    const { connect } = await serve({ graceMs: 100 });
    const [short, renewed] = [connect(`${BEN.id}/500`), connect(`${BEN.id}/500`)];
    await Promise.all([short, renewed].map(connected));
    const left = gone(short);
    expect(short.connected).toBe(true);
    expect(await ask(renewed, "identify", { token: `${BEN.id}/60000` })).toEqual({ ok: true });
    await left;
    expect(renewed.connected).toBe(true);
  });
  test("can be shown anew by the same person and nobody else", async () => {
    const { connect } = await serve();
    const ben = connect(`${BEN.id}/1000`);
    await connected(ben);
    expect(await ask(ben, "identify", { token: `${BEN.id}/60000` })).toEqual({ ok: true });
    for (const token of [`${SOFIA.id}/60000`, `${BEN.id}/-1`, "x", 7]) {
      const socket = connect(`${BEN.id}/1000`);
      await connected(socket);
      const left = gone(socket);
      expect(await ask(socket, "identify", { token })).toMatchObject({
        code: expect.stringMatching(/^(?:AUTH|IDN)-401$/),
      });
      await left;
    }
  });
});

describe("a client that lies or floods", () => {
  test("about its sequence gets all there is, or a code, and never waits for ever", async () => {
    const { connect } = await serve();
    const ben = connect(BEN.id);
    const got: number[] = [];
    ben.on("item", (message: { item: ThreadItem }) => got.push(message.item.seq));
    for (const lastSeq of [4, 1e9, Number.MAX_SAFE_INTEGER]) {
      got.length = 0;
      expect(await ask(ben, "watch", { session: "s", lastSeq })).toEqual({ ok: true });
      expect(got).toEqual([1, 2, 3]);
    }
    for (const lastSeq of [-1, 1.5, "3", "' or 1=1", null, 2 ** 53, [1], {}]) {
      expect(await ask(ben, "watch", { session: "s", lastSeq })).toEqual({ code: "API-400" });
    }
  });
  test("with packets of any kind is told once and closed, and may come back", async () => {
    const { connect } = await serve();
    const ben = connect(BEN.id);
    await connected(ben);
    const told = new Promise((resolve) => ben.on("busy", resolve));
    const left = gone(ben);
    for (let i = 0; i < 400; i++) ben.emit("nonsense", i);
    expect(await told).toEqual({ code: "API-429" });
    await left;
    expect(await connected(connect(BEN.id))).toBe("in");
  });
  test("from many tabs of one person is slowed down as one person, others are not", async () => {
    const { connect } = await serve({ limits: { askingBurst: 30, askingPerSecond: 1 } });
    const tabs = Array.from({ length: 10 }, () => connect(BEN.id));
    await Promise.all(tabs.map(connected));
    const answers = await Promise.all(
      tabs.flatMap((tab) =>
        Array.from({ length: 10 }, () => ask(tab, "watch", { session: "s", lastSeq: 0 })),
      ),
    );
    expect(answers.filter((answer) => answer.ok).length).toBeLessThan(40);
    expect(answers.filter((answer) => answer.code === "API-429").length).toBeGreaterThan(55);
    expect(await ask(connect(SOFIA.id), "watch", { session: "s", lastSeq: 0 })).toEqual({ ok: true });
  });
  test("from one address comes in no faster than allowed; behind a proxy each person's address counts", async () => {
    const direct = await serve({ limits: { comingBurst: 3, comingPerSecond: 0.01 } });
    const codes = await Promise.all(Array.from({ length: 5 }, () => connected(direct.connect(BEN.id))));
    expect(codes.filter((code) => code === "API-429")).toHaveLength(2);
    const behind = await serve({ isBehindProxy: true, limits: { comingBurst: 3, comingPerSecond: 0.01 } });
    const from = (address: string) =>
      connected(behind.connect(BEN.id, { extraHeaders: { "x-forwarded-for": address } }));
    const mixed = await Promise.all(Array.from({ length: 6 }, (_, i) => from(`10.0.0.9, 203.0.113.${i}`)));
    expect(mixed.every((code) => code === "in")).toBe(true);
    const same = await Promise.all(Array.from({ length: 5 }, (_, i) => from(`10.0.0.${i}, 198.51.100.7`)));
    expect(same.filter((code) => code === "API-429")).toHaveLength(2);
  });
});

type MakeRelay = () => ReturnType<typeof createSocketRelay>;

async function overPostgres(): Promise<MakeRelay> {
  const { url, drop } = await freshPostgresUrl();
  const db = await connectPostgres(url, 2);
  await migrate(db);
  ends.push(drop, () => db.close());
  return async () => await createSocketRelay(url, createLog("silent"));
}

/** A Redis server of its own, on a port that was free a moment ago. */
async function overRedis(): Promise<MakeRelay> {
  const port = await freePort();
  const server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], {
    stdio: "ignore",
  });
  ends.push(async () => void server.kill("SIGKILL"));
  return async () => await createRedisRelay(`redis://127.0.0.1:${port}`, createLog("silent"));
}

const RELAYS = [
  ...(databaseKinds().includes("postgres") ? [["the database", overPostgres] as const] : []),
  ...(hasRedis() ? [["Redis", overRedis] as const] : []),
];

describe.each(RELAYS)("two replicas over %s", (_, over) => {
  test("show each other's words as they are written, also to who joins in the middle", async () => {
    const make = await over();
    const replica = async () => {
      const relay = await make();
      ends.push(relay.stop);
      return await serve({ adapter: relay.adapter, items: async () => [], head: async () => 0 });
    };
    const [a, b] = [await replica(), await replica()];
    const ben = b.connect(BEN.id);
    let text = "";
    ben.on("delta", (words: { text: string; offset: number }) => {
      text = text.slice(0, words.offset) + words.text;
    });
    await ask(ben, "watch", { session: "s", lastSeq: 0 });
    const say = (words: string) => a.channel.stream?.({ session: "s", turn: "t", text: words, step: null });
    // The replicas find each other within moments of their start.
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const words of ["You ", "have ", "25 ", "days."]) say(words);
    await vi.waitFor(() => expect(text).toBe("You have 25 days."), 5_000);
    const late = b.connect(BEN.id);
    const first = new Promise((resolve) => late.once("delta", resolve));
    await ask(late, "watch", { session: "s", lastSeq: 0 });
    expect(await first).toMatchObject({ text: "You have 25 days.", offset: 0 });
  });
});
