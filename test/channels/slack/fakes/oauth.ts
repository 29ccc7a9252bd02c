import { randomBytes } from "node:crypto";
import { type PlatformRules, text } from "./call.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { APP_ID, type Fields, type SlackTeam, type SlackWorld } from "./slack-world.ts";

/** A bot token for a workspace, with the scopes that were agreed to. */
export function issueToken(
  world: SlackWorld,
  team: SlackTeam,
  scopes: readonly string[],
  isOrganization = false,
): string {
  const token = `xoxb-${team.id}-${randomBytes(12).toString("hex")}`;
  world.tokens.set(token, { token, kind: "bot", team: team.id, scopes, isRevoked: false, isOrganization });
  team.isInstalled = true;
  return token;
}

/** Exchanges the code of an installation for the workspace's token; once. */
export function oauthAccess(world: SlackWorld, rules: PlatformRules, args: Fields): Fields {
  if (args.client_id !== rules.clientId) throw new SlackApiError("invalid_client_id");
  if (args.client_secret !== rules.clientSecret) throw new SlackApiError("bad_client_secret");
  const code = world.codes.get(text(args.code));
  if (!code) throw new SlackApiError("invalid_code");
  if (code.isUsed) throw new SlackApiError("code_already_used");
  if (code.redirect !== null && args.redirect_uri !== undefined && args.redirect_uri !== code.redirect)
    throw new SlackApiError("bad_redirect_uri");
  code.isUsed = true;
  const team = world.teams.get(code.team);
  if (!team) throw new SlackApiError("invalid_code");
  const { isOrganization } = code;
  return {
    ok: true,
    app_id: APP_ID,
    authed_user: { id: [...world.users.values()].find((user) => user.team === team.id && !user.isBot)?.id },
    scope: rules.scopes.join(","),
    token_type: "bot",
    access_token: issueToken(world, team, rules.scopes, isOrganization),
    bot_user_id: team.botUser,
    // docs.slack.dev/enterprise: an organisation's installation names no team.
    team: isOrganization ? null : { id: team.id, name: team.name },
    enterprise: isOrganization ? { id: "E0STARSHIP", name: "Starship" } : null,
    is_enterprise_install: isOrganization,
  };
}

/**
 * Somebody of the workspace agrees on Slack's page: the address that the app sent them to becomes the address that
 * they come back to. Throws what the page would complain of.
 */
export function consent(
  world: SlackWorld,
  rules: PlatformRules,
  authorizeUrl: string,
  team: SlackTeam,
  isOrganization = false,
): string {
  const url = new URL(authorizeUrl);
  if (url.searchParams.get("client_id") !== rules.clientId) throw new SlackApiError("invalid_client_id");
  const redirect = url.searchParams.get("redirect_uri");
  if (!redirect) throw new SlackApiError("bad_redirect_uri");
  const wanted = (url.searchParams.get("scope") ?? "").split(",").filter(Boolean);
  if (wanted.length === 0) throw new SlackApiError("invalid_scope");
  const code = randomBytes(16).toString("hex");
  world.codes.set(code, { team: team.id, redirect, isOrganization, isUsed: false });
  const back = new URL(redirect);
  back.searchParams.set("code", code);
  back.searchParams.set("state", url.searchParams.get("state") ?? "");
  return back.href;
}
