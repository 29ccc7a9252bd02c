import { z } from "zod";
import { isLoopback } from "../../api/authenticate.ts";
import type { PlatformName } from "../../types/channel-host.ts";
import type { SlackSettings, TeamsSettings } from "../../types/channel-settings.ts";
import { StewardError } from "../../types/steward-error.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type ChannelSettings = {
  readonly slack: SlackSettings | null;
  readonly teams: TeamsSettings | null;
  /** Workspaces and tenants whose people may talk to Steward; null for any (Teams on this machine alone). */
  readonly allowed: Readonly<Record<PlatformName, readonly string[] | null>>;
  readonly vaultKey: string | null;
  /** The key before it: what is under it is sealed anew. */
  readonly formerVaultKey: string | null;
};

export type Place = { readonly host: string; readonly publicUrl: string | null };

export const NO_CHANNELS: ChannelSettings = {
  slack: null,
  teams: null,
  allowed: { slack: [], teams: [] },
  vaultKey: null,
  formerVaultKey: null,
};

const SLACK = [
  "STEWARD_SLACK_MODE",
  "STEWARD_SLACK_WORKSPACES",
  "SLACK_BOT_TOKEN",
  "SLACK_APP_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_CLIENT_ID",
  "SLACK_CLIENT_SECRET",
] as const;
const TEAMS = [
  "STEWARD_TEAMS_SDK",
  "STEWARD_TEAMS_LOCAL",
  "STEWARD_TEAMS_TENANTS",
  "TEAMS_APP_ID",
  "TEAMS_APP_PASSWORD",
  "TEAMS_TENANT_ID",
] as const;

/**
 * Reads which platforms are on and with what. A platform is on when one of its variables is set; then everything that
 * it needs must be. Throws CHN-400 with what is missing or wrong, CHN-403 for Teams without an app id where others
 * reach this server. No secret is ever repeated in an error.
 */
export function readChannelSettings(env: Env, place: Place): ChannelSettings {
  const slack = SLACK.some((name) => text(env, name) !== null) ? requireSlack(env, place) : null;
  const teams = TEAMS.some((name) => text(env, name) !== null) ? requireTeams(env, place) : null;
  const tenants = list(env, "STEWARD_TEAMS_TENANTS");
  const anyTenant = teams?.isLocal === true && tenants.length === 0;
  return {
    slack,
    teams,
    allowed: {
      slack: slack?.workspaces ?? [],
      teams: anyTenant ? null : tenants.length > 0 ? tenants : [teams?.tenantId ?? []].flat(),
    },
    vaultKey: text(env, "STEWARD_VAULT_KEY"),
    formerVaultKey: text(env, "STEWARD_VAULT_KEY_OLD"),
  };
}

/** What is set for Slack so far, complete or not: for its manifest, which comes before its tokens. */
export function draftSlack(env: Env, publicUrl: string | null): SlackSettings {
  const mode = text(env, "STEWARD_SLACK_MODE") ?? (text(env, "SLACK_SIGNING_SECRET") ? "http" : "socket");
  const checked = SLACK_MODE.safeParse(mode);
  if (!checked.success) throw wrong("STEWARD_SLACK_MODE is 'socket' or 'http'.");
  return {
    mode: text(env, "STEWARD_SLACK_MODE") === null && text(env, "SLACK_APP_TOKEN") ? "socket" : checked.data,
    botToken: token(env, "SLACK_BOT_TOKEN", "xoxb-"),
    appToken: token(env, "SLACK_APP_TOKEN", "xapp-"),
    signingSecret: text(env, "SLACK_SIGNING_SECRET"),
    clientId: text(env, "SLACK_CLIENT_ID"),
    clientSecret: text(env, "SLACK_CLIENT_SECRET"),
    workspaces: list(env, "STEWARD_SLACK_WORKSPACES", /^[TE][A-Z0-9]{2,30}$/, "ids such as T012AB3CD"),
    apiUrl: address(env, "SLACK_API_URL"),
    publicUrl: bare(publicUrl),
  };
}

/** What is set for Teams so far, complete or not: for its app package. */
export function draftTeams(env: Env, publicUrl: string | null): TeamsSettings {
  const sdk = TEAMS_SDK.safeParse(text(env, "STEWARD_TEAMS_SDK") ?? "botbuilder");
  if (!sdk.success) throw wrong("STEWARD_TEAMS_SDK is 'botbuilder' or 'agents'.");
  const local = text(env, "STEWARD_TEAMS_LOCAL");
  if (local !== null && local !== "0" && local !== "1") throw wrong("STEWARD_TEAMS_LOCAL is 1 or not set.");
  return {
    appId: guid(env, "TEAMS_APP_ID"),
    appPassword: text(env, "TEAMS_APP_PASSWORD"),
    tenantId: guid(env, "TEAMS_TENANT_ID"),
    sdk: sdk.data,
    isLocal: local === "1",
    endpoints: readEndpoints(env),
    publicUrl: bare(publicUrl),
  };
}

const SLACK_MODE = z.enum(["socket", "http"]);
const TEAMS_SDK = z.enum(["botbuilder", "agents"]);
const GUID = z.guid();
const ENDPOINTS = z.record(z.string().regex(/^[A-Za-z]{3,80}$/), z.string().max(500));

function requireSlack(env: Env, { publicUrl }: Place): SlackSettings {
  const slack = draftSlack(env, publicUrl);
  const missing: string[] = [];
  if (slack.workspaces.length === 0) missing.push("STEWARD_SLACK_WORKSPACES");
  if (slack.mode === "socket" && slack.appToken === null) missing.push("SLACK_APP_TOKEN");
  if (slack.mode === "http" && slack.signingSecret === null) missing.push("SLACK_SIGNING_SECRET");
  const isInstalled = slack.clientId !== null || slack.clientSecret !== null;
  if (isInstalled && slack.clientId === null) missing.push("SLACK_CLIENT_ID");
  if (isInstalled && slack.clientSecret === null) missing.push("SLACK_CLIENT_SECRET");
  if (!isInstalled && slack.botToken === null)
    missing.push("SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)");
  if (missing.length > 0) throw lacking("Slack", missing);
  if (isInstalled && slack.publicUrl === null) {
    throw wrong(
      "Workspaces install Slack's app over the web: say where people reach Steward with --public-url.",
    );
  }
  return slack;
}

function requireTeams(env: Env, { host, publicUrl }: Place): TeamsSettings {
  const teams = draftTeams(env, publicUrl);
  if (teams.isLocal) {
    if (teams.appId !== null)
      throw wrong("STEWARD_TEAMS_LOCAL is for use without TEAMS_APP_ID: unset one of them.");
    if (host !== "localhost" && !isLoopback(host)) throw new StewardError("CHN-403");
    if (publicUrl !== null)
      throw new StewardError("CHN-403", "STEWARD_TEAMS_LOCAL does not go with a public address.");
    return teams;
  }
  const missing = [
    teams.appId === null && "TEAMS_APP_ID",
    teams.appPassword === null && "TEAMS_APP_PASSWORD",
    teams.tenantId === null && "TEAMS_TENANT_ID",
  ].filter((name) => name !== false);
  if (missing.length > 0) throw lacking("Teams", missing);
  return teams;
}

/** Other addresses than Microsoft's, as a JSON object by the name of the SDK's setting. */
function readEndpoints(env: Env): Readonly<Record<string, string>> {
  const given = text(env, "STEWARD_TEAMS_ENDPOINTS");
  if (given === null) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch {
    parsed = null;
  }
  const endpoints = ENDPOINTS.safeParse(parsed);
  if (!endpoints.success)
    throw wrong("STEWARD_TEAMS_ENDPOINTS is a JSON object of addresses by the name of the setting.");
  return endpoints.data;
}

function text(env: Env, name: string): string | null {
  const value = env[name]?.trim() ?? "";
  if (value.length > 8_000) throw wrong(`${name} is too long.`);
  return value === "" ? null : value;
}

function token(env: Env, name: string, begin: string): string | null {
  const value = text(env, name);
  if (value !== null && !value.startsWith(begin))
    throw wrong(`${name} is not a token that begins with ${begin}.`);
  return value;
}

function guid(env: Env, name: string): string | null {
  const value = text(env, name);
  if (value !== null && !GUID.safeParse(value).success)
    throw wrong(`${name} is not an id such as 00000000-0000-0000-0000-000000000000.`);
  return value;
}

function list(env: Env, name: string, form = /^[\w.-]{1,100}$/, what = "ids"): readonly string[] {
  const all = (text(env, name) ?? "").split(/[\s,;]+/).filter(Boolean);
  const odd = all.find((one) => !form.test(one));
  if (odd !== undefined)
    throw wrong(`${name} holds '${odd.slice(0, 40)}': it takes ${what}, with commas between.`);
  return [...new Set(all)];
}

function address(env: Env, name: string): string | null {
  const value = text(env, name);
  if (value !== null && !/^https?:$/.test(URL.parse(value)?.protocol ?? ""))
    throw wrong(`${name} is not an address such as https://slack.com/api/.`);
  return value;
}

const bare = (url: string | null): string | null => url?.replace(/\/+$/, "") ?? null;
const wrong = (detail: string) => new StewardError("CHN-400", detail);
const lacking = (platform: string, missing: readonly string[]) =>
  wrong(
    `${platform} is set up halfway: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`,
  );
