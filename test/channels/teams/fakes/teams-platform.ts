import type { TeamsSettings } from "../../../../src/types/channel-settings.ts";
import type { Json, JsonObject } from "../../../../src/types/json.ts";
import type { Fault } from "./connector-routes.ts";
import { createRateLedger } from "./rate-ledger.ts";
import { createKey, signToken, type TeamsKey, type TokenWish } from "./teams-keys.ts";
import { type BotAnswer, createPeople } from "./teams-people.ts";
import { type ServerSettings, startTeamsServer } from "./teams-server.ts";
import { basePlace, createTeamsState, type TeamsConversation, type TeamsUser } from "./teams-state.ts";

export type { TeamsConversation, TeamsUser };

type Options = {
  readonly now?: () => number;
  /** Without an app id and without tokens. */
  readonly isLocal?: boolean;
  readonly tenant?: string;
  /** `off` only where the test is about something else and speed matters. */
  readonly limits?: "on" | "off";
};

const APP_ID = "5d0b5d34-9a0c-4c46-8d6c-0a4f2f8b6a11";
const APP_PASSWORD = "not-a-secret";
const TENANT = "0f6e1c7a-52b7-4a47-9e2d-3f5c6f7a8b90";
const ISSUER = "https://api.botframework.com";

/** Made once a process: RSA keys take their time. */
let usualKeys: Promise<readonly [TeamsKey, TeamsKey]> | null = null;

export type TeamsPlatform = Awaited<ReturnType<typeof startTeamsPlatform>>;

/**
 * A local Teams: connector, sign-in, signing keys and files on loopback, and people who write, click and look. Takes
 * nothing of the bot that Teams would not; `problems` and `ledger.violations` say what was wrong.
 */
export async function startTeamsPlatform(options: Options = {}) {
  const isLocal = options.isLocal ?? false;
  const state = createTeamsState({
    tenant: options.tenant ?? TENANT,
    appId: APP_ID,
    now: options.now ?? Date.now,
  });
  const ledger = createRateLedger(state.now, options.limits !== "off");
  usualKeys ??= Promise.all([createKey(), createKey()]);
  const [channelKey, botKey] = await usualKeys;
  const settings: ServerSettings = {
    appId: APP_ID,
    appPassword: APP_PASSWORD,
    scope: "https://api.botframework.com",
    issuer: ISSUER,
    isOpen: isLocal,
    keys: [channelKey],
    metadata: "up",
    faults: [],
    tokenLifeS: 3600,
    exchange: (token) => `exchanged:${token}`,
  };
  const server = await startTeamsServer(state, ledger, settings, botKey);
  const serviceUrl = `${server.origin}/connector/`;
  let endpoint: string | null = null;
  let signingKey: TeamsKey = channelKey;

  const token = (wish: TokenWish = {}): Promise<string> =>
    signToken(signingKey, { issuer: ISSUER, audience: APP_ID, serviceUrl, now: state.now() }, wish);

  /** Posts to the bot's messaging endpoint, as Teams or as somebody who pretends. */
  const post = async (
    activity: unknown,
    as: {
      readonly wish?: TokenWish;
      readonly authorization?: string | null;
      readonly raw?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<BotAnswer> => {
    if (endpoint === null) throw new Error("connectBot(url) first");
    const usual = isLocal ? null : `Bearer ${await token(as.wish)}`;
    const authorization = as.authorization === undefined ? usual : as.authorization;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(authorization === null ? {} : { authorization }),
        ...as.headers,
      },
      body: as.raw ?? JSON.stringify(activity),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as Json) };
  };

  const people = createPeople(state, post, { serviceUrl, port: server.port });

  return {
    serviceUrl,
    origin: server.origin,
    tenant: state.tenant,
    bot: state.bot,
    state,
    ledger,
    /** What Teams refused of the bot, in words; empty when it behaved. */
    problems: state.problems,
    connectBot(url: string): void {
      endpoint = url;
    },
    settings(sdk: TeamsSettings["sdk"] = "botbuilder"): TeamsSettings {
      return {
        appId: isLocal ? null : APP_ID,
        appPassword: isLocal ? null : APP_PASSWORD,
        tenantId: isLocal ? null : state.tenant,
        sdk,
        isLocal,
        endpoints: {
          ToChannelFromBotLoginUrl: `${server.origin}/login`,
          ToBotFromChannelOpenIdMetadataUrl: `${server.origin}/openid`,
          ToBotFromChannelTokenIssuer: ISSUER,
          OAuthUrl: `${server.origin}/oauth`,
          ServiceHosts: `127.0.0.1:${server.port}`,
          FileHosts: `localhost:${server.port}`,
        },
        publicUrl: "https://steward.example.com",
      };
    },
    token,
    post,
    ...people,
    /** A reference to a place, as the bot would have kept it. */
    refOf(
      conversation: TeamsConversation,
      user: TeamsUser | null = null,
      place: string = conversation.id,
    ): JsonObject {
      return {
        serviceUrl,
        channelId: "msteams",
        conversation: {
          id: basePlace(place) === place ? conversation.id : place,
          conversationType: conversation.kind,
          tenantId: state.tenant,
          isGroup: conversation.kind !== "personal",
          name: null,
        },
        bot: { ...state.bot, aadObjectId: null },
        agent: { ...state.bot, aadObjectId: null },
        user: user ? { id: user.id, name: user.name, aadObjectId: user.aadObjectId } : null,
        activityId: null,
      };
    },
    fault(fault: Omit<Fault, "times"> & { readonly times?: number }): void {
      settings.faults.push({ ...fault, times: fault.times ?? 1 });
    },
    setMetadata(how: ServerSettings["metadata"]): void {
      settings.metadata = how;
    },
    setExchange(exchange: ServerSettings["exchange"]): void {
      settings.exchange = exchange;
    },
    setTokenLife(seconds: number): void {
      settings.tokenLifeS = seconds;
    },
    /** Microsoft signs with a new key from now on; the old one is no longer published. */
    async rotateKeys(endorsements?: readonly string[]): Promise<void> {
      signingKey = await createKey(endorsements);
      settings.keys = [signingKey];
    },
    async revokeTokens(): Promise<void> {
      server.revokeTokens(await createKey());
    },
    makeKey: createKey,
    tokensGiven: server.tokensGiven,
    keysAsked: server.keysAsked,
    close: server.close,
  };
}
