import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../../../src/types/json.ts";
import { connectorReply, type Fault, type Reply, readText, writeReply } from "./connector-routes.ts";
import type { RateLedger } from "./rate-ledger.ts";
import { asJwk, isBotToken, signBotToken, type TeamsKey } from "./teams-keys.ts";
import type { TeamsState } from "./teams-state.ts";

export type ServerSettings = {
  readonly appId: string;
  readonly appPassword: string;
  readonly scope: string;
  readonly issuer: string;
  /** Whether callers must prove to be the bot; not on the local trial. */
  readonly isOpen: boolean;
  keys: readonly TeamsKey[];
  metadata: "up" | "down" | "garbage";
  readonly faults: Fault[];
  tokenLifeS: number;
  /** What single sign-on trades a token for; null for missing consent. */
  exchange: (token: string) => string | null;
};

/** One loopback server for what Microsoft has in several: sign-in, OpenID metadata, connector, token service, files. */
export async function startTeamsServer(
  state: TeamsState,
  ledger: RateLedger,
  settings: ServerSettings,
  botKey: TeamsKey,
) {
  let tokensGiven = 0;
  let keysAsked = 0;
  let tokenKey = botKey;
  const reply = async (
    method: string,
    url: URL,
    text: string,
    header: string | undefined,
  ): Promise<Reply> => {
    const parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
    const [area = "", ...rest] = parts;
    if (area === "login") return signIn(text);
    if (area === "openid") return metadata(url);
    if (area === "keys") {
      keysAsked++;
      return { status: 200, body: { keys: await Promise.all(settings.keys.map(asJwk)) } };
    }
    if (area === "files") return file(rest[0] ?? "", header);
    const isBot = await isBotToken(tokenKey, header, {
      appId: settings.appId,
      scope: settings.scope,
      now: state.now(),
    });
    if (!settings.isOpen && !isBot)
      return { status: 401, body: { error: { code: "Unauthorized", message: "No valid token." } } };
    if (area === "oauth") return exchange(url, text);
    if (area !== "connector") return { status: 404 };
    let body: JsonObject = {};
    if (text !== "") body = JSON.parse(text) as JsonObject;
    return connectorReply(state, ledger, { method, parts: rest, query: url.searchParams, body });
  };
  const signIn = async (text: string): Promise<Reply> => {
    const form = new URLSearchParams(text);
    const isRight =
      form.get("grant_type") === "client_credentials" &&
      form.get("client_id") === settings.appId &&
      form.get("client_secret") === settings.appPassword;
    if (!isRight)
      return { status: 401, body: { error: "invalid_client", error_description: "AADSTS7000215" } };
    if (form.get("scope") !== `${settings.scope}/.default`)
      return { status: 400, body: { error: "invalid_scope" } };
    tokensGiven++;
    const token = await signBotToken(tokenKey, {
      appId: settings.appId,
      scope: settings.scope,
      now: state.now(),
      lifeS: settings.tokenLifeS,
    });
    return {
      status: 200,
      body: { token_type: "Bearer", expires_in: settings.tokenLifeS, access_token: token },
    };
  };
  const metadata = (url: URL): Reply => {
    if (settings.metadata === "down") return { status: 503 };
    if (settings.metadata === "garbage") return { status: 200, body: { hello: "world" } };
    const body = {
      issuer: settings.issuer,
      jwks_uri: `${url.origin}/keys`,
      id_token_signing_alg_values_supported: ["RS256"],
    };
    return { status: 200, body };
  };
  const file = (id: string, header: string | undefined): Reply => {
    const found = state.files.get(id);
    if (header) state.problems.push("the bot's token went to a file server");
    if (!found?.isPublic) return { status: 404 };
    return { status: 200, body: found.content, headers: { "content-type": "application/octet-stream" } };
  };
  const exchange = (url: URL, text: string): Reply => {
    const { token } = JSON.parse(text || "{}") as { token?: string };
    const connectionName = url.searchParams.get("connectionName");
    if (!token || !connectionName || url.searchParams.get("channelId") !== "msteams") return { status: 400 };
    const traded = settings.exchange(token);
    if (traded === null)
      return { status: 412, body: { error: { code: "PreconditionFailed", message: "consent" } } };
    return {
      status: 200,
      body: { channelId: "msteams", connectionName, token: traded, expiration: "2030-01-01T00:00:00Z" },
    };
  };

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? "/", `http://${req.headers.host ?? "127.0.0.1"}`);
    const method = req.method ?? "GET";
    const call = `${method} ${decodeURIComponent(url.pathname)}`;
    const work = async (): Promise<void> => {
      const text = await readText(req);
      const fault = settings.faults.find(({ on, times }) => times > 0 && on.test(call));
      if (fault) fault.times--;
      if (fault?.delayMs) await sleep(fault.delayMs);
      const isInstead =
        fault !== undefined && !fault.isAfter && (fault.isDropped || fault.status !== undefined);
      const answer = isInstead
        ? { status: fault.status ?? 0 }
        : await reply(method, url, text, req.headers.authorization);
      const shown: Reply =
        fault?.status === undefined
          ? answer
          : {
              status: fault.status,
              body: { error: { code: "Fault", message: "on purpose" } },
              ...(fault.retryAfterS === undefined
                ? {}
                : { headers: { "retry-after": String(fault.retryAfterS) } }),
            };
      state.calls.push({
        method,
        path: url.pathname,
        status: fault?.isDropped ? 0 : shown.status,
        at: state.now(),
      });
      if (fault?.isDropped) res.destroy();
      else writeReply(res, shown);
    };
    work().catch((error: unknown) => {
      state.problems.push(`the stand-in failed: ${String(error)}`);
      writeReply(res, { status: 500 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    tokensGiven: () => tokensGiven,
    keysAsked: () => keysAsked,
    /** Tokens given so far are worth nothing any more. */
    revokeTokens(key: TeamsKey) {
      tokenKey = key;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
