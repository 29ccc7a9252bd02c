import { setTimeout as sleepFor } from "node:timers/promises";
import { z } from "zod";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { StewardError } from "../../../src/types/steward-error.ts";
import { createAccessToken } from "./access-token.ts";
import type { ConversationRef, OutActivity } from "./activity.ts";
import type { ActivityTransport } from "./activity-transport.ts";
import { checkTransport, type Probe, probeAddress } from "./check-transport.ts";
import type { ConnectorOptions, ConnectorPort } from "./connector-port.ts";
import { downloadFile } from "./download-file.ts";
import { isHostAllowed, isLoopbackHost, readEndpoints } from "./endpoints.ts";
import { createReceiver, type Log } from "./receive-activity.ts";
import { createSendGate } from "./send-gate.ts";
import { createSendPolicy } from "./send-policy.ts";
import { readMember, readRoster } from "./teams-members.ts";
import { TeamsSendError } from "./teams-send-error.ts";
import { createTokenVerifier } from "./verify-token.ts";

const CALL_TIMEOUT_MS = 15_000;
const created = z.object({ id: z.string().min(1).max(1024) });
const sent = z.object({ id: z.string().max(1024).nullish() }).nullish();
const exchanged = z.object({ token: z.string().min(1), expiration: z.coerce.string().nullish() });

export type TransportOptions = {
  readonly settings: TeamsSettings;
  /** Whether the server listens on this machine's loopback only; without an app id nothing else is accepted. */
  readonly isLoopback: boolean;
  readonly log: Log;
  readonly now?: () => Date;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly random?: () => number;
  /** How the doctor asks whether this server is reached from outside. */
  readonly probe?: Probe;
};

/**
 * The way to and from Teams with the SDK that the settings name, which is loaded here and not before. Throws TMS-403
 * without an app id (but for the local trial on loopback) and TMS-400 for settings that do not fit.
 */
export async function createActivityTransport(options: TransportOptions): Promise<ActivityTransport> {
  const { settings, log } = options;
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? ((ms: number) => sleepFor(ms));
  const endpoints = readEndpoints(settings);
  const app = readApp(settings, options.isLoopback);
  const token = app === null ? null : createAccessToken(endpoints, app, now, log);
  const verifier = app === null ? null : createTokenVerifier(endpoints, app.id, now);
  const connector = await loadConnector(settings.sdk, {
    appId: app?.id ?? "local",
    token: async () => (token ? token.read() : null),
    endpoints,
    timeoutMs: CALL_TIMEOUT_MS,
  });
  const run = createSendPolicy({
    gate: createSendGate({ now, sleep }),
    forgetToken: () => token?.forget(),
    sleep,
    random: options.random ?? Math.random,
  });
  const isOurs = (address: string): boolean =>
    app === null
      ? isLoopbackHost(URL.parse(address)?.hostname ?? "")
      : isHostAllowed(address, endpoints.serviceHosts);
  /** Our token goes to Teams and to nobody else, whatever a reference says. */
  const checkAddress = (address: string): void => {
    if (isOurs(address)) return;
    throw new TeamsSendError("The stored address is not one of Teams.", { status: null, isPermanent: true });
  };
  /** All threads of a channel share its limits. */
  const key = (ref: ConversationRef) => ref.conversation.id.split(";")[0] ?? "";
  const roster = (ref: ConversationRef) => ({ tenant: ref.conversation.tenantId, isLenient: app === null });

  return {
    sdk: settings.sdk,
    handle: createReceiver({ endpoints, verify: verifier?.verify ?? null, log }),
    async send(ref, activity, { isOnce = false } = {}) {
      checkAddress(ref.serviceUrl);
      const wire = toWire(ref, activity);
      const what = { kind: "send", conversation: key(ref), isOnce } as const;
      const answer = await run(what, () => connector.send(ref, wire));
      return { id: sent.parse(answer)?.id ?? "" };
    },
    async update(ref, id, activity) {
      checkAddress(ref.serviceUrl);
      const wire = toWire(ref, activity);
      await run({ kind: "send", conversation: key(ref) }, () => connector.update(ref, id, wire));
    },
    async remove(ref, id) {
      checkAddress(ref.serviceUrl);
      try {
        await run({ kind: "send", conversation: key(ref) }, () => connector.remove(ref, id));
      } catch (error) {
        if (!(error instanceof TeamsSendError && error.teamsStatus === 404)) throw error;
      }
    },
    async createDirect({ serviceUrl, tenant, user, bot }) {
      checkAddress(serviceUrl);
      const start = {
        bot: { id: bot.id, ...(bot.name === null ? {} : { name: bot.name }) },
        members: [{ id: user }],
        tenantId: tenant,
        isGroup: false,
        channelData: { tenant: { id: tenant } },
      } as const;
      const answer = await run({ kind: "create", conversation: `direct ${user}` }, () =>
        connector.createConversation(serviceUrl, start),
      );
      const { id } = created.parse(answer);
      return {
        serviceUrl,
        channelId: "msteams",
        conversation: { id, conversationType: "personal", tenantId: tenant, isGroup: false, name: null },
        bot,
        agent: bot,
        user: { id: user, name: null, aadObjectId: null },
        activityId: null,
      };
    },
    async members(ref) {
      checkAddress(ref.serviceUrl);
      return readRoster(
        (next) => run({ kind: "read", conversation: key(ref) }, () => connector.membersPage(ref, next)),
        roster(ref),
      );
    },
    async member(ref, user) {
      checkAddress(ref.serviceUrl);
      try {
        const found = await run({ kind: "read", conversation: key(ref) }, () => connector.member(ref, user));
        return readMember(found, roster(ref));
      } catch (error) {
        if (error instanceof TeamsSendError && error.teamsStatus === 404) return null;
        throw error;
      }
    },
    async download(_ref, url, maxBytes) {
      const hosts = app === null ? { serviceHosts: localHosts(url), fileHosts: [] } : endpoints;
      return downloadFile({ url, maxBytes, hosts, token: async () => (token ? token.read() : null) });
    },
    async exchangeToken({ user, connection, token: theirs }) {
      if (app === null) return null;
      try {
        const answer = await run({ kind: "read", conversation: `tokens ${user}`, isOnce: true }, () =>
          connector.exchangeToken(user, connection, theirs),
        );
        const read = exchanged.safeParse(answer);
        return read.success ? { token: read.data.token, expiresAt: read.data.expiration ?? null } : null;
      } catch (error) {
        // 412: consent is missing; 400 and 404: not set up, or not this person's token.
        if (error instanceof TeamsSendError && [400, 404, 412].includes(error.teamsStatus ?? 0)) return null;
        throw error;
      }
    },
    check: () =>
      checkTransport({
        settings,
        isLocal: app === null,
        token,
        refreshKeys: verifier?.refreshKeys ?? null,
        probe: options.probe ?? probeAddress,
      }),
  };
}

function readApp(
  settings: TeamsSettings,
  isLoopback: boolean,
): { readonly id: string; readonly password: string } | null {
  const { appId, appPassword, tenantId } = settings;
  if (appId) {
    if (!appPassword) throw new StewardError("TMS-400", "The Teams app has no secret.");
    if (!tenantId)
      throw new StewardError("TMS-400", "The Teams app has no tenant: it is registered for a single one.");
    return { id: appId, password: appPassword };
  }
  if (!settings.isLocal) throw new StewardError("TMS-403", "Teams is on, but there is no app id.");
  if (!isLoopback) {
    throw new StewardError(
      "TMS-403",
      "The local Teams trial is only for a server that listens on 127.0.0.1.",
    );
  }
  return null;
}

async function loadConnector(sdk: TeamsSettings["sdk"], options: ConnectorOptions): Promise<ConnectorPort> {
  if (sdk === "agents") return (await import("./agents-connector.ts")).createAgentsConnector(options);
  return (await import("./botbuilder-connector.ts")).createBotbuilderConnector(options);
}

function toWire(ref: ConversationRef, activity: OutActivity): JsonObject {
  const { id, conversationType, tenantId, isGroup } = ref.conversation;
  const account = ({ id, name }: { readonly id: string; readonly name: string | null }) => ({
    id,
    ...(name === null ? {} : { name }),
  });
  return JSON.parse(
    JSON.stringify({
      ...activity,
      channelId: ref.channelId,
      serviceUrl: ref.serviceUrl,
      conversation: { id, conversationType, isGroup, ...(tenantId === null ? {} : { tenantId }) },
      from: account(ref.bot),
      ...(ref.user ? { recipient: account(ref.user) } : {}),
    }),
  );
}

/** On the local trial files come from this machine. */
function localHosts(url: string): readonly string[] {
  const parsed = URL.parse(url);
  return parsed && isLoopbackHost(parsed.hostname) ? [parsed.host] : [];
}
