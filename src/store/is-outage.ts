/** SQLSTATE classes that speak of the server or the line to it: connection, resources, operator intervention. */
const CLASSES = /^(08|53|57P)/;
const SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
]);
/** What `pg` says without a code when the line breaks. */
const WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Whether the database was away, rather than the work being wrong: then the work is tried again without blame. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return CLASSES.test(code) || SYSTEM.has(code) || WORDS.test(error.message);
}
