import { ConnectorFailure } from "./connector-port.ts";
import type { SendGate } from "./send-gate.ts";
import { TeamsSendError } from "./teams-send-error.ts";

/** learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: back off with jitter on these. */
const RETRIED = new Set([412, 429, 502, 504]);
/** Not now, perhaps later: for the outbox. */
const LATER = new Set([401, 408, 409, 412, 425, 429]);
const MAX_TRIES = 4;
const FIRST_WAIT_MS = 400;
/** Of all waits of one call together. */
const MAX_WAIT_MS = 8_000;
const MAX_RETRY_AFTER_MS = 3_600_000;

export type SendPolicy = <T>(
  what: {
    readonly kind: "send" | "create" | "read";
    readonly conversation: string;
    readonly isOnce?: boolean;
  },
  call: () => Promise<T>,
) => Promise<T>;

/**
 * Runs calls to Teams within its limits: waits for its turn, tries again on 412, 429, 502 and 504 with jitter and
 * `Retry-After`, once with a new token on 401, for at most eight seconds. Fails with `TeamsSendError`. A 502 or 504
 * may have been carried out all the same: delivery is at least once.
 */
export function createSendPolicy(options: {
  readonly gate: SendGate;
  readonly forgetToken: () => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}): SendPolicy {
  const { gate } = options;
  return async (what, call) => {
    let waitedMs = 0;
    let hadNewToken = false;
    for (let tries = 1; ; tries++) {
      try {
        return await gate.run(what.kind, what.conversation, call);
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        const { status } = error;
        if (status === 401 && !hadNewToken) {
          hadNewToken = true;
          options.forgetToken();
          continue;
        }
        const namedMs = retryAfterMs(error.retryAfter);
        if (status === 429) gate.hold(what.kind, what.conversation, namedMs ?? 1_000);
        const backoffMs = FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + options.random());
        const waitMs = Math.max(namedMs ?? 0, backoffMs);
        const isTried = status !== null && RETRIED.has(status) && !what.isOnce;
        if (!isTried || tries >= MAX_TRIES || waitedMs + waitMs > MAX_WAIT_MS)
          throw sendError(error, namedMs);
        waitedMs += waitMs;
        await options.sleep(waitMs);
      }
    }
  };
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : null;
}

function sendError(failure: ConnectorFailure, namedMs: number | null): TeamsSendError {
  const { status } = failure;
  const teamsCode = codeOf(failure.body);
  const isPermanent = status !== null && status >= 400 && status < 500 && !LATER.has(status);
  return new TeamsSendError(inWords(status, teamsCode), {
    status,
    teamsCode,
    isPermanent,
    ...(namedMs === null ? {} : { retryAfterMs: namedMs }),
    cause: failure.cause,
  });
}

function inWords(status: number | null, code: string | null): string {
  const named = code === null ? "" : ` (${code})`;
  if (status === null) return "Teams did not answer.";
  if (status === 401) return `Teams does not accept the app's token${named}. Check app id and tenant.`;
  if (status === 403) return `Teams does not let the app write here${named}: it was removed or is blocked.`;
  if (status === 404) return `The conversation or message is no longer there${named}.`;
  if (status === 413) return `The message is too large for Teams${named}.`;
  if (status === 429) return "Teams asked to wait: too many messages.";
  if (status === 400) return `Teams does not accept the message as it is${named}.`;
  return `Teams answered ${status}${named}.`;
}

/** `{ error: { code } }`, as text or read already; both SDKs hand it on in their own way. */
function codeOf(body: unknown): string | null {
  let read = body;
  if (typeof body === "string") {
    try {
      read = JSON.parse(body);
    } catch {
      return null;
    }
  }
  const code = (read as { error?: { code?: unknown } } | null)?.error?.code;
  return typeof code === "string" && /^[\w.-]{1,80}$/.test(code) ? code : null;
}
