import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { ERRORS, type ErrorCode } from "../types/error-catalogue.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";

export type WebhookHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export type Webhooks = {
  /** Hands everything that comes to an address to its platform's channel, the body unread. */
  mount(path: string, handler: WebhookHandler): void;
  /** Whether a request is for a platform's channel; if so, it is taken care of. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
};

const ROOT = "/channels/";
const PATH = /^\/channels\/[a-z]+(?:\/[a-z0-9_-]+)+$/;
/** Larger than any event of the platforms, far below what would hurt. */
const MAX_BODY_BYTES = 1024 * 1024;
/** A platform calls from few addresses: enough for a busy company, and an end to a flood before a signature is looked at. */
const LIMIT: RateLimit = { burst: 1_000, perSecond: 200 };

/**
 * The addresses that Slack and Teams call. They come from elsewhere under any name, so neither host nor origin says
 * anything: each channel checks the platform's own signature, over the body as it came. Here their number and size are
 * bounded.
 */
export function createWebhooks(options: {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limit?: RateLimit;
}): Webhooks {
  const handlers = new Map<string, WebhookHandler>();
  const limit = createRateLimit(options.limit ?? LIMIT);

  const handle = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const handler = handlers.get(path);
    if (!handler) return refuse(response, "API-404");
    const seconds = limit(request.socket.remoteAddress ?? "");
    if (seconds > 0) {
      response.setHeader("Retry-After", String(seconds));
      return refuse(response, "API-429");
    }
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return refuse(response, "API-413");
    boundBody(request, response);
    await handler(request, response);
  };

  return {
    mount: (path, handler) => {
      if (!PATH.test(path)) throw new Error(`A channel's address must be under ${ROOT}: ${path}`);
      handlers.set(path, handler);
    },
    take: (request, response) => {
      const [path = ""] = (request.url ?? "").split("?", 1);
      if (!path.startsWith(ROOT)) return false;
      const from = performance.now();
      response.setHeader("X-Request-Id", randomUUID());
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Cache-Control", "no-store");
      response.on("finish", () => {
        options.metrics.httpAnswered({
          method: request.method ?? "",
          route: handlers.has(path) ? path : "other",
          status: response.statusCode,
          durationMs: performance.now() - from,
        });
      });
      handle(request, response, path).catch((error: unknown) => {
        options.log.error("A platform's call failed", { error, path });
        if (!response.headersSent) refuse(response, "API-500");
        else response.end();
      });
      return true;
    },
  };
}

/**
 * Cuts a body off that is sent in pieces and does not end. The parser's own hand-over is counted, because listening to
 * the data would take it from the channel.
 */
function boundBody(request: IncomingMessage, response: ServerResponse): void {
  const push = request.push.bind(request);
  let bytes = 0;
  request.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    bytes += chunk?.length ?? 0;
    if (bytes <= MAX_BODY_BYTES) return push(chunk, encoding);
    if (!response.headersSent) refuse(response, "API-413");
    request.destroy();
    return false;
  };
}

function refuse(response: ServerResponse, code: ErrorCode): void {
  const { status, title, remedy } = ERRORS[code];
  response.writeHead(status, { "Content-Type": "application/problem+json", Connection: "close" });
  response.end(JSON.stringify({ type: "about:blank", title, status, code, detail: title, remedy }));
}
