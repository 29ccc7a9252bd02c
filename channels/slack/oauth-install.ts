import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { webApi } from "@slack/bolt";
import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { SlackSettings } from "../../src/types/channel-settings.ts";
import type { Installations } from "./installations.ts";
import { BOT_SCOPES, INSTALL_PATH, REDIRECT_PATH } from "./manifest.ts";
import { createWebClient } from "./slack-call.ts";
import { reasonOf } from "./slack-context.ts";

const STATE_MS = 10 * 60_000;
const COOKIE = "steward_slack_install";
const STATE = /^[0-9a-f]{48}$/;
const AUTHORIZE = "https://slack.com/oauth/v2/authorize";

const access = z.object({
  access_token: z.string().startsWith("xoxb-"),
  bot_user_id: z.string(),
  team: z.object({ id: z.string(), name: z.string().optional() }),
});
/** For a whole organisation of Enterprise Grid there is no team, and one token for all of its workspaces. */
const organization = z.object({
  access_token: z.string().startsWith("xoxb-"),
  is_enterprise_install: z.literal(true),
});

type Parts = {
  readonly settings: SlackSettings;
  readonly host: Pick<ChannelHost, "notes" | "now" | "log">;
  readonly installations: Installations;
  readonly api: typeof webApi;
  readonly logger: webApi.Logger;
};
type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * Installation by OAuth 2 (docs.slack.dev/authentication/installing-with-oauth). The state is random, good once, for
 * ten minutes, and only in the browser that began (RFC 6749 §10.12). Only workspaces of the allow-list are taken.
 */
export function createOauthInstall(
  parts: Parts,
  mount: (path: string, handler: (req: IncomingMessage, res: ServerResponse) => void) => void,
): void {
  const guarded = (handler: Handler) => (req: IncomingMessage, res: ServerResponse) => {
    if (req.method !== "GET") return page(res, 405, "This address is for opening in a browser.");
    handler(req, res).catch((error: unknown) => {
      parts.host.log("warn", "An installation in Slack failed.", { reason: reasonOf(error) });
      if (!res.headersSent)
        page(res, 503, "The installation did not work. Nothing was changed. Begin it again.");
    });
  };
  mount(
    INSTALL_PATH,
    guarded(async (_req, res) => await begin(parts, res)),
  );
  mount(
    REDIRECT_PATH,
    guarded(async (req, res) => await finish(parts, req, res)),
  );
}

async function begin({ settings, host }: Parts, res: ServerResponse): Promise<void> {
  const state = randomBytes(24).toString("hex");
  const at = host.now().getTime();
  await host.notes.write(`oauth:${state}`, { at, until: at + STATE_MS });
  const url = new URL(AUTHORIZE);
  url.searchParams.set("client_id", settings.clientId ?? "");
  url.searchParams.set("scope", BOT_SCOPES.join(","));
  url.searchParams.set("state", state);
  url.searchParams.set("redirect_uri", `${settings.publicUrl}${REDIRECT_PATH}`);
  const secure = settings.publicUrl?.startsWith("https:") ? "; Secure" : "";
  res.writeHead(302, {
    location: url.href,
    "cache-control": "no-store",
    "set-cookie": `${COOKIE}=${state}; Path=/channels/slack; HttpOnly; SameSite=Lax; Max-Age=600${secure}`,
  });
  res.end();
}

async function finish(parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { settings, host, installations, api, logger } = parts;
  const query = new URL(req.url ?? "/", "http://local").searchParams;
  const state = query.get("state") ?? "";
  const code = query.get("code") ?? "";
  if (!STATE.test(state) || !isSame(cookieOf(req), state) || !(await isFresh(host, state))) {
    return page(res, 400, "This installation was not begun here, or it took too long. Begin it again.");
  }
  if (query.has("error") || code === "" || code.length > 500) {
    return page(res, 400, "The installation was not allowed in Slack. Nothing was changed.");
  }
  const client = createWebClient(api, undefined, settings.apiUrl, logger);
  const answer = await client.oauth.v2.access({
    client_id: settings.clientId ?? "",
    client_secret: settings.clientSecret ?? "",
    code,
    redirect_uri: `${settings.publicUrl}${REDIRECT_PATH}`,
  });
  const forAll = organization.safeParse(answer);
  if (forAll.success) {
    host.log("warn", "An organisation tried to install Steward in all of its workspaces at once.");
    await revoke(parts, forAll.data.access_token);
    return page(
      res,
      400,
      "Steward is installed in one workspace at a time, not in a whole organisation. Nothing was kept. Begin it again and choose a workspace instead of the organisation; repeat it for each workspace.",
    );
  }
  const read = access.safeParse(answer);
  if (!read.success) {
    return page(res, 400, "Slack gave no token for a workspace. Nothing was kept. Begin it again.");
  }
  const { team, access_token: token, bot_user_id: botUser } = read.data;
  if (!settings.workspaces.includes(team.id)) {
    host.log("warn", "A workspace that is not on the list tried to install Steward.", { team: team.id });
    await revoke(parts, token);
    return page(
      res,
      403,
      "This workspace is not one of those whose people may talk to Steward. Nothing was kept.",
    );
  }
  const me = await createWebClient(api, token, settings.apiUrl, logger).auth.test();
  await installations.save(
    { team: team.id, name: team.name ?? team.id, botUser, botId: me.bot_id ?? null },
    token,
  );
  host.log("info", "Steward was installed in a workspace.", { team: team.id });
  page(res, 200, "Steward is installed. You can close this page and write to it in Slack.");
}

/** What is not kept here must not stay valid elsewhere. */
async function revoke({ api, settings, logger }: Parts, token: string): Promise<void> {
  await createWebClient(api, token, settings.apiUrl, logger)
    .auth.revoke()
    .catch(() => undefined);
}

/** True once for each state that was given out and has not ended. */
async function isFresh(host: Parts["host"], state: string): Promise<boolean> {
  const until = (await host.notes.read(`oauth:${state}`))?.until;
  if (typeof until !== "number" || until < host.now().getTime()) return false;
  if (!(await host.notes.writeOnce(`oauth-used:${state}`, { at: host.now().getTime() }))) return false;
  await host.notes.remove(`oauth:${state}`);
  return true;
}

function cookieOf(req: IncomingMessage): string {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === COOKIE) return value ?? "";
  }
  return "";
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A sentence of ours as a page; nothing of the request stands in it. */
function page(res: ServerResponse, status: number, sentence: string): void {
  res.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "set-cookie": `${COOKIE}=; Path=/channels/slack; HttpOnly; SameSite=Lax; Max-Age=0`,
  });
  res.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Steward</title><body style="font:15px/22px system-ui;margin:3rem auto;max-width:40rem;padding:0 1rem"><p>${sentence}</p></body></html>`,
  );
}
