import type { ZodError } from "zod";
import { ERRORS, type ErrorCode } from "../types/error-catalogue.ts";
import type { JsonObject } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";

/** An error as RFC 9457 has it. `instance` is the request's id. */
export function problemOf(error: StewardError, requestId: string): JsonObject {
  return {
    type: `urn:steward:error:${error.code}`,
    title: ERRORS[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    remedy: error.remedy,
    instance: requestId,
  };
}

/**
 * The catalogued error for whatever was thrown: parsers and express throw errors with a status of their own;
 * everything else is a fault of the server, whose words stay in the log.
 */
export function asStewardError(thrown: unknown): StewardError {
  if (thrown instanceof StewardError) return thrown;
  const { status, type } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as {
    status?: unknown;
    type?: unknown;
  };
  const as = (code: ErrorCode, detail?: string) => new StewardError(code, detail, { cause: thrown });
  if (status === 413) return as("API-413");
  if (status === 415) return as("API-415");
  if (type === "entity.parse.failed") return as("API-400", "The body is not valid JSON.");
  if (type === "request.aborted") return as("API-400", "The request ended before its body was whole.");
  if (typeof status === "number" && status >= 400 && status < 500) return as("API-400");
  return as("API-500");
}

/** The first faults of an input, by field. */
export function inputError(part: "body" | "query" | "path", error: ZodError): StewardError {
  const faults = error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length > 0 ? `'${issue.path.join(".")}': ` : ""}${issue.message}`);
  return new StewardError("API-400", `In the ${part}: ${faults.join("; ")}.`.replace("..", "."));
}
