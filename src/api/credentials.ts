import type { IncomingMessage } from "node:http";
import type { Credentials } from "./authenticate.ts";
import type { Whence } from "./identity/verify-token.ts";

/** What a request says of who sends it. */
export function readCredentials(request: IncomingMessage): Credentials {
  const { authorization, forwarded } = request.headers;
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  const as = request.headers["x-steward-as"];
  return {
    // A header of another kind is a wrong proof, not the lack of one.
    token: bearer ?? (authorization === undefined ? null : ""),
    as: typeof as === "string" && as.trim() !== "" ? as : null,
    remoteAddress: request.socket.remoteAddress ?? "",
    isForwarded: forwarded !== undefined || request.headers["x-forwarded-for"] !== undefined,
    whence: readWhence(request.headers),
  };
}

/**
 * Where a browser says that a request comes from. It leaves `Origin` away where a page reads from its own server;
 * then it says so in `Sec-Fetch-Site`, which no script can set.
 */
export function readWhence(headers: IncomingMessage["headers"]): Whence {
  const { origin, host } = headers;
  const isOwn = origin === undefined && headers["sec-fetch-site"] === "same-origin" && host !== undefined;
  return { origin: origin ?? null, own: isOwn ? [`https://${host}`, `http://${host}`] : [] };
}
