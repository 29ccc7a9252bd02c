import { pipeline } from "node:stream/promises";
import express, { type Router } from "express";
import { StewardError } from "../types/steward-error.ts";
import type { Authenticate } from "./authenticate.ts";
import { readCredentials } from "./credentials.ts";
import type { ApiPorts } from "./ports.ts";

/**
 * The whole installation as one file, for the command line on the same machine only: it holds everybody's
 * conversations, which no token is meant to open.
 */
export function createBackupRoute(ports: Pick<ApiPorts, "backup">, authenticate: Authenticate): Router {
  const router = express.Router();
  router.get("/api/backup", async (request, response) => {
    response.locals.route = "/api/backup";
    if ((await authenticate(readCredentials(request))).via !== "local") throw new StewardError("AUTH-403");
    const content = await ports.backup();
    response.setHeader("Cache-Control", "no-store").type("application/gzip");
    // A break in the middle cuts the answer off; the reader finds the end missing.
    await pipeline(content, response).catch(() => response.destroy());
  });
  return router;
}
