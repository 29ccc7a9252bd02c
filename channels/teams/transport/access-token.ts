import { z } from "zod";
import type { Endpoints } from "./endpoints.ts";
import { fetchBounded } from "./fetch-json.ts";
import type { Log } from "./receive-activity.ts";
import { TeamsSendError } from "./teams-send-error.ts";

/** A token is renewed this long before it ends. */
const EARLY_MS = 5 * 60_000;
const LIMITS = { timeoutMs: 10_000, maxBytes: 262_144 };
/** After a refusal nobody asks again for this long: a wrong secret does not become right, and Entra locks out. */
const PAUSE_MS = 30_000;
/** What waits to be sent waits longer: an operator has to act, and until then nothing may run out of tries. */
const REFUSED_RETRY_MS = 10 * 60_000;

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusedAnswer = z.object({ error: z.string().max(100), error_description: z.string().optional() });

/** The bot's own token; `forget` after a 401, so that the next one is new. */
export type AccessToken = { read(): Promise<string>; forget(): void };

/**
 * Gets the bot's token by client credentials (RFC 6749, 4.4) and keeps it until shortly before its end; asks once at
 * a time. One for both SDKs, so that both ask, wait and fail in the same way. Throws `TeamsSendError` without the
 * secret in it. That the app is not let in is said once in the log, until it is again.
 */
export function createAccessToken(
  endpoints: Pick<Endpoints, "login" | "scope">,
  app: { readonly id: string; readonly password: string },
  now: () => Date,
  log: Log,
): AccessToken {
  let isRefused = false;
  let held: { readonly token: string; readonly until: number } | null = null;
  let pause: { readonly until: number; readonly error: TeamsSendError } | null = null;
  let asking: Promise<string> | null = null;

  const ask = async (): Promise<string> => {
    const answer = await fetchBounded(
      `${endpoints.login}/oauth2/v2.0/token`,
      {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: app.id,
          client_secret: app.password,
          scope: `${endpoints.scope}/.default`,
        }),
      },
      LIMITS,
    ).catch((cause: unknown) => {
      throw new TeamsSendError("Microsoft's sign-in service did not answer.", { status: null, cause });
    });
    const body = parseJson(answer.body);
    const token = granted.safeParse(body);
    if (answer.status === 200 && token.success) {
      const { access_token, expires_in } = token.data;
      const lifeMs = expires_in * 1000;
      if (isRefused) log("info", "teams: Microsoft lets the app sign in again", {});
      isRefused = false;
      held = { token: access_token, until: now().getTime() + Math.max(lifeMs - EARLY_MS, lifeMs / 2) };
      return access_token;
    }
    const said = refusedAnswer.safeParse(body);
    const isFault = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
    if (isFault && !isRefused) {
      isRefused = true;
      log("warn", "teams: Microsoft does not let the app sign in; nothing is lost, it is tried again", {
        code: said.success ? said.data.error : String(answer.status),
        remedy: "Set a valid client secret, app id and tenant; `steward doctor --channel teams` shows more.",
      });
    }
    const error = new TeamsSendError(
      said.success
        ? `Microsoft did not let the app sign in: ${said.data.error}. Check app id, secret (it may have expired) and tenant.`
        : `Microsoft's sign-in service answered ${answer.status}.`,
      {
        status: answer.status,
        teamsCode: said.success ? said.data.error : null,
        retryAfterMs: isFault ? REFUSED_RETRY_MS : PAUSE_MS,
      },
    );
    if (answer.status >= 400 && answer.status < 500) pause = { until: now().getTime() + PAUSE_MS, error };
    throw error;
  };

  return {
    async read() {
      const at = now().getTime();
      if (held && at < held.until) return held.token;
      if (pause && at < pause.until) throw pause.error;
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    forget() {
      held = null;
    },
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
