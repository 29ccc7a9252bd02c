import { createHash, randomBytes } from "node:crypto";
import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { StewardError } from "../../types/steward-error.ts";
import { readEmail } from "./verify-token.ts";

export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
};

/** What must be kept between leaving for the provider and coming back. */
export type OidcAttempt = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type OidcClient = {
  begin(redirectUri: string): Promise<OidcAttempt & { readonly url: string }>;
  /** The verified address of who signed in. Throws IDN-406 when the answer is not genuine, IDN-502 when none comes. */
  finish(code: string, redirectUri: string, attempt: OidcAttempt): Promise<string>;
};

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const ALGORITHMS = ["RS256", "PS256", "ES256"];

const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});
const TokenAnswer = z.object({ id_token: z.string().max(16_384) });

/**
 * An OpenID Connect client for the authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636). The
 * provider's description is read when it is first needed, and again after an hour.
 */
export function createOidcClient(settings: OidcSettings, now: () => Date = () => new Date()): OidcClient {
  let known: {
    readonly at: number;
    readonly metadata: z.infer<typeof Metadata>;
    readonly keys: JWTVerifyGetKey;
  } | null = null;

  async function discover() {
    if (known !== null && now().getTime() - known.at < 3_600_000) return known;
    const address = `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const metadata = await ask(Metadata, address, {});
    // OpenID Connect Discovery 1.0, §4.3: another issuer's description is not to be used.
    if (metadata.issuer !== settings.issuer)
      throw new StewardError("IDN-502", "The provider names another issuer.");
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: TIMEOUT_MS });
    known = { at: now().getTime(), metadata, keys };
    return known;
  }
  return {
    begin: async (redirectUri) => {
      const { metadata } = await discover();
      const [state, nonce, verifier] = [random(), random(), random()];
      const url = new URL(metadata.authorization_endpoint);
      const wish = {
        response_type: "code",
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        scope: "openid email profile",
        ...{ state, nonce, code_challenge: challengeOf(verifier), code_challenge_method: "S256" },
      };
      for (const [name, value] of Object.entries(wish)) url.searchParams.set(name, value);
      return { state, nonce, verifier, url: url.href };
    },
    finish: async (code, redirectUri, { nonce, verifier }) => {
      const { metadata, keys } = await discover();
      const body = new URLSearchParams({
        ...{ grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier },
        client_id: settings.clientId,
      });
      const headers: Record<string, string> = { "Content-Type": "application/x-www-form-urlencoded" };
      if (settings.clientSecret !== null) {
        const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
        if (methods.includes("client_secret_basic")) {
          // RFC 6749, §2.3.1: each part is form-encoded before they are joined.
          const pair = [settings.clientId, settings.clientSecret].map(encodeURIComponent).join(":");
          headers.Authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
        } else body.set("client_secret", settings.clientSecret);
      }
      const answer = await ask(TokenAnswer, metadata.token_endpoint, { method: "POST", headers, body });
      const { payload } = await jwtVerify(answer.id_token, keys, {
        algorithms: ALGORITHMS,
        issuer: settings.issuer,
        audience: settings.clientId,
        clockTolerance: 60,
        currentDate: now(),
        requiredClaims: ["exp", "iat", "sub"],
      }).catch((error: unknown) => {
        throw new StewardError("IDN-406", "The provider's answer is not genuine.", { cause: error });
      });
      const isOurs =
        payload.nonce === nonce && (payload.azp === undefined || payload.azp === settings.clientId);
      if (!isOurs) throw new StewardError("IDN-406", "The provider's answer is to another question.");
      if (typeof payload.email !== "string") {
        throw new StewardError("IDN-404", "The provider did not say the person's e-mail address.");
      }
      return readEmail(payload);
    },
  };
}

export const random = () => randomBytes(32).toString("base64url");
export const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

async function ask<T>(schema: z.ZodType<T>, url: string, init: RequestInit): Promise<T> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok || text.length > MAX_ANSWER_BYTES) throw new Error(`status ${response.status}`);
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new StewardError("IDN-502", "The provider of company accounts did not answer as it must.", {
      cause: error,
    });
  }
}
