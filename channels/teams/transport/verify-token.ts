import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { Endpoints } from "./endpoints.ts";
import { createSigningKeys, KeysUnreachableError } from "./signing-keys.ts";

/** A token that is what it says. */
export type VerifiedToken = {
  readonly serviceUrl: string;
  readonly endorsements: readonly string[];
};
export type Verdict =
  | { readonly kind: "verified"; readonly token: VerifiedToken }
  /** `why` is for the log, not for whoever called. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** Clocks differ; the Bot Framework's own documents allow five minutes. */
const LEEWAY_S = 300;
const ALGORITHMS = ["RS256", "RS384", "RS512"];
/** Theirs have about 1.5 kB. */
const MAX_TOKEN = 16_384;

/**
 * Checks the bearer token of the Bot Framework: signature by a published key, issuer, audience (our app id), times.
 * Who could not be meant (another audience, expired) is refused before the network is asked.
 * learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export function createTokenVerifier(endpoints: Endpoints, appId: string, now: () => Date) {
  const keys = createSigningKeys(endpoints.openIdMetadata, now);

  const verify = async (header: string | undefined): Promise<Verdict> => {
    if (!header) return refused("no authorization header");
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header) ?? [];
    if (!token || token.length > MAX_TOKEN) return refused("no bearer token");
    try {
      const { alg, kid } = decodeProtectedHeader(token);
      const claims = decodeJwt(token);
      if (!alg || !ALGORITHMS.includes(alg)) return refused("algorithm");
      if (typeof kid !== "string" || kid === "") return refused("no key id");
      if (claims.iss !== endpoints.issuer) return refused("issuer");
      if (claims.aud !== appId) return refused("audience");
      if (typeof claims.exp !== "number") return refused("no expiry");
      if (claims.exp + LEEWAY_S < now().getTime() / 1000) return refused("expired");
      const found = await keys.find(kid);
      if (found === null) return refused("unknown key");
      const { payload } = await jwtVerify(token, found.key, {
        algorithms: ALGORITHMS,
        issuer: endpoints.issuer,
        audience: appId,
        requiredClaims: ["exp"],
        clockTolerance: LEEWAY_S,
        currentDate: now(),
      });
      const serviceUrl = payload.serviceurl ?? payload.serviceUrl;
      if (typeof serviceUrl !== "string") return refused("no service address in the token");
      return { kind: "verified", token: { serviceUrl, endorsements: found.endorsements } };
    } catch (error) {
      if (error instanceof KeysUnreachableError) return { kind: "unreachable", why: reason(error.cause) };
      if (error instanceof errors.JOSEError) return refused(error.code);
      // Of the decoders: what was sent is no token.
      if (error instanceof TypeError || error instanceof SyntaxError) return refused("malformed");
      return refused(reason(error));
    }
  };
  return { verify, refreshKeys: keys.refresh };
}

/** Whether a verified token may speak for this activity; null, or why not. */
export function mismatch(
  token: VerifiedToken,
  activity: { readonly channelId: string; readonly serviceUrl: string },
): string | null {
  if (!token.endorsements.includes(activity.channelId)) return "channel not endorsed";
  return sameAddress(token.serviceUrl, activity.serviceUrl) ? null : "service address";
}

function sameAddress(one: string, other: string): boolean {
  const a = URL.parse(one)?.href.replace(/\/+$/, "");
  return a !== undefined && a === URL.parse(other)?.href.replace(/\/+$/, "");
}

const refused = (why: string): Verdict => ({ kind: "refused", why });
const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
