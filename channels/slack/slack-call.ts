import type { webApi } from "@slack/bolt";
import type { Installations } from "./installations.ts";
import type { SendQueue } from "./send-queue.ts";
import type { SendingMark } from "./sending-mark.ts";
import { codeOf, failureOf, isTokenCode, SlackFailure } from "./slack-failure.ts";

/** One try of a call may take so long; the platform's own answer is there within a second. */
const TIMEOUT_MS = 10_000;
/**
 * A call waits at most so long for its turn within the rate limits; the outbox, which has 20 sendings at a time and
 * counts one of 50 s as failed, then sends something else and comes back when the queue said.
 */
const PATIENT_MS = 8_000;

export type CallOptions = {
  /** Conversation whose own rate counts too. */
  readonly conversation?: string;
  /** How long to wait for a turn within the rate limits, milliseconds; 8 s when left out. */
  readonly maxWaitMs?: number;
};

/** Asks the Web API on behalf of a workspace; what comes back is unread, failures are `SlackFailure`. */
export type SlackCall = (
  team: string,
  method: string,
  args: Readonly<Record<string, unknown>>,
  options?: CallOptions,
) => Promise<Readonly<Record<string, unknown>>>;

type WebApi = Pick<typeof webApi, "WebClient" | "ErrorCode">;

/** The SDK's own way to the Web API, without its half hour of retries: the queue and the outbox wait instead. */
export function createWebClient(
  api: WebApi,
  token: string | undefined,
  apiUrl: string | null,
  logger: webApi.Logger,
): webApi.WebClient {
  return new api.WebClient(token, {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    logger,
  });
}

/**
 * Calls within the rate limits, each with the token of its workspace. A token that Slack refuses is said once in the
 * log, until it works again.
 */
export function createSlackCall(options: {
  readonly api: WebApi;
  readonly apiUrl: string | null;
  readonly logger: webApi.Logger;
  readonly installations: Installations;
  readonly queue: SendQueue;
  readonly sending: SendingMark;
  readonly log: (level: "info" | "warn", what: string, about: Readonly<Record<string, unknown>>) => void;
}): SlackCall {
  const { api, installations, queue, sending } = options;
  const clients = new Map<string, { readonly token: string; readonly client: webApi.WebClient }>();
  const refused = new Map<string, string>();

  const clientOf = async (team: string): Promise<webApi.WebClient> => {
    const token = await installations.tokenOf(team);
    if (token === null) throw new SlackFailure("no_workspace", { isPermanent: true });
    const known = clients.get(team);
    if (known?.token === token) return known.client;
    const client = createWebClient(api, token, options.apiUrl, options.logger);
    clients.set(team, { token, client });
    return client;
  };

  return async (team, method, args, { conversation, maxWaitMs = PATIENT_MS } = {}) => {
    const client = await clientOf(team);
    await sending.learn();
    await queue.take(team, method, conversation ?? null, maxWaitMs);
    await sending.renew();
    try {
      const answer = await client.apiCall(method, { ...args });
      if (refused.delete(team)) options.log("info", "Slack takes the workspace's token again.", { team });
      return answer as unknown as Readonly<Record<string, unknown>>;
    } catch (error) {
      const failure = toFailure(api, error);
      if (failure.code === "rate_limited") {
        queue.pause(team, method, conversation ?? null, failure.retryAfterMs ?? 1_000);
      }
      if (isTokenCode(failure.code) && refused.get(team) !== failure.code) {
        refused.set(team, failure.code);
        options.log("warn", "Slack refuses the workspace's token; nothing is lost, it is tried again.", {
          team,
          code: failure.code,
          remedy:
            "Install the app again or set a valid bot token; `steward doctor --channel slack` shows more.",
        });
      }
      throw failure;
    }
  };
}

/** What the SDK throws, in terms of what to do about it. */
export function toFailure(api: Pick<typeof webApi, "ErrorCode">, error: unknown): SlackFailure {
  if (error instanceof SlackFailure) return error;
  const { code, data, retryAfter, statusCode } = error as {
    code?: unknown;
    data?: { error?: unknown };
    retryAfter?: unknown;
    statusCode?: unknown;
  };
  if (code === api.ErrorCode.RateLimitedError) {
    const seconds = typeof retryAfter === "number" && retryAfter >= 0 ? retryAfter : 1;
    return new SlackFailure("rate_limited", { retryAfterMs: seconds * 1_000 });
  }
  if (code === api.ErrorCode.PlatformError) return failureOf(String(data?.error ?? "unknown_error"), error);
  if (code === api.ErrorCode.HTTPError) {
    return new SlackFailure(`http_${statusCode}`, { isFateUnknown: true }, { cause: error });
  }
  return new SlackFailure("unreachable", { isFateUnknown: true }, { cause: error });
}

/** The result, or null when Slack answered with one of these codes. */
export async function orNull<T>(call: Promise<T>, ...codes: readonly string[]): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    const code = codeOf(error);
    if (code !== null && (codes.length === 0 || codes.includes(code))) return null;
    throw error;
  }
}
