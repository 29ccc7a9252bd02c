import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { IRouter } from "express";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { z } from "zod";
import type { Channel, Delta, Outbound } from "../../src/types/channel.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { createAssets, type PageOptions } from "./assets.ts";
import { type Bucket, createBucket, createSocketLimits, type SocketLimits, takeFrom } from "./rate-limit.ts";
import { createWordsRelay } from "./words-relay.ts";

/** What a socket shows to say who it is: a persona of the demo, or a token. */
export type WebHandshake = {
  readonly as: string | null;
  readonly token: string | null;
  readonly headers: IncomingMessage["headers"];
  readonly address: string;
};

/** Who was let in; `endsAt`: when the proof ends, and with it the socket, unless another is shown before. */
export type WebCaller = { readonly principal: Principal; readonly endsAt: Date | null };

export type WebChannelOptions = {
  /** The server to listen on; left out when it comes later through `attach`. */
  readonly httpServer?: HttpServer;
  /** Null when nobody may be let in; a `StewardError` says why not. */
  authenticate(handshake: WebHandshake): Promise<WebCaller | null>;
  mayWatch(principal: Principal, session: string): Promise<boolean>;
  /** Items with a `seq` above `after`, in order of `seq`, as this person may see them. */
  items(principal: Principal, session: string, after: number): Promise<readonly ThreadItem[]>;
  /** The last sequence of a session, against clients that claim to have more; left out, they are believed. */
  head?(session: string): Promise<number>;
  /** Checks Host and Origin before a socket is opened; without it only the page's own origin gets in. */
  allowRequest?(request: IncomingMessage): boolean | Promise<boolean>;
  readonly cacheDir: string;
  readonly page: PageOptions;
  /** Carries words of a running turn to the other replicas (a socket.io adapter); null or left out on one alone. */
  readonly adapter?: ServerOptions["adapter"] | null;
  /** Whether a proxy stands before the server: then people's addresses are in `X-Forwarded-For`. */
  readonly isBehindProxy?: boolean;
  readonly limits?: Partial<SocketLimits>;
  /** How long a socket outlives its proof; a minute when left out. */
  readonly graceMs?: number;
  /** After how long a proof is looked at again before something is shown; a minute when left out. */
  readonly proofMs?: number;
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
const MAX_WATCHED = 8;
/** Clocks may be apart, and a renewal may be under way when a proof ends. */
const GRACE_MS = 60_000;
const SWEEP_MS = 2_000;
/** A proof may be taken back (signed out, revoked, its person gone) while its socket is open. */
const PROOF_MS = 60_000;
/** Everything that one socket sends, heartbeats included; and what it asks. */
const PACKETS = { burst: 200, perSecond: 20 };
const QUESTIONS = { burst: 20, perSecond: 4 };

const Handshake = z.object({ as: z.string().max(320).optional(), token: z.string().max(4_096).optional() });
const Watch = z.object({
  session: z.string().min(1).max(100),
  lastSeq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});

type Answer = { readonly ok: true } | { readonly code: string };

type Watcher = {
  readonly socket: Socket;
  readonly principal: Principal;
  /** Milliseconds since 1970; null when its proof does not end. */
  end: number | null;
  /** What it came in with, and when that was looked at last. */
  shown: unknown;
  provenAt: number;
  readonly packets: Bucket;
  readonly questions: Bucket;
  /** Session → the sequence up to which this socket has everything, and the work on it, one at a time. */
  readonly watched: Map<string, { cursor: number; work: Promise<void> }>;
};

/** Words are gathered so long before they go to the other replicas: a notification costs more than a word. */
const RELAY_MS = 50;

const roomOf = (session: string) => `session:${session}`;
const personRoom = (id: string) => `person:${id}`;

/**
 * The web channel: socket.io only fans out. What a socket lacks is read from the log, from the sequence it has,
 * in order, so that a drop, a sleep or a retry of the outbox neither loses nor doubles anything, and each watcher
 * gets the items as they may see them.
 */
export function createWebChannel(options: WebChannelOptions): WebChannel {
  const assets = createAssets(options.cacheDir, options.page);
  const watchers = new Map<string, Watcher>();
  const limits = createSocketLimits(options.limits);
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
  if (options.adapter) io.adapter(options.adapter);
  const words = createWordsRelay(io, roomOf, options.adapter ? RELAY_MS : null);
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
    forgetHandshake(socket);
    socket.conn.on("packet", countPacket.bind(null, watcher));
    socket.on("watch", (message: unknown, answer: unknown) => answerTo(watcher, watch, message, answer));
    socket.on("identify", (message: unknown, answer: unknown) =>
      answerTo(watcher, identify, message, answer),
    );
  });

  function countPacket({ socket, packets }: Watcher): void {
    if (takeFrom(packets, PACKETS)) return;
    // Told once, in words that the page can show; a page that goes on like this has to come in anew.
    socket.emit("busy", { code: "API-429" });
    socket.disconnect(true);
  }

  function answerTo(
    watcher: Watcher,
    work: (watcher: Watcher, message: unknown) => Promise<Answer>,
    message: unknown,
    answer: unknown,
  ): void {
    const reply = (body: Answer) => typeof answer === "function" && answer(body);
    if (!takeFrom(watcher.questions, QUESTIONS) || !limits.mayAsk(watcher.principal.id)) {
      reply({ code: "API-429" });
      return;
    }
    work(watcher, message).then(reply, (error) => {
      onError("A socket's question failed", error);
      reply({ code: "API-500" });
    });
  }

  const addressOf = ({ handshake: { address, headers } }: Socket): string => {
    // The last entry is the proxy's own; those before it are whatever was sent.
    const forwarded = options.isBehindProxy
      ? String(headers["x-forwarded-for"] ?? "")
          .split(",")
          .at(-1)
      : "";
    return forwarded?.trim() || address;
  };
  const prove = async (socket: Socket, shown: unknown): Promise<WebCaller | null> => {
    const read = Handshake.safeParse(shown);
    if (!read.success) return null;
    const { as = null, token = null } = read.data;
    const { headers, address } = socket.handshake;
    return await options.authenticate({ as, token, headers, address });
  };

  /** Null when let in, else the code that says why not. */
  async function enter(socket: Socket): Promise<string | null> {
    const address = addressOf(socket);
    if (!limits.mayCome(address)) return "API-429";
    const caller = await prove(socket, socket.handshake.auth);
    if (caller === null) return "AUTH-401";
    const { principal, endsAt } = caller;
    const leave = limits.enter(principal.id, address);
    if (leave === null) return "API-429";
    if (socket.conn.readyState !== "open") {
      leave();
      return "API-400";
    }
    const watcher: Watcher = {
      ...{ socket, principal, end: endOf(endsAt), watched: new Map() },
      ...{ shown: socket.handshake.auth, provenAt: Date.now() },
      ...{ packets: createBucket(PACKETS), questions: createBucket(QUESTIONS) },
    };
    watchers.set(socket.id, watcher);
    // The connection itself, not the socket: it also closes when the last step of letting in fails.
    socket.conn.once("close", () => {
      watchers.delete(socket.id);
      leave();
    });
    await socket.join(personRoom(principal.id));
    return null;
  }

  const endOf = (endsAt: Date | null) =>
    endsAt === null ? null : endsAt.getTime() + (options.graceMs ?? GRACE_MS);
  // A socket lives as long as its proof; a page that is alive shows another one in time. One look at all of them
  // every few seconds, because a timer for each would cost more than the rest of what is kept of it.
  const sweep = setInterval(() => {
    const now = Date.now();
    for (const { end, socket } of watchers.values()) if (end !== null && end < now) socket.disconnect(true);
  }, SWEEP_MS).unref();

  /** Another proof of the same person; anybody else has to come in anew. */
  async function identify(watcher: Watcher, shown: unknown): Promise<Answer> {
    const { socket, principal } = watcher;
    let code = "AUTH-401";
    try {
      const caller = await prove(socket, shown);
      if (caller?.principal.id === principal.id) {
        watcher.end = endOf(caller.endsAt);
        watcher.shown = shown;
        watcher.provenAt = Date.now();
        return { ok: true };
      }
    } catch (error) {
      if (!(error instanceof StewardError) || error.status >= 500) throw error;
      code = error.code;
    }
    // After the answer has left.
    setImmediate(() => socket.disconnect(true));
    return { code };
  }

  /** Whether what it came in with still counts; one that merely ended has its grace, and the sweep. */
  async function isStillLetIn(watcher: Watcher): Promise<boolean> {
    if (Date.now() - watcher.provenAt < (options.proofMs ?? PROOF_MS)) return true;
    try {
      const caller = await prove(watcher.socket, watcher.shown);
      watcher.provenAt = Date.now();
      return caller?.principal.id === watcher.principal.id;
    } catch (error) {
      if (!(error instanceof StewardError) || error.status >= 500) throw error;
      return error.code === "IDN-401";
    }
  }

  async function watch(watcher: Watcher, message: unknown): Promise<Answer> {
    const wish = Watch.safeParse(message);
    if (!wish.success) return { code: "API-400" };
    const { session, lastSeq } = wish.data;
    if (!(await options.mayWatch(watcher.principal, session))) return { code: "SES-404" };
    const { watched, socket } = watcher;
    // Who claims to have more than there is gets everything: it is mistaken about the rest as well.
    const head = lastSeq > 0 && options.head ? await options.head(session) : lastSeq;
    watched.delete(session);
    watched.set(session, { cursor: lastSeq > head ? 0 : lastSeq, work: Promise.resolve() });
    for (const oldest of watched.keys()) {
      if (watched.size <= MAX_WATCHED) break;
      watched.delete(oldest);
      await socket.leave(roomOf(oldest));
    }
    // Joined before reading: what is said in between is read by the next post.
    await socket.join(roomOf(session));
    await bring(watcher, session);
    const said = words.catchUp(session);
    if (said !== null) socket.emit("delta", said);
    return { ok: true };
  }

  /**
   * Brings a socket up to the log, one reading at a time; reads nothing when it has everything up to `seq` already.
   * Throws when the log cannot be read.
   */
  function bring(watcher: Watcher, session: string, seq = Number.POSITIVE_INFINITY): Promise<void> {
    const place = watcher.watched.get(session);
    if (place === undefined) return Promise.resolve();
    const read = async () => {
      if (place.cursor >= seq) return;
      if (!(await isStillLetIn(watcher))) {
        watcher.socket.disconnect(true);
        return;
      }
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
        // Each replica hears of what is new by itself, and tells its own.
        io.local.to(personRoom(thread.conversation)).emit("approvals", {});
        return;
      }
      const session = thread.thread;
      if (item.kind === "message" && item.author.isAssistant) words.said(session, item.turn);
      if (item.kind === "turn" && item.status !== "running") words.over(session);
      const room = io.sockets.adapter.rooms.get(roomOf(session)) ?? new Set<string>();
      const present = [...room].flatMap((id) => watchers.get(id) ?? []);
      await Promise.all(present.map((watcher) => bring(watcher, session, item.seq)));
    },

    stream: (delta: Delta) => words.say(delta),

    async stop() {
      words.stop();
      clearInterval(sweep);
      await io.close();
    },
  };
}

/** What another proof is checked against; the rest of what came with the first request is some kilobytes a socket. */
const KEPT_HEADERS = ["host", "origin", "sec-fetch-site", "forwarded", "x-forwarded-for"] as const;

function forgetHandshake(socket: Socket): void {
  const { headers } = socket.handshake;
  socket.handshake.headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  socket.handshake.auth = {};
  socket.handshake.query = {};
  (socket.conn as { request: unknown }).request = null;
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
