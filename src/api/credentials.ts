import type { IncomingMessage } from "node:http";
import type { Credentials } from "./authenticate.ts";

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
  };
}
