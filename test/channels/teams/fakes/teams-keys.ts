import { createHmac, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { exportJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { newId } from "./teams-state.ts";

const generate = promisify(generateKeyPair);

export type TeamsKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly endorsements: readonly string[];
};

export async function createKey(endorsements: readonly string[] = ["msteams", "webchat"]): Promise<TeamsKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  return { kid: newId(), privateKey, publicKey, endorsements };
}

export async function asJwk(key: TeamsKey): Promise<Record<string, unknown>> {
  const { n, e, kty } = await exportJWK(key.publicKey);
  return { kty, use: "sig", kid: key.kid, x5t: key.kid, n, e, endorsements: key.endorsements };
}

/** How a forged or failing token differs from a good one. */
export type TokenWish = {
  readonly issuer?: string;
  readonly audience?: string;
  readonly serviceUrl?: string | null;
  /** Seconds from now; negative for expired. */
  readonly expiresIn?: number;
  readonly validIn?: number;
  readonly key?: TeamsKey;
  readonly kid?: string;
  readonly alg?: "RS256" | "none" | "HS256";
};

export async function signToken(
  key: TeamsKey,
  usual: {
    readonly issuer: string;
    readonly audience: string;
    readonly serviceUrl: string;
    readonly now: number;
  },
  wish: TokenWish,
): Promise<string> {
  const seconds = Math.floor(usual.now / 1000);
  const serviceUrl = wish.serviceUrl === undefined ? usual.serviceUrl : wish.serviceUrl;
  const claims: JWTPayload = {
    iss: wish.issuer ?? usual.issuer,
    aud: wish.audience ?? usual.audience,
    nbf: seconds + (wish.validIn ?? -10),
    exp: seconds + (wish.expiresIn ?? 3600),
    ...(serviceUrl === null ? {} : { serviceurl: serviceUrl }),
  };
  const kid = wish.kid ?? wish.key?.kid ?? key.kid;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  if (wish.alg === "none") return `${encode({ alg: "none", kid })}.${encode(claims)}.`;
  if (wish.alg === "HS256") {
    const pem = key.publicKey.export({ type: "spki", format: "pem" });
    const signed = `${encode({ alg: "HS256", typ: "JWT", kid })}.${encode(claims)}`;
    return `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`;
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
    .sign((wish.key ?? key).privateKey);
}

/** The bot's own token; `jti` tells one from another. */
export function signBotToken(
  key: TeamsKey,
  options: { appId: string; scope: string; now: number; lifeS: number },
): Promise<string> {
  const seconds = Math.floor(options.now / 1000);
  return new SignJWT({
    appid: options.appId,
    aud: options.scope,
    iat: seconds,
    exp: seconds + options.lifeS,
    jti: newId(),
  })
    .setProtectedHeader({ alg: "RS256", kid: key.kid })
    .sign(key.privateKey);
}

export async function isBotToken(
  key: TeamsKey,
  header: string | undefined,
  options: { appId: string; scope: string; now: number },
): Promise<boolean> {
  const token = /^Bearer (.+)$/.exec(header ?? "")?.[1];
  if (!token) return false;
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      audience: options.scope,
      currentDate: new Date(options.now),
    });
    return payload.appid === options.appId;
  } catch {
    return false;
  }
}
