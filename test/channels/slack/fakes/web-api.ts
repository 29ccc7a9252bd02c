import type { IncomingMessage, ServerResponse } from "node:http";
import { APP_METHODS } from "./app-methods.ts";
import type { Call, Method, PlatformRules } from "./call.ts";
import { MESSAGE_METHODS } from "./message-methods.ts";
import { oauthAccess } from "./oauth.ts";
import { PLACE_METHODS } from "./place-methods.ts";
import type { RateLimits } from "./rate-limits.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { APP_ID, type Fields, type SlackToken, type SlackWorld } from "./slack-world.ts";
import { STREAM_METHODS } from "./stream-methods.ts";
import { VIEW_METHODS } from "./view-methods.ts";

const METHODS: Readonly<Record<string, Method>> = {
  ...APP_METHODS,
  ...MESSAGE_METHODS,
  ...PLACE_METHODS,
  ...STREAM_METHODS,
  ...VIEW_METHODS,
};
const MOST_BODY = 4 * 1024 * 1024;

/** One call as the platform saw it; never with the token. */
export type SeenCall = {
  readonly method: string;
  readonly team: string | null;
  readonly args: Fields;
  readonly at: number;
  /** `ok`, or Slack's word for what was wrong. */
  readonly answer: string;
};

export type WebApiOptions = {
  readonly world: SlackWorld;
  readonly rules: PlatformRules;
  readonly limits: RateLimits | null;
  readonly calls: SeenCall[];
  emit(team: string, event: Fields): void;
};

/** Answers `/api/<method>`. */
export function createWebApi(options: WebApiOptions) {
  const { world, rules, limits, calls } = options;

  const run = async (method: string, args: Fields, token: string | null): Promise<Reply> => {
    if (method === "oauth.v2.access")
      return { status: 200, headers: {}, body: oauthAccess(world, rules, args) };
    const found = METHODS[method];
    if (!found) throw new SlackApiError("unknown_method", { req_method: method });
    const bearer = authenticate(world, token);
    if (bearer.kind === "app") return { status: 200, headers: {}, body: await asApp(method, args, bearer) };
    if (method === "apps.connections.open") throw new SlackApiError("not_allowed_token_type");
    const team = world.teams.get(bearer.team);
    if (!team) throw new SlackApiError("invalid_auth");
    const place = typeof args.channel === "string" ? args.channel : null;
    const waitS = limits?.take(team.id, method, place) ?? null;
    if (waitS !== null) {
      return {
        status: 429,
        headers: { "Retry-After": String(waitS) },
        body: { ok: false, error: "ratelimited" },
      };
    }
    const call: Call = { world, token: bearer, team, args, options: rules, emit: options.emit };
    const headers = { "X-OAuth-Scopes": bearer.scopes.join(",") };
    return { status: 200, headers, body: { ok: true, ...(await found(call)) } };
  };

  const asApp = async (method: string, args: Fields, token: SlackToken): Promise<Fields> => {
    const team = [...world.teams.values()][0];
    if (method === "auth.test") return { ok: true, app_name: "Steward", app_id: APP_ID };
    if (method !== "apps.connections.open" || !team) throw new SlackApiError("not_allowed_token_type");
    const found = METHODS[method] as Method;
    return { ok: true, ...(await found({ world, token, team, args, options: rules, emit: options.emit })) };
  };

  return async (method: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const args = await readArgs(request);
    const { token: given, ...clean } = args;
    const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const token = header ?? (typeof given === "string" ? given : null);
    const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (basic) {
      const [id, secret] = Buffer.from(basic, "base64").toString().split(":");
      Object.assign(clean, { client_id: id, client_secret: secret });
    }
    let reply: Reply;
    try {
      reply = await run(method, clean, token);
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      reply = { status: 200, headers: {}, body: { ok: false, error: error.code, ...error.more } };
    }
    const { client_secret: _, ...shown } = clean;
    calls.push({
      method,
      team: (token && world.tokens.get(token)?.team) || null,
      args: shown,
      at: world.clock(),
      answer: reply.body.ok === true ? "ok" : String(reply.body.error),
    });
    response.writeHead(reply.status, { "Content-Type": "application/json; charset=utf-8", ...reply.headers });
    response.end(JSON.stringify(reply.body));
  };
}

type Reply = { readonly status: number; readonly headers: Record<string, string>; readonly body: Fields };

function authenticate(world: SlackWorld, token: string | null): SlackToken {
  if (!token) throw new SlackApiError("not_authed");
  const found = world.tokens.get(token);
  if (!found) throw new SlackApiError("invalid_auth");
  if (found.isRevoked) throw new SlackApiError("token_revoked");
  return found;
}

/** Arguments of a call: of the address, and of a form or JSON body. */
async function readArgs(request: IncomingMessage): Promise<Fields> {
  const url = new URL(request.url ?? "/", "http://slack");
  const args: Fields = Object.fromEntries(url.searchParams);
  const body = (await readBody(request)).toString("utf8");
  if (!body) return args;
  if (request.headers["content-type"]?.includes("json")) {
    try {
      return { ...args, ...(JSON.parse(body) as Fields) };
    } catch {
      throw new SlackApiError("invalid_json");
    }
  }
  const form: Fields = Object.fromEntries(new URLSearchParams(body));
  for (const [name, value] of Object.entries(form)) {
    if (value === "true" || value === "false") form[name] = value === "true";
  }
  return { ...args, ...form };
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > MOST_BODY) throw new SlackApiError("request_too_large");
  }
  return Buffer.concat(parts);
}
