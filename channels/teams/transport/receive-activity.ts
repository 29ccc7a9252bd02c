import type { IncomingMessage, ServerResponse } from "node:http";
import { parseActivity } from "./activity.ts";
import type { OnTurn } from "./activity-transport.ts";
import { type Endpoints, isHostAllowed, isLoopbackAddress, isLoopbackHost } from "./endpoints.ts";
import { mismatch, type Verdict, type VerifiedToken } from "./verify-token.ts";

const MAX_BODY_BYTES = 1_048_576;
const READ_TIMEOUT_MS = 10_000;

export type Log = (
  level: "info" | "warn" | "error",
  what: string,
  about?: Readonly<Record<string, unknown>>,
) => void;

type Refusal = { readonly status: number; readonly why: string };

/**
 * Takes what is posted to the messaging endpoint. `verify` is null on the local trial, where only this machine's
 * own programs (no proxy, no web page) are believed.
 */
export function createReceiver(options: {
  readonly endpoints: Endpoints;
  readonly verify: ((header: string | undefined) => Promise<Verdict>) | null;
  readonly log: Log;
}) {
  const { endpoints, verify, log } = options;

  const receive = async (req: IncomingMessage, res: ServerResponse, onTurn: OnTurn): Promise<void> => {
    const shape = checkShape(req);
    if (shape) return refuse(req, res, shape, log);
    let token: VerifiedToken | null = null;
    if (verify) {
      const verdict = await verify(req.headers.authorization);
      if (verdict.kind === "refused") return refuse(req, res, { status: 401, why: verdict.why }, log);
      if (verdict.kind === "unreachable") return refuse(req, res, { status: 503, why: verdict.why }, log);
      token = verdict.token;
    } else if (!isOwnMachine(req)) {
      return refuse(req, res, { status: 403, why: "not from this machine" }, log);
    }
    const body = await readBody(req);
    if ("status" in body) return refuse(req, res, body, log);
    const activity = parseActivity(body.json);
    if (!activity) return refuse(req, res, { status: 400, why: "no activity" }, log);
    const wrong = token ? mismatch(token, activity) : null;
    if (wrong) return refuse(req, res, { status: 401, why: wrong }, log);
    // Azure opens web chat and direct line for every bot by default: there, anybody may say who they are.
    if (activity.channelId !== "msteams")
      return refuse(req, res, { status: 403, why: "not from Teams" }, log);
    const isOurs = token
      ? isHostAllowed(activity.serviceUrl, endpoints.serviceHosts)
      : isLoopbackHost(new URL(activity.serviceUrl).hostname);
    if (!isOurs) return refuse(req, res, { status: 403, why: "service host not allowed" }, log);
    const answer = await onTurn(activity);
    if (activity.type !== "invoke") return end(res, 200, null);
    end(res, answer?.status ?? 501, answer?.body ?? null);
  };

  return async (req: IncomingMessage, res: ServerResponse, onTurn: OnTurn): Promise<void> => {
    try {
      await receive(req, res, onTurn);
    } catch (error) {
      log("error", "teams.turn_failed", { error: error instanceof Error ? error.message : String(error) });
      // Not kept: Teams may send it again.
      if (!res.headersSent) res.setHeader("retry-after", "2");
      end(res, 503, null);
    }
  };
}

function checkShape(req: IncomingMessage): Refusal | null {
  if (req.method !== "POST") return { status: 405, why: "method" };
  const type = req.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) return { status: 415, why: "content type" };
  if (Number(req.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return { status: 413, why: "size" };
  return null;
}

/** A proxy in front would make everybody look local; a web page may post here too, but not without an Origin. */
function isOwnMachine(req: IncomingMessage): boolean {
  const { headers } = req;
  if (!isLoopbackAddress(req.socket.remoteAddress)) return false;
  if (headers.origin || headers.forwarded || headers["x-forwarded-for"] || headers["x-real-ip"]) return false;
  return isLoopbackHost(URL.parse(`http://${headers.host ?? ""}`)?.hostname ?? "");
}

/** Bounded in size and time; JSON that is none, or is not UTF-8, is a 400. */
async function readBody(req: IncomingMessage): Promise<{ readonly json: unknown } | Refusal> {
  const read = await new Promise<Buffer | Refusal>((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => done({ status: 408, why: "body too slow" }), READ_TIMEOUT_MS);
    const done = (result: Buffer | Refusal) => {
      clearTimeout(timer);
      req.removeAllListeners("data").pause();
      resolve(result);
    };
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return done({ status: 413, why: "size" });
      chunks.push(chunk);
    });
    req.once("end", () => done(Buffer.concat(chunks)));
    req.once("error", () => done({ status: 400, why: "body broke off" }));
    req.once("close", () => done({ status: 400, why: "body broke off" }));
  });
  if ("status" in read) return read;
  try {
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(read)) };
  } catch {
    return { status: 400, why: "not JSON" };
  }
}

function refuse(req: IncomingMessage, res: ServerResponse, { status, why }: Refusal, log: Log): void {
  log(status === 503 ? "error" : status === 405 ? "info" : "warn", "teams.refused", { status, why });
  if (status === 401) res.setHeader("www-authenticate", "Bearer");
  if (status === 405) res.setHeader("allow", "POST");
  if (status === 503) res.setHeader("retry-after", "5");
  // What was not read stays unread: the connection is of no further use.
  if (!req.complete) res.setHeader("connection", "close");
  end(res, status, null);
}

function end(res: ServerResponse, status: number, body: unknown): void {
  if (res.headersSent || res.destroyed) {
    res.end();
    return;
  }
  res.statusCode = status;
  if (body === null) {
    res.end();
    return;
  }
  res.setHeader("content-type", "application/json; charset=utf-8");
  res.end(JSON.stringify(body));
}
