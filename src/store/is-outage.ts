import { StewardError } from "../types/steward-error.ts";
import { asDatabaseFailure } from "./database-failure.ts";

/** SQLSTATE classes that speak of other work at the same moment: serialisation, deadlock, resources. */
const PASSING = /^(40|53)/;

/** Whether the database was away or full, rather than the work being wrong: then the work is tried again without blame. */
export function isOutage(error: unknown): boolean {
  const failure = asDatabaseFailure(error);
  if (failure instanceof StewardError) return failure.code === "STO-503" || failure.code === "STO-507";
  return failure instanceof Error && "code" in failure && PASSING.test(String(failure.code));
}
