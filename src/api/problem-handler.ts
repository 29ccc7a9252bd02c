import type { ErrorRequestHandler } from "express";
import type { Log } from "../telemetry/log.ts";
import { asStewardError, problemOf } from "./problem.ts";

/** The last stop of whatever was thrown: problem+json, and a line in the log when it was our fault. */
export function createProblemHandler(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asStewardError(thrown);
    const requestId = String(response.locals.requestId);
    if (error.status >= 500) {
      log.error("A request failed", {
        requestId,
        code: error.code,
        method: request.method,
        route: response.locals.route ?? "other",
        error: thrown,
      });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="steward"');
    if (error.code === "API-409" || error.code === "API-503") response.setHeader("Retry-After", "2");
    // What is left of a body that was too large is not waited for.
    if (error.status === 413) response.setHeader("Connection", "close");
    response
      .status(error.status)
      .setHeader("Cache-Control", "no-store")
      .type("application/problem+json")
      .send(JSON.stringify(problemOf(error, requestId)));
  };
}
