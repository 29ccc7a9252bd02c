import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import { StewardError } from "../../../src/types/steward-error.ts";

/** Addresses of one cloud. */
export type Endpoints = {
  /** Token service of the tenant; `/oauth2/v2.0/token` is added. */
  readonly login: string;
  readonly scope: string;
  readonly issuer: string;
  readonly openIdMetadata: string;
  readonly oauth: string;
  /** Hosts of connectors that get our token: exact, `*.example.com`, or with a port. */
  readonly serviceHosts: readonly string[];
  /** Hosts that files may be fetched from, without our token. */
  readonly fileHosts: readonly string[];
};

/** Connectors of Teams: worldwide, GCC, GCC High and DoD. Not `*.trafficmanager.net`, where anybody may have a name. */
const SERVICE_HOSTS = [
  "smba.trafficmanager.net",
  "*.botframework.com",
  "*.infra.gcc.teams.microsoft.com",
  "*.infra.gov.teams.microsoft.us",
  "*.infra.dod.teams.microsoft.us",
];
/** Files that people send in Teams lie in their OneDrive or the team's SharePoint. */
const FILE_HOSTS = [
  "*.sharepoint.com",
  "*.sharepoint-df.com",
  "*.sharepoint.us",
  "*.sharepoint.cn",
  "*.svc.ms",
];

const NAMES = [
  "ToChannelFromBotLoginUrl",
  "ToChannelFromBotOAuthScope",
  "ToBotFromChannelTokenIssuer",
  "ToBotFromChannelOpenIdMetadataUrl",
  "OAuthUrl",
  "ServiceHosts",
  "FileHosts",
] as const;
/** Names of the SDK's setting that this program does not need: given, they change nothing. */
/** Not an address: the name of the bot's OAuth connection, where single sign-on is set up. */
const SSO_CONNECTION = "SsoConnection";
const UNUSED = ["ToBotFromEmulatorOpenIdMetadataUrl", "CallerId", "ChannelService"];

/**
 * Where Microsoft is, with what the operator says is elsewhere (sovereign clouds, tests). Throws TMS-400 for a name
 * that is not known or an address that is neither https nor on this machine.
 */
export function readEndpoints(settings: Pick<TeamsSettings, "endpoints" | "tenantId">): Endpoints {
  const given = settings.endpoints;
  for (const name of Object.keys(given)) {
    if (![...NAMES, SSO_CONNECTION, ...UNUSED].some((known) => known === name)) {
      throw new StewardError(
        "TMS-400",
        `There is no Teams endpoint "${name}". There are: ${NAMES.join(", ")}.`,
      );
    }
  }
  const address = (name: (typeof NAMES)[number], usual: string): string => {
    const text = given[name] ?? usual;
    if (!isSafeAddress(text)) {
      throw new StewardError("TMS-400", `The Teams endpoint ${name} must be an https address.`);
    }
    return text.replace(/\/+$/, "");
  };
  const hosts = (name: (typeof NAMES)[number], usual: readonly string[]): readonly string[] => {
    const text = given[name];
    return text === undefined
      ? usual
      : text
          .split(",")
          .map((host) => host.trim().toLowerCase())
          .filter(Boolean);
  };
  return {
    login: address(
      "ToChannelFromBotLoginUrl",
      `https://login.microsoftonline.com/${encodeURIComponent(settings.tenantId ?? "botframework.com")}`,
    ),
    scope: given.ToChannelFromBotOAuthScope ?? "https://api.botframework.com",
    issuer: given.ToBotFromChannelTokenIssuer ?? "https://api.botframework.com",
    openIdMetadata: address(
      "ToBotFromChannelOpenIdMetadataUrl",
      "https://login.botframework.com/v1/.well-known/openidconfiguration",
    ),
    oauth: address("OAuthUrl", "https://api.botframework.com"),
    serviceHosts: hosts("ServiceHosts", SERVICE_HOSTS),
    fileHosts: hosts("FileHosts", FILE_HOSTS),
  };
}

/** The OAuth connection of single sign-on; null where there is none. */
export function ssoConnectionOf({ endpoints }: Pick<TeamsSettings, "endpoints">): string | null {
  return endpoints[SSO_CONNECTION]?.trim() || null;
}

/** https, or http to this machine. No user names. */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));
}

/** `127.0.0.1:4100` fits exactly; `*.example.com` fits every name below it; a name without port fits https on 443 only. */
export function isHostAllowed(address: string, hosts: readonly string[]): boolean {
  if (!isSafeAddress(address)) return false;
  const { host } = new URL(address);
  return hosts.some((allowed) =>
    allowed.startsWith("*.")
      ? host.endsWith(allowed.slice(1)) && host.length > allowed.length - 1
      : host === allowed,
  );
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Of a socket's remote address. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (!address) return false;
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}
