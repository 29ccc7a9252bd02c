import type { ErrorCode } from "../types/error-catalogue.ts";
import { StewardError } from "../types/steward-error.ts";

type Loose = {
  status?: unknown;
  statusCode?: unknown;
  code?: unknown;
  name?: unknown;
  message?: unknown;
  cause?: unknown;
};

function statusOf(error: unknown): number | null {
  const { status, statusCode } = (error ?? {}) as Loose;
  const value = typeof status === "number" ? status : statusCode;
  return typeof value === "number" ? value : null;
}

/**
 * A vendor's failure as one of ours. The vendor's own words are kept as the cause only: they may repeat the
 * request, and with it what a person wrote.
 * @param route name of the route, for the detail
 */
export function toModelFailure(error: unknown, route: string): StewardError {
  if (error instanceof StewardError) return error;
  const status = statusOf(error);
  const make = (code: ErrorCode, detail: string) => new StewardError(code, detail, { cause: error });
  if (status === 401 || status === 403)
    return make("MDL-401", `The key of the model route '${route}' was refused.`);
  if (status === 429) return make("MDL-429", `The model route '${route}' takes no more requests for now.`);
  if (status === 408 || status === 504) return make("MDL-504", `The model route '${route}' took too long.`);
  if (status === 413 || status === 400 || status === 422)
    return make("MDL-400", `The model route '${route}' could not take the request.`);
  const { name, message } = (error ?? {}) as Loose;
  if (/timeout|timed out/i.test(`${String(name)} ${String(message)}`))
    return make("MDL-504", `The model route '${route}' took too long.`);
  return make("MDL-502", `The model route '${route}' failed.`);
}
