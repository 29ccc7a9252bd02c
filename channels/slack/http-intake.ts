import type { IncomingMessage, ServerResponse } from "node:http";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { EventGate } from "./event-gate.ts";
import { verifySignature } from "./verify-signature.ts";

/** Far above what Slack sends; a body beyond it is not read. */
const MAX_BODY_BYTES = 2_000_000;
const READ_MS = 10_000;

/** Slack's webhooks: events, clicks, windows and commands, each signed. Answers 401 to what is not. */
export function createHttpIntake(
  secret: string,
  gate: EventGate,
  host: Pick<ChannelHost, "now" | "log">,
): (req: IncomingMessage, res: ServerResponse) => void {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method !== "POST") return end(res, 405);
    const raw = await readRaw(req);
    if (raw === null) return end(res, 413);
    const verdict = verifySignature(
      secret,
      { timestamp: one(req, "x-slack-request-timestamp"), signature: one(req, "x-slack-signature") },
      raw,
      host.now(),
    );
    if (verdict !== "good") {
      host.log("warn", "A request that Slack did not sign was refused.", { verdict });
      return end(res, 401);
    }
    const body = readBody(raw, one(req, "content-type") ?? "");
    if (body === null) return end(res, 400);
    if (body.type === "url_verification") {
      return end(res, 200, "text/plain; charset=utf-8", String(body.challenge ?? "").slice(0, 1_000));
    }
    if ("ssl_check" in body) return end(res, 200);
    const retry = Number(one(req, "x-slack-retry-num"));
    const delivery = await gate(body, Number.isInteger(retry) && retry > 0 ? retry : undefined);
    if (delivery.kind !== "taken") return end(res, 503);
    const { payload } = delivery;
    if (payload === undefined || payload === null || payload === "") return end(res, 200);
    end(res, 200, "application/json; charset=utf-8", JSON.stringify(payload));
  };
  return (req, res) => {
    answer(req, res).catch(() => {
      if (!res.headersSent) end(res, 503);
    });
  };
}

function one(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === "string" ? value : undefined;
}

function end(res: ServerResponse, status: number, type?: string, text = ""): void {
  // Only a refusal for want of time is worth sending again.
  const headers = status === 503 || status === 200 ? {} : { "x-slack-no-retry": "1" };
  res.writeHead(status, {
    ...headers,
    "cache-control": "no-store",
    ...(type ? { "content-type": type } : {}),
  });
  res.end(text);
}

/** The bytes as they came, or null when there are too many. Takes them from a body parser that kept them raw, too. */
async function readRaw(req: IncomingMessage): Promise<Buffer | null> {
  const parsed = (req as { body?: unknown }).body;
  if (Buffer.isBuffer(parsed)) return parsed.length > MAX_BODY_BYTES ? null : parsed;
  const timer = setTimeout(() => req.destroy(), READ_MS);
  try {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of req as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MAX_BODY_BYTES) return null;
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}

function readBody(raw: Buffer, type: string): Record<string, unknown> | null {
  try {
    if (type.startsWith("application/x-www-form-urlencoded")) {
      const form = Object.fromEntries(new URLSearchParams(raw.toString("utf8")));
      return form.payload === undefined ? form : asRecord(JSON.parse(form.payload));
    }
    return asRecord(JSON.parse(raw.toString("utf8")));
  } catch {
    return null;
  }
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
