import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import express, { type Express } from "express";
import { createWebChannel, type WebHandshake } from "../../channels/web/server.ts";
import { isLoopback } from "../api/authenticate.ts";
import { readCredentials, readWhence } from "../api/credentials.ts";
import { createLinkPage } from "../api/link-page.ts";
import { removeServerFile, writeServerFile } from "../api/server-file.ts";
import { createWebhooks } from "../api/webhooks.ts";
import { threadItems } from "../flows/thread-items.ts";
import { createApp, listen, newLocalSecret } from "../server.ts";
import { SESSION_HINT } from "../store/events/append-events.ts";
import { findSession } from "../store/sessions/find-session.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { StewardError } from "../types/steward-error.ts";
import { createSessionHints } from "./await-turn.ts";
import { createChannels } from "./channels/create-channels.ts";
import { type ChannelSettings, NO_CHANNELS } from "./channels/settings.ts";
import { createWebIdentity } from "./create-identity.ts";
import { createPorts } from "./create-ports.ts";
import { createRedisRelay, createSocketRelay } from "./create-socket-relay.ts";
import type { Installation } from "./installation.ts";
import { createPublisher } from "./publish.ts";

export type ServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly allowRemoteDemo: boolean;
  /** Address under which people reach it, when a proxy stands before it; null otherwise. */
  readonly publicUrl: string | null;
  /** Other sites whose pages may call. */
  readonly allowedOrigins: readonly string[];
  readonly version: string;
  /** Address of the database server that replicas share; null or left out for the embedded one. */
  readonly databaseUrl?: string | null;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Slack and Teams; none when left out. */
  readonly channels?: ChannelSettings;
};

/** The two people that the demo page begins with: one who asks, one who may decide. */
const PERSONAS = ["ben.okafor@brightwell.example", "sofia.marin@brightwell.example"] as const;

/** Serves an installation: HTTP API, page and sockets. Returns its address and the way to stop it. */
export async function startServer(
  house: Installation,
  options: ServerOptions,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { log, metrics, allowRemoteDemo } = options;
  const { isDemo, db, deps, directory } = house;
  const hints = createSessionHints();
  const channels = createChannels(house, {
    settings: () => options.channels ?? NO_CHANNELS,
    ports: () => ports,
    baseUrl: () => pagesUrl(options, listening.url),
    log,
  });
  const ports = createPorts(house, hints, channels.accounts);
  const webhooks = createWebhooks({ log, metrics });
  const localSecret = newLocalSecret();

  let app: Express | null = null;
  const listening = await listen(
    (request, response) => {
      if (app && webhooks.take(request, response)) return;
      if (app) app(request, response);
      else response.writeHead(503, { "Retry-After": "1" }).end();
    },
    { host: options.host, port: options.port, isDemo, allowRemoteDemo, db, log },
  );
  const pages = express.Router();
  const publicUrl = options.publicUrl ?? listening.url;
  const { identity, signIn, stop: stopIdentity } = await createWebIdentity(house, { log, publicUrl });
  const redisUrl = process.env.STEWARD_REDIS_URL;
  const relay = redisUrl
    ? await createRedisRelay(redisUrl, log)
    : options.databaseUrl
      ? await createSocketRelay(options.databaseUrl, log)
      : null;
  const web = createWebChannel({
    httpServer: listening.server,
    authenticate: async (handshake) => await authenticateSocket(handshake),
    mayWatch: async ({ id }, session) =>
      deps.directory().find(id) !== null && (await findSession(db, session))?.principal === id,
    // As they are in the directory now: a socket may be open for days.
    items: async ({ id }, session, after) => {
      const viewer = deps.directory().find(id);
      return viewer ? (await threadItems(deps, session, viewer, after)).items : [];
    },
    head: async (session) => (await findSession(db, session))?.head ?? 0,
    adapter: relay?.adapter ?? null,
    isBehindProxy: options.publicUrl !== null,
    allowRequest: (request) => made.hostCheck.isAllowedOrigin(request),
    cacheDir: join(directory, "cache"),
    page: {
      mode: isDemo ? "demo" : "token",
      personas: isDemo ? PERSONAS : undefined,
      exampleToken: isDemo ? async (request) => await exampleToken(request) : null,
    },
    onError: (what, error) => log.warn(what, { error }),
  });
  const made = createApp(ports, {
    db,
    log,
    metrics,
    version: options.version,
    isDemo,
    allowRemoteDemo,
    localSecret,
    pages,
    identity,
    signIn,
    host: options.host,
    allowedOrigins: options.allowedOrigins,
    publicUrl: options.publicUrl,
  });
  /** As the demo's first person, for whoever may choose one of its people. */
  const exampleToken = async (request: IncomingMessage) => {
    const { principal } = await made.authenticate({
      ...readCredentials(request),
      token: null,
      as: PERSONAS[0],
    });
    const origin = options.publicUrl ? new URL(options.publicUrl).origin : `http://${request.headers.host}`;
    return await identity.tokens.mint({ email: principal?.id ?? "", origin });
  };
  const authenticateSocket = async ({ as, token, headers, address }: WebHandshake) => {
    const isForwarded = headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
    const proof = { as, token, remoteAddress: address, isForwarded, whence: readWhence(headers) };
    const { principal, endsAt = null } = await made.authenticate(proof);
    return principal && { principal, endsAt };
  };
  web.assets(pages);
  pages.use(createLinkPage({ isDemo }));
  await web.start(async () => {
    throw new StewardError("API-404", "Messages come over HTTP.");
  });
  house.onDelta((delta) => web.stream?.(delta));
  const publish = createPublisher(house, web, (error) => log.warn("A session could not be shown", { error }));
  const stopHints = await db.listen(SESSION_HINT, (payload) => {
    const at = payload.lastIndexOf(":");
    const session = payload.slice(0, at);
    hints.hear(session);
    channels.wake();
    publish(session, Number(payload.slice(at + 1)));
  });
  try {
    await channels.start(webhooks.mount);
  } catch (error) {
    await Promise.all([stopHints(), channels.stop(), web.stop()]).catch(() => {});
    await listening.close();
    throw error;
  }
  app = made.app;
  writeServerFile(directory, { url: listening.url, pid: process.pid, secret: localSecret });
  return {
    url: listening.url,
    stop: async () => {
      removeServerFile(directory, localSecret);
      await stopHints();
      await channels.stop();
      await web.stop();
      await stopIdentity();
      await relay?.stop();
      await listening.close();
    },
  };
}

/** Where people's browsers reach the pages: on this machine alone when nothing else is said. */
function pagesUrl({ host, publicUrl }: ServerOptions, listeningUrl: string): string | null {
  if (publicUrl !== null) return publicUrl.replace(/\/+$/, "");
  return host === "localhost" || isLoopback(host) ? listeningUrl : null;
}
