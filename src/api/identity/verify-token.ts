import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import type { SiteRow } from "../../store/sites/sites.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { SiteKey } from "./site-keys.ts";

/** Where a request comes from, as the browser says. */
export type Whence = {
  /** The `Origin` header. */
  readonly origin: string | null;
  /** This server's own origins that fit the `Host` header; only for requests that the browser calls same-origin. */
  readonly own: readonly string[];
};

/** Who a page says is in front of it, proven by its site. */
export type Claimed = {
  readonly email: string;
  readonly endsAt: Date;
  /** Under what a sign-out of it is remembered. */
  readonly hashes: readonly Uint8Array[];
};

/** Longest life of a token, and how far clocks may be apart. Both in seconds. */
export const MAX_LIFE_S = 15 * 60;
export const SKEW_S = 60;
const MAX_TOKEN_CHARS = 4_096;

export const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/**
 * Under what a token is remembered as spent: by what is signed, not by the signature, of which there are several that
 * are as good (the last character's unused bits, the other root of an elliptic curve's).
 */
export const spentHash = (token: string): Uint8Array => sha256(token.slice(0, token.lastIndexOf(".")));

/** Whether a bearer is of this kind: three dotted parts of base64url, as RFC 7519 has them. */
export const looksSigned = (token: string) => /^[\w-]{2,}\.[\w-]{2,}\.[\w-]*$/.test(token);

/**
 * Checks a host page's token: of a known site, by its key and algorithms alone, for its audience, now, for at most 15
 * minutes, and on a page of its own. Throws IDN-401 (ended), IDN-403 (another page), IDN-406 (not genuine), IDN-422
 * (made wrongly), IDN-502 (its keys are out of reach).
 */
export async function verifySiteToken(
  token: string,
  whence: Whence,
  deps: {
    byIssuer(issuer: string): Promise<readonly SiteRow[]>;
    keyOf(site: SiteRow): Promise<SiteKey>;
    readonly now: () => Date;
  },
): Promise<Claimed> {
  const { issuer, audiences } = readUnproven(token);
  const sites = (await deps.byIssuer(issuer)).filter((site) => audiences.includes(site.audience));
  // That there is no such site is told like a wrong signature: who guesses learns nothing.
  if (sites.length === 0) throw new StewardError("IDN-406");
  const site = sites.find((each) => isFrom(each.origins, whence)) ?? (sites[0] as SiteRow);
  const payload = await prove(token, site, await deps.keyOf(site), deps.now());
  if (!isFrom(site.origins, whence)) {
    throw new StewardError(
      "IDN-403",
      `The token is for pages of '${site.name}', not for ${whence.origin?.slice(0, 100) ?? "a program"}.`,
    );
  }
  checkTimes(payload, deps.now());
  return {
    email: readEmail(payload),
    endsAt: new Date((payload.exp ?? 0) * 1_000),
    hashes: [spentHash(token), ...(payload.jti ? [sha256(`${site.id} jti ${payload.jti}`)] : [])],
  };
}

export function isFrom(origins: readonly string[], { origin, own }: Whence): boolean {
  return origin === null ? own.some((each) => origins.includes(each)) : origins.includes(origin);
}

function readUnproven(token: string): { readonly issuer: string; readonly audiences: readonly string[] } {
  if (token.length > MAX_TOKEN_CHARS) throw new StewardError("IDN-406", "The token is too long.");
  try {
    const { iss, aud } = decodeJwt(token);
    decodeProtectedHeader(token);
    return { issuer: iss ?? "", audiences: typeof aud === "string" ? [aud] : (aud ?? []) };
  } catch (error) {
    throw new StewardError("IDN-406", "The token is not a signed token (JWT).", { cause: error });
  }
}

/** Proves the signature and the registered claims of RFC 7519. */
export async function prove(
  token: string,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
  { key, algorithms }: SiteKey,
  now: Date,
): Promise<JWTPayload> {
  try {
    const options = {
      algorithms: [...algorithms],
      issuer,
      audience,
      clockTolerance: SKEW_S,
      currentDate: now,
      requiredClaims: ["exp"],
    };
    const { payload } =
      typeof key === "function" ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    return payload;
  } catch (error) {
    throw asIdentityError(error);
  }
}

function asIdentityError(error: unknown): StewardError {
  const cause = { cause: error };
  if (error instanceof errors.JWTExpired) return new StewardError("IDN-401", undefined, cause);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const isEarly = error.claim === "nbf" || error.claim === "iat";
    if (isEarly) return new StewardError("IDN-422", "The token counts only from a later time.", cause);
    if (error.claim === "exp")
      return new StewardError("IDN-422", "The token does not say when it ends.", cause);
    return new StewardError("IDN-406", undefined, cause);
  }
  const isOutOfReach =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    (error instanceof TypeError && /fetch/.test(error.message)) ||
    (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");
  return new StewardError(isOutOfReach ? "IDN-502" : "IDN-406", undefined, cause);
}

/** At most 15 minutes, from when it says that it was made and from now. */
export function checkTimes({ exp = 0, iat }: JWTPayload, now: Date): void {
  const seconds = now.getTime() / 1_000;
  if (iat !== undefined && iat > seconds + SKEW_S) {
    throw new StewardError("IDN-422", "The token says that it was made later than now.");
  }
  const life = Math.round(exp - Math.min(iat ?? seconds, seconds));
  const isTooLong = exp - seconds > MAX_LIFE_S + SKEW_S || (iat !== undefined && exp - iat > MAX_LIFE_S);
  if (isTooLong)
    throw new StewardError("IDN-422", `The token lasts ${life} seconds; at most ${MAX_LIFE_S} are taken.`);
}

/** The person's address: `email`, unless their provider says that nobody checked it, else `sub`. */
export function readEmail(payload: JWTPayload): string {
  if (payload.email !== undefined && payload.email_verified === false) {
    throw new StewardError("IDN-404", "The address in the token was not verified.");
  }
  const said = typeof payload.email === "string" ? payload.email : (payload.sub ?? "");
  const email = said.trim().toLowerCase();
  // The Kelvin sign would become a plain k in lower case: another address than the one that was vouched for.
  if (email === "" || email.length > 254 || /[\s\p{Cc}]/u.test(email) || said.includes("\u212a")) {
    throw new StewardError("IDN-422", "The token names nobody: `sub` or `email` is the person's address.");
  }
  return email;
}
