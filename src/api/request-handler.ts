import express, { type Request, type RequestHandler, type Response } from "express";
import type { Db } from "../store/db.ts";
import type { Json } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Authenticate, Caller } from "./authenticate.ts";
import { readCredentials } from "./credentials.ts";
import { type Answer, hashRequest, once, readIdempotencyKey } from "./idempotent.ts";
import { MAX_FILE_BYTES } from "./inputs.ts";
import type { ApiPorts } from "./ports.ts";
import { asStewardError, inputError, problemOf } from "./problem.ts";
import type { Access, Route } from "./route.ts";

type Deps = {
  readonly ports: ApiPorts;
  readonly db: Db;
  readonly isDemo: boolean;
  readonly authenticate: Authenticate;
  readonly readLimit: (caller: string) => number;
  readonly writeLimit: (caller: string) => number;
  readonly maxJsonBytes: number;
};

/**
 * The way of every request, cheapest refusal first: who are you → may you → not too fast → is the body small and
 * readable → do the inputs fit → was this done before → do it.
 */
export function createRequestHandler(deps: Deps): (route: Route) => RequestHandler[] {
  const readJson = express.json({ limit: deps.maxJsonBytes });
  const readBytes = express.raw({ limit: MAX_FILE_BYTES, type: () => true });
  return (route) => [
    async (request, response, next) => {
      response.locals.route = route.path;
      const caller = await deps.authenticate(readCredentials(request));
      checkAccess(route.access, caller, deps.isDemo);
      const limit = route.isWrite ? deps.writeLimit : deps.readLimit;
      // The owner of the data directory is not kept waiting on their own machine.
      const seconds = caller.via === "local" ? 0 : limit(`${caller.actor} ${request.socket.remoteAddress}`);
      if (seconds > 0) {
        response.setHeader("Retry-After", String(seconds));
        throw new StewardError("API-429");
      }
      response.locals.caller = caller;
      if (route.isWrite) response.locals.key = readIdempotencyKey(request.get("Idempotency-Key"));
      next();
    },
    bodyReader(route, readJson, readBytes),
    async (request, response) => await answer(deps, route, request, response),
  ];
}

function bodyReader(route: Route, readJson: RequestHandler, readBytes: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (route.body === null) return next();
    if (route.body === "bytes") return readBytes(request, response, next);
    const hasBody =
      request.headers["transfer-encoding"] !== undefined ||
      Number(request.headers["content-length"] ?? 0) > 0;
    if (hasBody && !request.is("application/json")) throw new StewardError("API-415");
    readJson(request, response, next);
  };
}

function checkAccess(access: Access, caller: Caller, isDemo: boolean): void {
  if (access === "person" && caller.principal === null) throw new StewardError("AUTH-400");
  if (access === "admin" && !caller.isAdmin) throw new StewardError("AUTH-403");
  if (access === "demo-or-admin" && !isDemo && !caller.isAdmin) throw new StewardError("AUTH-403");
  if (access === "demo" && !isDemo) {
    throw new StewardError("API-404", "The list of people is for choosing a persona in the demo.");
  }
}

async function answer(deps: Deps, route: Route, request: Request, response: Response): Promise<void> {
  const caller = response.locals.caller as Caller;
  const input = {
    caller,
    as: caller.principal?.id ?? "",
    params: parse(route.params, "path", request.params),
    query: parse(route.query, "query", request.query),
    body: readBody(route, request.body),
  };
  const send = ({ status, body }: Answer) => {
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.status(status).setHeader("Cache-Control", "no-store").type(type).send(JSON.stringify(body));
  };
  const run = async (): Promise<Answer> => ({
    status: route.status,
    body: (await route.handle(deps.ports, input)) as Json,
  });
  if (route.answer === "bytes") {
    const content = (await route.handle(deps.ports, input)) as Uint8Array;
    return sendFile(response, content);
  }
  if (!route.isWrite || route.isOnceById) return send(await run());

  const done = await once(
    deps.db,
    {
      principal: `${caller.actor} ${input.as}`,
      key: String(response.locals.key),
      requestHash: hashRequest(request.method, request.originalUrl, request.body),
    },
    route.secretFields,
    async () => {
      try {
        return await run();
      } catch (thrown) {
        const error = asStewardError(thrown);
        if (error.status >= 500 || error.status === 429) throw thrown;
        // A refusal is an answer too: the repeat gets the same one.
        return { status: error.status, body: problemOf(error, String(response.locals.requestId)) };
      }
    },
  );
  if (done.isRepeat) response.setHeader("Idempotency-Replayed", "true");
  send(done);
}

/** What somebody uploaded is only ever data here: it is never shown, run or framed as what it says that it is. */
function sendFile(response: Response, content: Uint8Array): void {
  response
    .set({
      "Cache-Control": "no-store",
      "Content-Type": "application/octet-stream",
      "Content-Disposition": "attachment",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    })
    .send(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
}

function parse(schema: Route["params"], part: "path" | "query", value: unknown): unknown {
  const parsed = schema.safeParse({ ...(value as object) });
  if (!parsed.success) throw inputError(part, parsed.error);
  return parsed.data;
}

function readBody(route: Route, body: unknown): unknown {
  if (route.body === null) return undefined;
  if (route.body === "bytes") return body instanceof Uint8Array ? body : new Uint8Array();
  const parsed = route.body.safeParse(body);
  if (!parsed.success) throw inputError("body", parsed.error);
  return parsed.data;
}
