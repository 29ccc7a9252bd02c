import type { ChannelCheck } from "../../../src/types/channel-host.ts";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import type { AccessToken } from "./access-token.ts";

/** What `steward doctor --channel teams` finds about the registration; asks Microsoft, changes nothing. */
export async function checkTransport(options: {
  readonly settings: TeamsSettings;
  readonly isLocal: boolean;
  readonly token: AccessToken | null;
  readonly refreshKeys: (() => Promise<number>) | null;
}): Promise<readonly ChannelCheck[]> {
  const { settings, token, refreshKeys } = options;
  if (options.isLocal || !token || !refreshKeys) {
    return [
      {
        name: "registration",
        ok: true,
        detail: "Local trial: no app id, only this machine is believed. Teams itself cannot reach it.",
        remedy: null,
      },
    ];
  }
  const [signIn, keys] = await Promise.all([
    attempt(
      "sign-in",
      async () => {
        await token.read();
        return `The app ${settings.appId} signs in to tenant ${settings.tenantId}.`;
      },
      "In Microsoft Entra, under the app's certificates and secrets, make a new secret and set it; compare app id and tenant.",
    ),
    attempt(
      "signing keys",
      async () => `${await refreshKeys()} keys of the Bot Framework are known; messages can be verified.`,
      "Let this server reach login.botframework.com on port 443, or set the proxy; until then messages are answered with 503.",
    ),
  ]);
  return [signIn, keys, checkAddress(settings.publicUrl)];
}

async function attempt(name: string, work: () => Promise<string>, remedy: string): Promise<ChannelCheck> {
  try {
    return { name, ok: true, detail: await work(), remedy: null };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), remedy };
  }
}

function checkAddress(publicUrl: string | null): ChannelCheck {
  const name = "public address";
  const url = publicUrl === null ? null : URL.parse(publicUrl);
  if (url?.protocol === "https:") {
    return { name, ok: true, detail: `Teams is to reach this server at ${url.origin}.`, remedy: null };
  }
  return {
    name,
    ok: false,
    detail: publicUrl === null ? "No public address is set." : `${publicUrl} is not an https address.`,
    remedy:
      "Set the https address under which Teams reaches this server, and enter it as the bot's messaging endpoint.",
  };
}
