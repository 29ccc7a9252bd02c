import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

export type HostCheckOptions = {
  /** Address that the server listens on. */
  readonly host: string;
  /** Address that people open, when a proxy stands before the server. */
  readonly publicUrl: string | null;
  /** Other sites whose pages may call (`https://intranet.example`). */
  readonly allowedOrigins: readonly string[];
  /** Whether an origin is one of a site that was added while this runs. */
  readonly isSiteOrigin?: ((origin: string) => boolean) | undefined;
};

export type HostCheck = {
  /** Why the name of this server in a request is none of its own, or null. */
  hostRefusal(request: IncomingMessage): string | null;
  /** Why the request may not pass, or null. Also for upgrades, which express never sees. */
  refusal(request: IncomingMessage): string | null;
  /** For socket.io's `allowRequest`: host and origin are both this server's or allowed. */
  isAllowedOrigin(request: IncomingMessage): boolean;
  /** Another site that was allowed, for the CORS headers; null for the server's own pages. */
  foreignOrigin(request: IncomingMessage): string | null;
};

/**
 * Checks that a request was meant for this server. A page elsewhere can point its own name at 127.0.0.1 (DNS
 * rebinding): its requests then carry that name as their Host, and no name is accepted that was not configured.
 */
export function createHostCheck(options: HostCheckOptions): HostCheck {
  const publicHost = options.publicUrl ? new URL(options.publicUrl).host.toLowerCase() : null;
  const origins = new Set(options.allowedOrigins.map((origin) => new URL(origin).origin));
  if (options.publicUrl) origins.add(new URL(options.publicUrl).origin);
  const names = new Set(["localhost", "127.0.0.1", "::1"]);
  const isEverywhere = options.host === "0.0.0.0" || options.host === "::";
  if (!isEverywhere) names.add(options.host.toLowerCase());

  const isOwnHost = (header: string | undefined): boolean => {
    if (!header) return false;
    const host = header.toLowerCase();
    if (host === publicHost) return true;
    const name = hostName(host);
    if (name === null) return false;
    return names.has(name) || (isEverywhere && isIP(name) !== 0 && ownAddresses().has(name));
  };
  const isOwnOrigin = (origin: string, host: string | undefined): boolean =>
    /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, "").toLowerCase() === host?.toLowerCase();

  const isAllowed = (origin: string) => origins.has(origin) || options.isSiteOrigin?.(origin) === true;
  const hostRefusal = ({ headers: { host } }: IncomingMessage): string | null =>
    isOwnHost(host) ? null : `This server does not answer to the name '${(host ?? "").slice(0, 100)}'.`;

  const refusal = (request: IncomingMessage): string | null => {
    const { host, origin } = request.headers;
    const wrongHost = hostRefusal(request);
    if (wrongHost !== null) return wrongHost;
    if (origin === undefined || isOwnOrigin(origin, host) || isAllowed(origin)) return null;
    return `Pages of '${origin.slice(0, 100)}' may not call this server.`;
  };
  return {
    hostRefusal,
    refusal,
    isAllowedOrigin: (request) => refusal(request) === null,
    foreignOrigin: ({ headers: { origin, host } }) =>
      origin !== undefined && isAllowed(origin) && !isOwnOrigin(origin, host) ? origin : null,
  };
}

/** Name or address of a Host header without its port; null when it is not one. */
function hostName(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+?))\.?(?::\d{1,5})?$/.exec(host);
  return match?.[1] ?? match?.[2] ?? null;
}

function ownAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map((one) => one.address.toLowerCase()),
    ),
  );
}
