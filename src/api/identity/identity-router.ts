import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import type { Log } from "../../telemetry/log.ts";
import type { Principal } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import { readCredentials } from "../credentials.ts";
import { createRateLimit } from "../rate-limit.ts";
import type { Identity } from "./identity.ts";
import { createSignIn, type SignInOptions } from "./sign-in.ts";
import type { Whence } from "./verify-token.ts";

type Deps = {
  readonly identity: Identity;
  readonly signIn: SignInOptions | null;
  readonly findPerson: (id: string) => Promise<Principal | null>;
  readonly log: Log;
};

const Exchange = z.strictObject({ code: z.string().max(4_096), verifier: z.string().min(43).max(128) });

/** What the widget asks before it is anybody: how one signs in here, a token for a sign-in, its renewal and its end. */
export function createIdentityRouter({ identity, signIn, findPerson, log }: Deps): Router {
  const router = express.Router();
  const limit = createRateLimit({ burst: 60, perSecond: 2 });
  const limited = (request: Request) => {
    if (limit(request.socket.remoteAddress ?? "") > 0) throw new StewardError("API-429");
  };
  const answer = (response: Response, body: object) =>
    void response.setHeader("Cache-Control", "no-store").json(body);
  const bearer = (request: Request): { token: string; whence: Whence } => {
    const { token, whence } = readCredentials(request);
    if (!token) throw new StewardError("IDN-400");
    if (!identity.isOne(token)) throw new StewardError("IDN-406");
    return { token, whence: whence ?? { origin: null, own: [] } };
  };

  router.get("/api/identity", (_request, response) => {
    response.locals.route = "/api/identity";
    answer(response, { signIn: signIn !== null });
  });
  router.post("/api/identity/renew", async (request, response) => {
    response.locals.route = "/api/identity/renew";
    limited(request);
    const { token, whence } = bearer(request);
    answer(response, { token: await identity.renew(token, whence) });
  });
  router.post("/api/identity/sign-out", async (request, response) => {
    response.locals.route = "/api/identity/sign-out";
    limited(request);
    const { token, whence } = bearer(request);
    await identity.signOut(token, whence);
    response.status(204).end();
  });
  if (signIn === null) {
    router.get("/sign-in", () => {
      throw new StewardError("IDN-503");
    });
    return router;
  }
  const flow = createSignIn(signIn, { identity, findPerson, log });
  router.get("/sign-in", async (request, response) => {
    response.locals.route = "/sign-in";
    limited(request);
    await flow.begin(request, response);
  });
  router.get("/sign-in/callback", async (request, response) => {
    response.locals.route = "/sign-in/callback";
    limited(request);
    await flow.finish(request, response);
  });
  router.get("/sign-in/deliver.js", (_request, response) => flow.script(response));
  router.post("/api/identity/exchange", express.json({ limit: 16_384 }), async (request, response) => {
    response.locals.route = "/api/identity/exchange";
    limited(request);
    const given = Exchange.safeParse(request.body);
    if (!given.success) throw new StewardError("API-400");
    const { whence } = readCredentials(request);
    answer(response, {
      token: await flow.exchange(given.data.code, given.data.verifier, whence ?? { origin: null, own: [] }),
    });
  });
  return router;
}
