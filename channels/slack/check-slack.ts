import type { webApi } from "@slack/bolt";
import type { ChannelCheck, ChannelHost } from "../../src/types/channel-host.ts";
import type { SlackSettings } from "../../src/types/channel-settings.ts";
import type { Installations, Workspace } from "./installations.ts";
import { BOT_SCOPES, EVENTS_PATH } from "./manifest.ts";
import { createWebClient, toFailure } from "./slack-call.ts";

type Parts = {
  readonly settings: SlackSettings;
  readonly host: Pick<ChannelHost, "now" | "vault">;
  readonly installations: Installations;
  readonly api: typeof webApi;
  readonly logger: webApi.Logger;
};

/** Slack refuses, and we refuse, signatures whose time is further away than five minutes; say it well before. */
const MAX_SKEW_S = 60;
const TIMEOUT_MS = 10_000;

const good = (name: string, detail: string): ChannelCheck => ({ name, ok: true, detail, remedy: null });
const bad = (name: string, detail: string, remedy: string): ChannelCheck => ({
  name,
  ok: false,
  detail,
  remedy,
});

/** Tokens, scopes, signature, reachability, clock: what is well and what to do about the rest. Changes nothing. */
export async function checkSlack(parts: Parts): Promise<readonly ChannelCheck[]> {
  const found: ChannelCheck[] = [];
  const { settings } = parts;
  if (settings.botToken === null && settings.clientId === null) {
    found.push(
      bad(
        "Bot token",
        "There is none.",
        "Set the bot token (xoxb-…), or client id and secret for several workspaces.",
      ),
    );
  }
  const workspaces = await listWorkspaces(parts, found);
  for (const workspace of workspaces) found.push(...(await checkWorkspace(parts, workspace)));
  found.push(...(settings.mode === "socket" ? await checkSocket(parts) : await checkHttp(parts)));
  return found;
}

async function listWorkspaces(parts: Parts, found: ChannelCheck[]): Promise<readonly Workspace[]> {
  const { installations, settings } = parts;
  try {
    const workspaces = await installations.all();
    if (workspaces.length === 0 && (settings.botToken !== null || settings.clientId !== null)) {
      found.push(
        settings.botToken !== null
          ? bad(
              "Workspace",
              "The bot token's workspace is not on the list of workspaces.",
              "Add its team id (T…) to the list, or take the token of one that is on it.",
            )
          : bad(
              "Workspace",
              "Steward is not installed in any workspace of the list.",
              "Open /channels/slack/install as an administrator of the workspace, and see that its team id (T…) is on the list.",
            ),
      );
    }
    return workspaces;
  } catch (error) {
    const { code } = toFailure(parts.api, error);
    const detail = code === "org_wide_token" ? "It is not a workspace's token." : `Slack answered: ${code}.`;
    found.push(bad("Bot token", detail, remedyOf(code)));
    return [];
  }
}

async function checkWorkspace(parts: Parts, workspace: Workspace): Promise<readonly ChannelCheck[]> {
  const { api, installations, settings, logger, host } = parts;
  const name = `Workspace ${workspace.name}`;
  const token = await installations.tokenOf(workspace.team);
  if (token === null) return [bad(name, "There is no token for it.", "Install Steward there again.")];
  try {
    const before = host.now().getTime();
    const response = await askRaw(token, settings.apiUrl, "auth.test");
    const after = host.now().getTime();
    const me = await createWebClient(api, token, settings.apiUrl, logger).auth.test();
    const checks = [good(name, `Steward is ${me.user ?? workspace.botUser} there.`)];
    const granted = (response.headers.get("x-oauth-scopes") ?? "").split(",").map((scope) => scope.trim());
    const missing = BOT_SCOPES.filter((scope) => !granted.includes(scope));
    checks.push(
      missing.length === 0
        ? good(`${name}: scopes`, `All ${BOT_SCOPES.length} are there.`)
        : bad(
            `${name}: scopes`,
            `Missing: ${missing.join(", ")}.`,
            "Paste the newest manifest (steward channels slack manifest) into the app's settings and install it again.",
          ),
    );
    const slackTime = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(slackTime)) checks.push(clock(slackTime, (before + after) / 2, name));
    return checks;
  } catch (error) {
    const { code } = toFailure(api, error);
    return [bad(name, `Slack answered: ${code}.`, remedyOf(code))];
  }
}

function clock(slack: number, here: number, name: string): ChannelCheck {
  const skewS = Math.round(Math.abs(here - slack) / 1_000);
  return skewS <= MAX_SKEW_S
    ? good(`${name}: clock`, `This machine's clock differs by ${skewS} s from Slack's.`)
    : bad(
        `${name}: clock`,
        `This machine's clock differs by ${skewS} s from Slack's; from 300 s on no signature is taken.`,
        "Set the clock, best by NTP.",
      );
}

async function checkSocket({ api, settings, logger }: Parts): Promise<readonly ChannelCheck[]> {
  const name = "Socket Mode";
  if (settings.appToken === null) {
    return [
      bad(
        name,
        "There is no app-level token.",
        "Make one (xapp-…) with the scope connections:write and set it.",
      ),
    ];
  }
  if (!settings.appToken.startsWith("xapp-")) {
    return [
      bad(
        name,
        "This is not an app-level token.",
        "Set the one that begins with xapp-, from Basic Information.",
      ),
    ];
  }
  try {
    await createWebClient(api, settings.appToken, settings.apiUrl, logger).apps.connections.open();
    return [good(name, "Slack gives a connection.")];
  } catch (error) {
    const { code } = toFailure(api, error);
    return [bad(name, `Slack answered: ${code}.`, remedyOf(code))];
  }
}

async function checkHttp({ settings }: Parts): Promise<readonly ChannelCheck[]> {
  const found: ChannelCheck[] = [];
  const { signingSecret, publicUrl } = settings;
  found.push(
    signingSecret === null || signingSecret.length < 16
      ? bad(
          "Signing secret",
          "There is none, or it is too short.",
          "Copy it from Basic Information, App Credentials.",
        )
      : good("Signing secret", "It is set; only Slack's own requests are taken."),
  );
  if (publicUrl === null) {
    found.push(
      bad(
        "Public address",
        "None is set.",
        "Set the address under which Slack reaches this server, or use Socket Mode.",
      ),
    );
    return found;
  }
  if (!publicUrl.startsWith("https://")) {
    found.push(
      bad(
        "Public address",
        "It is not an https address.",
        "Slack sends to https only: put a certificate before it.",
      ),
    );
  }
  try {
    // Unsigned, so a server that is ours refuses it.
    const response = await fetch(`${publicUrl}${EVENTS_PATH}`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    found.push(
      response.status === 401
        ? good("Reachable", `${publicUrl} leads here, and refuses what Slack did not sign.`)
        : bad(
            "Reachable",
            `${publicUrl} answered ${response.status}.`,
            "See that the address leads to this server, and that Steward runs with Slack on.",
          ),
    );
  } catch {
    found.push(
      bad(
        "Reachable",
        `${publicUrl} did not answer.`,
        "See DNS, certificate and firewall; Steward must run for this.",
      ),
    );
  }
  return found;
}

async function askRaw(token: string, apiUrl: string | null, method: string): Promise<Response> {
  const response = await fetch(new URL(method, apiUrl ?? "https://slack.com/api/"), {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response;
}

function remedyOf(code: string): string {
  if (code === "org_wide_token") {
    return "The token is that of a whole organisation (Enterprise Grid). Install the app in one workspace and set that token, or let each workspace install it (docs/slack.md, Several workspaces).";
  }
  if (code === "invalid_auth" || code === "not_authed" || code === "token_expired") {
    return "The token is wrong or has ended: copy it again from the app's settings.";
  }
  if (code === "token_revoked" || code === "account_inactive") {
    return "The app was removed from the workspace or its token revoked: install it again and set the new token.";
  }
  if (code === "missing_scope" || code === "not_allowed_token_type") {
    return "The token lacks a right: make it as docs/slack.md says.";
  }
  if (code === "unreachable")
    return "This machine does not reach Slack: see network, proxy and certificates.";
  return "Try again in a minute; if it stays, see status.slack.com.";
}
