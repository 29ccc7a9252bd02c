import { StewardError } from "../types/steward-error.ts";

/** Ways in which a connection fails or ends, of Node and of Postgres (class 08, 57P0x, 53300). */
const UNREACHED =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT|08\w{3}|57P0[1-5]|53300)$/;
/** What node-postgres says without a code. */
const UNREACHED_WORDS =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/;

/** The catalogued error for a database that cannot be reached, refuses us or is full; anything else as it came. */
export function asDatabaseFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StewardError) return error;
  const { code } = error as { code?: unknown };
  const name = typeof code === "string" ? code : "";
  if (name === "53100" || name === "ENOSPC") return new StewardError("STO-507", undefined, { cause: error });
  if (name === "28P01" || name === "28000") {
    return new StewardError("STO-401", undefined, { cause: error });
  }
  if (name === "3D000") return new StewardError("STO-404", "There is no such database.", { cause: error });
  if (UNREACHED.test(name) || UNREACHED_WORDS.test(error.message)) {
    return new StewardError("STO-503", `The database cannot be reached (${name || error.message}).`, {
      cause: error,
    });
  }
  return error;
}
