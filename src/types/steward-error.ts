import { ERRORS, type ErrorCode } from "./error-catalogue.ts";

/** The one thrown error: a code of the catalogue and, when there is more to say, a detail for people. */
export class StewardError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly remedy: string;

  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail ?? ERRORS[code].title, options);
    this.name = "StewardError";
    this.code = code;
    this.status = ERRORS[code].status;
    this.remedy = ERRORS[code].remedy;
  }
}
