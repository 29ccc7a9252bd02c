import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { IRouter } from "express";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { z } from "zod";
import type { Channel, Delta, Outbound } from "../../src/types/channel.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { createAssets, type PageOptions } from "./assets.ts";
import { createCounter, createRateLimit } from "./rate-limit.ts";
import { createStreamBuffer } from "./stream-buffer.ts";

/** What a socket shows to say who it is: a persona of the demo, or a token. */
export type WebHandshake = {
  readonly as: string | null;
  readonly token: string | null;
  readonly headers: IncomingMessage["headers"];
  readonly address: string;
};

export type WebChannelOptions = {
  /** The server to listen on; left out when it comes later through `attach`. */
  readonly httpServer?: HttpServer;
  /** Null when nobody may be let in; a `StewardError` says why not. */
  authenticate(handshake: WebHandshake): Promise<Principal | null>;
  mayWatch(principal: Principal, session: string): Promise<boolean>;
  /** Items with a `seq` above `after`, in order of `seq`, as this person may see them. */
  items(principal: Principal, session: string, after: number): Promise<readonly ThreadItem[]>;
  /** Checks Host and Origin before a socket is opened; without it only the page's own origin gets in. */
  allowRequest?(request: IncomingMessage): boolean | Promise<boolean>;
  readonly cacheDir: string;
  readonly page: PageOptions;
  /** Told what went wrong, never with secrets. */
  onError?(what: string, error: unknown): void;
};

export type WebChannel = Channel & {
  /** Mounts the page and its assets on the server's app or on a router of its own. */
  assets(app: IRouter): void;
  /** Takes the sockets of a server that was not there yet when the channel was made. */
  attach(httpServer: HttpServer): void;
  /** Resolves when the page's bundle is there. */
  readonly ready: Promise<unknown>;
};

const MAX_MESSAGE_BYTES = 16_384;
const MAX_SOCKETS_PER_PERSON = 100;
const MAX_SOCKETS_PER_ADDRESS = 1_000;
const MAX_WATCHED = 8;

const Handshake = z.object({ as: z.string().max(320).optional(), token: z.string().max(4_096).optional() });
const Watch = z.object({
  session: z.string().min(1).max(100),
  lastSeq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});

type Watcher = {
  readonly socket: Socket;
  readonly principal: Principal;
  /** Session → the sequence up to which this socket has everything, and the work on it, one at a time. */
  readonly watched: Map<string, { cursor: number; work: Promise<void> }>;
};

const roomOf = (session: string) => `session:${session}`;
const personRoom = (id: string) => `person:${id}`;

/**
 * The web channel: socket.io only fans out. What a socket lacks is read from the log, from the sequence it has,
 * in order, so that a drop, a sleep or a retry of the outbox neither loses nor doubles anything, and each watcher
 * gets the items as they may see them.
 */
export function createWebChannel(options: WebChannelOptions): WebChannel {
  const assets = createAssets(options.cacheDir, options.page);
  const buffer = createStreamBuffer();
  const watchers = new Map<string, Watcher>();
  const perPerson = createCounter(MAX_SOCKETS_PER_PERSON);
  const perAddress = createCounter(MAX_SOCKETS_PER_ADDRESS);
  const onError = options.onError ?? (() => {});

  const settings: Partial<ServerOptions> = {
    path: "/socket.io",
    serveClient: false,
    // Where a proxy forbids sockets, the page asks over HTTP by sequence: no second transport is needed.
    transports: ["websocket"],
    // Measured: deflate costs nine times the memory per idle connection.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => {
      Promise.resolve((options.allowRequest ?? isSameOrigin)(request)).then(
        (isAllowed) => decide(isAllowed ? null : "This origin may not connect.", isAllowed),
        () => decide("This origin could not be checked.", false),
      );
    },
  };
  const io = new Server(settings);
  if (options.httpServer) io.attach(options.httpServer, settings);

  io.use((socket, next) => {
    enter(socket).then(
      (code) => next(code === null ? undefined : Object.assign(new Error(code), { data: { code } })),
      (error) => {
        if (error instanceof StewardError && error.status < 500) {
          return next(Object.assign(new Error(error.code), { data: { code: error.code } }));
        }
        onError("A socket could not be let in", error);
        next(Object.assign(new Error("API-500"), { data: { code: "API-500" } }));
      },
    );
  });
  io.on("connection", (socket) => {
    const watcher = watchers.get(socket.id);
    if (watcher === undefined) return;
    const isAllowed = createRateLimit(20, 4);
    socket.on("watch", (message: unknown, answer: unknown) => {
      const reply = (body: { ok: true } | { code: string }) => typeof answer === "function" && answer(body);
      if (!isAllowed()) return reply({ code: "API-429" });
      watch(watcher, message).then(reply, (error) => {
        onError("A conversation could not be watched", error);
        reply({ code: "API-500" });
      });
    });
  });

  /** Null when let in, else the code that says why not. */
  async function enter(socket: Socket): Promise<string | null> {
    const { auth, headers, address } = socket.handshake;
    const shown = Handshake.safeParse(auth);
    if (!shown.success) return "AUTH-401";
    const { as = null, token = null } = shown.data;
    const principal = await options.authenticate({ as, token, headers, address });
    if (principal === null) return "AUTH-401";
    if (!perAddress.enter(address)) return "API-429";
    if (!perPerson.enter(principal.id)) {
      perAddress.leave(address);
      return "API-429";
    }
    if (socket.conn.readyState !== "open") {
      perAddress.leave(address);
      perPerson.leave(principal.id);
      return "API-400";
    }
    watchers.set(socket.id, { socket, principal, watched: new Map() });
    // The connection itself, not the socket: it also closes when the last step of letting in fails.
    socket.conn.once("close", () => {
      watchers.delete(socket.id);
      perAddress.leave(address);
      perPerson.leave(principal.id);
    });
    await socket.join(personRoom(principal.id));
    return null;
  }

  async function watch(watcher: Watcher, message: unknown): Promise<{ ok: true } | { code: string }> {
    const wish = Watch.safeParse(message);
    if (!wish.success) return { code: "API-400" };
    const { session, lastSeq } = wish.data;
    if (!(await options.mayWatch(watcher.principal, session))) return { code: "SES-404" };
    const { watched, socket } = watcher;
    watched.delete(session);
    watched.set(session, { cursor: lastSeq, work: Promise.resolve() });
    for (const oldest of watched.keys()) {
      if (watched.size <= MAX_WATCHED) break;
      watched.delete(oldest);
      await socket.leave(roomOf(oldest));
    }
    // Joined before reading: what is said in between is read by the next post.
    await socket.join(roomOf(session));
    await bring(watcher, session);
    const words = buffer.catchUp(session);
    if (words !== null) socket.emit("delta", words);
    return { ok: true };
  }

  /** Brings a socket up to the log, one reading at a time. Throws when the log cannot be read. */
  function bring(watcher: Watcher, session: string): Promise<void> {
    const place = watcher.watched.get(session);
    if (place === undefined) return Promise.resolve();
    const read = async () => {
      const items = await options.items(watcher.principal, session, place.cursor);
      for (const item of items) {
        watcher.socket.emit("item", { session, item });
        place.cursor = Math.max(place.cursor, item.seq);
      }
    };
    const work = place.work.then(read);
    place.work = work.catch(() => {});
    return work;
  }

  return {
    name: "web",
    capabilities: { streaming: true, edits: true },
    ready: assets.ready,
    assets: assets.mount,
    attach: (httpServer) => void io.attach(httpServer, settings),

    async start() {
      // Messages come over HTTP, where each has an idempotency key; sockets only watch.
      await assets.ready;
    },

    async post({ thread, item }: Outbound) {
      if (thread.thread === "approvals") {
        io.to(personRoom(thread.conversation)).emit("approvals", {});
        return;
      }
      const session = thread.thread;
      if (item.kind === "message" && item.author.isAssistant) buffer.said(session, item.turn);
      if (item.kind === "turn" && item.status !== "running") buffer.over(session);
      const room = io.sockets.adapter.rooms.get(roomOf(session)) ?? new Set<string>();
      const present = [...room].flatMap((id) => watchers.get(id) ?? []);
      await Promise.all(present.map((watcher) => bring(watcher, session)));
    },

    stream(delta: Delta) {
      const wired = buffer.add(delta);
      io.to(roomOf(delta.session)).emit("delta", wired);
    },

    async stop() {
      await io.close();
    },
  };
}

/** A browser's request from another origin says so; one without an origin is not from a page. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
