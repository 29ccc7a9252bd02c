import type { ChannelCheck } from "../../../src/types/channel-host.ts";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import type { AccessToken } from "./access-token.ts";
import { fetchBounded } from "./fetch-json.ts";

/** Posts nothing to an address, without any token, and says the status; throws when nobody answers. */
export type Probe = (url: string) => Promise<number>;

/** What the bot's registration has for its messaging endpoint, after the public address. */
const MESSAGES_PATH = "/channels/teams/messages";

export async function probeAddress(url: string): Promise<number> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  return (await fetchBounded(url, init, { timeoutMs: 5_000, maxBytes: 65_536 })).status;
}

/** What `steward doctor --channel teams` finds about the registration; asks Microsoft, changes nothing. */
export async function checkTransport(options: {
  readonly settings: TeamsSettings;
  readonly isLocal: boolean;
  readonly token: AccessToken | null;
  readonly refreshKeys: (() => Promise<number>) | null;
  readonly probe: Probe;
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
  const [signIn, keys, address] = await Promise.all([
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
    checkAddress(settings.publicUrl, options.probe),
  ]);
  return [signIn, keys, address];
}

async function attempt(name: string, work: () => Promise<string>, remedy: string): Promise<ChannelCheck> {
  try {
    return { name, ok: true, detail: await work(), remedy: null };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), remedy };
  }
}

/** Steward answers a stranger with 401: who answers otherwise there is not Steward, or nobody answers. */
async function checkAddress(publicUrl: string | null, probe: Probe): Promise<ChannelCheck> {
  const name = "public address";
  const url = publicUrl === null ? null : URL.parse(publicUrl);
  if (url?.protocol !== "https:") {
    return {
      name,
      ok: false,
      detail: publicUrl === null ? "No public address is set." : `${publicUrl} is not an https address.`,
      remedy:
        "Set the https address under which Teams reaches this server, and enter it as the messaging endpoint.",
    };
  }
  const endpoint = `${url.href.replace(/\/+$/, "")}${MESSAGES_PATH}`;
  try {
    const status = await probe(endpoint);
    if (status === 401) {
      return {
        name,
        ok: true,
        detail: `Steward answers at ${endpoint}, and strangers are refused.`,
        remedy: null,
      };
    }
    return {
      name,
      ok: false,
      detail: `${endpoint} answered ${status}; Steward would have answered 401.`,
      remedy: "Let the proxy in front hand this path on to Steward as it is, with its Authorization header.",
    };
  } catch {
    return {
      name,
      ok: false,
      detail: `Nobody answered at ${endpoint} when asked from here.`,
      remedy:
        "Look at name, certificate and proxy. Where only the way from inside is closed, Teams may still get through.",
    };
  }
}
