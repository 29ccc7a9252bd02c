import { createHash } from "node:crypto";
import express, { type Router } from "express";
import type { Metrics } from "../telemetry/metrics.ts";
import { StewardError } from "../types/steward-error.ts";
import { type Authenticate, isLoopback } from "./authenticate.ts";
import { readCredentials } from "./credentials.ts";
import { openApi } from "./openapi.ts";
import type { ApiPorts } from "./ports.ts";
import { ALL_ROUTES } from "./routes/all-routes.ts";

type Options = {
  readonly metrics: Metrics;
  readonly version: string;
  readonly localSecret: string | null;
  readonly authenticate: Authenticate;
};

/** Proof of which server this is, for the command line: it can be told without telling the secret. */
export function instanceOf(localSecret: string): string {
  return createHash("sha256").update(`steward instance\n${localSecret}`).digest("hex");
}

/** /healthz and /readyz: before the check of the host, since probes name any; they tell nothing. */
export function createProbes(ports: ApiPorts, options: Pick<Options, "version" | "localSecret">): Router {
  const router = express.Router();
  router.get("/healthz", (_request, response) => {
    response.locals.route = "/healthz";
    response.setHeader("Cache-Control", "no-store").json({
      status: "ok",
      version: options.version,
      ...(options.localSecret === null ? {} : { instance: instanceOf(options.localSecret) }),
    });
  });
  router.get("/readyz", async (_request, response) => {
    response.locals.route = "/readyz";
    const ready = await ports.isReady();
    if (!ready.ok) throw new StewardError("API-503", ready.reason ?? undefined);
    response.setHeader("Cache-Control", "no-store").json({ status: "ready", notes: ready.notes ?? [] });
  });
  return router;
}

/** /metrics and the description of the API. */
export function createOperations(options: Omit<Options, "localSecret">): Router {
  const router = express.Router();
  router.get("/metrics", async (request, response) => {
    response.locals.route = "/metrics";
    const credentials = readCredentials(request);
    const isHere = isLoopback(credentials.remoteAddress) && !credentials.isForwarded;
    if (!isHere && !(await options.authenticate(credentials)).isAdmin) throw new StewardError("AUTH-403");
    const text = await options.metrics.prometheusText();
    response.setHeader("Cache-Control", "no-store").type("text/plain; version=0.0.4").send(text);
  });
  const document = JSON.stringify(openApi(ALL_ROUTES, { title: "Steward", version: options.version }));
  router.get("/api/openapi.json", (_request, response) => {
    response.locals.route = "/api/openapi.json";
    response.type("application/json").send(document);
  });
  return router;
}
