import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express, type RequestHandler, type Router } from "express";
import { type Authenticate, createAuthenticate, isLoopback } from "./api/authenticate.ts";
import { createBackupRoute } from "./api/backup-route.ts";
import { createHostCheck, type HostCheck, type HostCheckOptions } from "./api/host-check.ts";
import type { Identity } from "./api/identity/identity.ts";
import { createIdentityRouter } from "./api/identity/identity-router.ts";
import type { SignInOptions } from "./api/identity/sign-in.ts";
import { createOperations, createProbes } from "./api/operations.ts";
import type { ApiPorts } from "./api/ports.ts";
import { createProblemHandler } from "./api/problem-handler.ts";
import { createRateLimit, type RateLimit } from "./api/rate-limit.ts";
import { createRequestHandler } from "./api/request-handler.ts";
import { ALL_ROUTES } from "./api/routes/all-routes.ts";
import { securityHeaders } from "./api/security-headers.ts";
import type { Db } from "./store/db.ts";
import { forgetAnswers } from "./store/idempotency/idempotency.ts";
import type { Log } from "./telemetry/log.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import { StewardError } from "./types/steward-error.ts";

export type AppOptions = HostCheckOptions & {
  readonly db: Db;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
  readonly isDemo: boolean;
  readonly allowRemoteDemo: boolean;
  /** Secret of server.json, for the command line on the same machine; null when there is none. */
  readonly localSecret: string | null;
  /** Pages and scripts of the web channel: served before the API, with the same headers. */
  readonly pages: Router | null;
  /** People who come through pages of sites. */
  readonly identity?: Identity | null;
  /** Signing in with a company account; null when it is not set up. */
  readonly signIn?: SignInOptions | null;
  readonly limits?: { readonly reads: RateLimit; readonly writes: RateLimit };
};

export type App = {
  readonly app: Express;
  /** For channels that speak other than HTTP (socket.io's handshake). */
  readonly authenticate: Authenticate;
  readonly hostCheck: HostCheck;
};

/** Enough for a quick hand on two pages and a script beside them; far below what would hurt. */
const LIMITS = { reads: { burst: 400, perSecond: 40 }, writes: { burst: 100, perSecond: 10 } };
const MAX_JSON_BYTES = 1024 * 1024;

/** The HTTP side of an installation: pages, API, health and metrics. Listens to nothing yet. */
export function createApp(ports: ApiPorts, options: AppOptions): App {
  const { db, log, metrics } = options;
  const authenticate = createAuthenticate({ ...options, findPerson: ports.findPerson });
  const { identity = null, signIn = null } = options;
  const hostCheck = createHostCheck({ ...options, isSiteOrigin: identity?.isSiteOrigin });
  const limits = options.limits ?? LIMITS;
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.set("etag", false);

  app.use(begin(metrics));
  app.use(securityHeaders(options.publicUrl?.startsWith("https:") ?? false));
  app.use(createProbes(ports, options));
  app.use(checkHost(hostCheck));
  app.use(createOperations({ ...options, authenticate }));
  app.use(createBackupRoute(ports, authenticate));
  if (identity) app.use(createIdentityRouter({ identity, signIn, findPerson: ports.findPerson, log }));
  if (options.pages) app.use(options.pages);
  const handle = createRequestHandler({
    ports,
    db,
    isDemo: options.isDemo,
    authenticate,
    readLimit: createRateLimit(limits.reads),
    writeLimit: createRateLimit(limits.writes),
    maxJsonBytes: MAX_JSON_BYTES,
  });
  for (const route of ALL_ROUTES) app[route.method](route.path, handle(route));
  app.use(() => {
    throw new StewardError("API-404");
  });
  app.use(createProblemHandler(log));
  return { app, authenticate, hostCheck };
}

/** An id for the request, and its time for the metrics. */
function begin(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const from = performance.now();
    response.locals.requestId = randomUUID();
    response.setHeader("X-Request-Id", response.locals.requestId);
    response.on("finish", () => {
      metrics.httpAnswered({
        method: request.method,
        route: String(response.locals.route ?? "other"),
        status: response.statusCode,
        durationMs: performance.now() - from,
      });
    });
    next();
  };
}

/** Refuses foreign hosts and origins; answers the preflights of the sites that were allowed. */
function checkHost(hostCheck: HostCheck): RequestHandler {
  return (request, response, next) => {
    const wrongHost = hostCheck.hostRefusal(request);
    if (wrongHost !== null) throw new StewardError("API-403", wrongHost);
    // Code that is the same for everybody, and says by itself what a page may not.
    if (request.method === "GET" && isPublicFile(request.path)) return next();
    const refusal = hostCheck.refusal(request);
    if (refusal !== null) throw new StewardError("API-403", refusal);
    const foreign = hostCheck.foreignOrigin(request);
    if (foreign !== null) {
      response.setHeader("Access-Control-Allow-Origin", foreign);
      response.setHeader("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
      response.vary("Origin");
      if (request.method === "OPTIONS") {
        response.setHeader("Access-Control-Allow-Methods", "GET, POST");
        response.setHeader(
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Idempotency-Key, X-Steward-As",
        );
        response.setHeader("Access-Control-Max-Age", "600");
        response.status(204).end();
        return;
      }
    }
    next();
  };
}

const isPublicFile = (path: string) => path === "/widget.js" || path.startsWith("/assets/");

/** A new secret for server.json. */
export function newLocalSecret(): string {
  return randomBytes(32).toString("base64url");
}

export type ListenOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly isDemo: boolean;
  readonly allowRemoteDemo: boolean;
  readonly db: Db;
  readonly log: Log;
};

export type Listening = { readonly url: string; readonly server: Server; close(): Promise<void> };

const FORGET_EVERY_MS = 60 * 60_000;
const KEEP_ANSWERS_HOURS = 24;
/** Slowest upload that is waited for: 20 MB over a poor line. */
const REQUEST_TIMEOUT_MS = 180_000;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Listens. Throws SRV-403 when the demo, where everybody may be anyone, would be open to other machines without
 * being told so, and SRV-409 when the address is taken.
 */
export async function listen(
  handler: (request: IncomingMessage, response: import("node:http").ServerResponse) => void,
  options: ListenOptions,
): Promise<Listening> {
  const { host, isDemo, allowRemoteDemo } = options;
  if (isDemo && !allowRemoteDemo && host !== "localhost" && !isLoopback(host)) {
    throw new StewardError(
      "SRV-403",
      `The demo was told to listen on ${host}, where others could act as anyone.`,
    );
  }
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: 30_000, keepAliveTimeout: 65_000 },
    handler,
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new StewardError("SRV-409", `${host}:${options.port} is in use.`) : error);
    });
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const forget = setInterval(() => {
    forgetAnswers(options.db, KEEP_ANSWERS_HOURS).catch((error: unknown) =>
      options.log.warn("Old answers could not be removed", { error }),
    );
  }, FORGET_EVERY_MS).unref();
  return {
    url: `http://${urlHost(host)}:${port}`,
    server,
    close: async () => {
      clearInterval(forget);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref();
      await closed;
      clearTimeout(late);
    },
  };
}

/** How the address is written for people: localhost for this machine. */
function urlHost(host: string): string {
  if (isLoopback(host) || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
