import type { WebhookHandler } from "../../api/webhooks.ts";
import type { ChannelHost, PlatformChannel } from "../../types/channel-host.ts";
import type { SlackSettings, TeamsSettings } from "../../types/channel-settings.ts";

export type Mount = (path: string, handler: WebhookHandler) => void;

/** How the channels are made; their packages are loaded when one is on, and not before. */
export type ChannelRooms = {
  slack(settings: SlackSettings, host: ChannelHost, mount: Mount): Promise<PlatformChannel>;
  teams(settings: TeamsSettings, host: ChannelHost, mount: Mount): Promise<PlatformChannel>;
};

export const CHANNEL_ROOMS: ChannelRooms = {
  slack: async (settings, host, mount) => {
    const { createSlackChannel } = await import("../../../channels/slack/slack-channel.ts");
    return await createSlackChannel(settings, host, mount);
  },
  teams: async (settings, host, mount) => {
    const { createTeamsChannel } = await import("../../../channels/teams/teams-channel.ts");
    return await createTeamsChannel(settings, host, mount);
  },
};

/** The manifest from which Slack makes the app. */
export async function slackManifestOf(settings: SlackSettings): Promise<string> {
  const { slackManifest } = await import("../../../channels/slack/manifest.ts");
  return slackManifest(settings);
}

/** The zip that an administrator uploads to Teams. */
export async function teamsPackageOf(settings: TeamsSettings, version: string): Promise<Uint8Array> {
  const { teamsPackage } = await import("../../../channels/teams/package.ts");
  return teamsPackage(settings, { version });
}
