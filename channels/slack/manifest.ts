import type { SlackSettings } from "../../src/types/channel-settings.ts";
import { ASK_SHORTCUT } from "./ask-about.ts";

/** What the app may do in a workspace, each with its reason in docs/slack.md. */
export const BOT_SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "mpim:history",
  "mpim:read",
  "reactions:read",
  "users:read",
  "users:read.email",
] as const;

const BOT_EVENTS = [
  "agent_session_stopped",
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "member_joined_channel",
  "member_left_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "reaction_removed",
  "user_change",
] as const;

export const EVENTS_PATH = "/channels/slack/events";
export const INSTALL_PATH = "/channels/slack/install";
export const REDIRECT_PATH = "/channels/slack/oauth_redirect";

/**
 * The app manifest, in JSON, for "From a manifest" at api.slack.com/apps. In HTTP mode it needs the public address;
 * without one a placeholder stands there that Slack refuses and a person sees.
 */
export function slackManifest(settings: Pick<SlackSettings, "mode" | "publicUrl" | "clientId">): string {
  const base = settings.publicUrl ?? "https://your-steward.example.com";
  const isSocket = settings.mode === "socket";
  const url = isSocket ? {} : { url: `${base}${EVENTS_PATH}` };
  const request = isSocket ? {} : { request_url: `${base}${EVENTS_PATH}` };
  const hasInstall = !isSocket || settings.clientId !== null;
  const manifest = {
    display_information: {
      name: "Steward",
      description: "Answers from what the company knows, and acts only as its rules allow.",
      background_color: "#22313f",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      agent_view: {
        agent_description:
          "Finds what the company knows, does what its rules allow, and asks the right person first.",
      },
      bot_user: { display_name: "Steward", always_online: true },
      shortcuts: [
        {
          name: "Ask Steward about this",
          type: "message",
          callback_id: ASK_SHORTCUT,
          description: "Ask about a message, in private",
        },
      ],
      slash_commands: [
        {
          command: "/steward",
          description: "Ask Steward; the answer comes to you alone",
          usage_hint: "[your question, or help]",
          should_escape: true,
          ...url,
        },
      ],
    },
    oauth_config: {
      ...(hasInstall && settings.publicUrl !== null ? { redirect_urls: [`${base}${REDIRECT_PATH}`] } : {}),
      scopes: { bot: [...BOT_SCOPES] },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: [...BOT_EVENTS] },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: isSocket,
      token_rotation_enabled: false,
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
