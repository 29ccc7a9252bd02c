import { randomBytes } from "node:crypto";
import { decodeJwt, EncryptJWT, type JWTPayload, jwtDecrypt, SignJWT } from "jose";
import type { Db } from "../../store/db.ts";
import { readSettings } from "../../store/settings/settings.ts";
import type { Vault } from "../../types/channel-host.ts";
import { StewardError } from "../../types/steward-error.ts";
import {
  type Claimed,
  isFrom,
  MAX_LIFE_S,
  prove,
  readEmail,
  sha256,
  spentHash,
  type Whence,
} from "./verify-token.ts";

/** Issuer of the tokens that Steward itself makes, after a sign-in; no site may have this name. */
export const OWN_ISSUER = "steward";
/** How long a person stays signed in by renewals before they sign in anew. In seconds. */
const MAX_SESSION_S = 8 * 3_600;
const OWN_LIFE_S = 5 * 60;
const KEY_SETTING = "identity.key";

export type OwnTokens = {
  /** A token for pages of one origin; `since`: when the person signed in, for renewals. */
  mint(person: {
    readonly email: string;
    readonly origin: string;
    readonly sid?: string;
    readonly since?: number;
  }): Promise<string>;
  verify(
    token: string,
    whence: Whence,
  ): Promise<Claimed & { readonly sid: string; readonly since: number; readonly origin: string }>;
  /** Something only this installation can read again, for one purpose and a short time. */
  seal(purpose: string, content: Readonly<Record<string, unknown>>, seconds: number): Promise<string>;
  /** Null when it is not of this purpose, has ended or was changed. */
  unseal(purpose: string, sealed: string): Promise<JWTPayload | null>;
};

/** Tokens and sealed notes under a key of the installation, made when it is first needed. */
export function createOwnTokens(db: Db, vault: Vault, now: () => Date): OwnTokens {
  let cached: Promise<Uint8Array> | null = null;
  const key = () => {
    cached ??= findKey(db, vault).catch((error) => {
      cached = null;
      throw error;
    });
    return cached;
  };
  return {
    mint: async ({ email, origin, sid = randomBytes(16).toString("base64url"), since }) => {
      const at = Math.floor(now().getTime() / 1_000);
      return await new SignJWT({ email, sid, auth_time: since ?? at })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setIssuer(OWN_ISSUER)
        .setAudience(origin)
        .setSubject(email)
        .setIssuedAt(at)
        .setExpirationTime(at + OWN_LIFE_S)
        .sign(await key());
    },
    verify: async (token, whence) => {
      const audience = soleAudience(token);
      const proof = { algorithms: ["HS256"], key: await key() };
      const payload = await prove(token, { issuer: OWN_ISSUER, audience }, proof, now());
      if (!isFrom([audience], whence)) {
        throw new StewardError("IDN-403", `The token is for pages of ${audience.slice(0, 100)}.`);
      }
      const since = Number(payload.auth_time);
      const sid = String(payload.sid);
      if (now().getTime() / 1_000 - since > MAX_SESSION_S + MAX_LIFE_S) throw new StewardError("IDN-401");
      return {
        ...{ email: readEmail(payload), sid, since, origin: audience },
        endsAt: new Date((payload.exp ?? 0) * 1_000),
        hashes: [spentHash(token), sha256(`steward sid ${sid}`)],
      };
    },
    seal: async (purpose, content, seconds) =>
      await new EncryptJWT({ ...content })
        .setJti(randomBytes(16).toString("base64url"))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuer(OWN_ISSUER)
        .setAudience(purpose)
        .setExpirationTime(Math.floor(now().getTime() / 1_000) + seconds)
        .encrypt(await key()),
    unseal: async (purpose, sealed) => {
      const options = { issuer: OWN_ISSUER, audience: purpose, requiredClaims: ["exp"], currentDate: now() };
      const allowed = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
      try {
        return (await jwtDecrypt(sealed, await key(), { ...options, ...allowed })).payload;
      } catch {
        return null;
      }
    },
  };
}

/** Whether a person who signed in then may still be renewed. */
export const mayRenew = (since: number, now: Date) => now.getTime() / 1_000 - since < MAX_SESSION_S;
/** Until when a sign-out of such a sign-in must be remembered. */
export const sessionEnd = (since: number) => new Date((since + MAX_SESSION_S + 2 * MAX_LIFE_S) * 1_000);

function soleAudience(token: string): string {
  const { aud } = decodeJwt(token);
  if (typeof aud !== "string") throw new StewardError("IDN-406");
  return aud;
}

/**
 * The key, by a name that one insert decides: of two processes that make one at the same time, both then use the
 * same. One whose secret is gone is made anew: it only costs people who signed in another sign-in.
 */
async function findKey(db: Db, vault: Vault, isAgain = false): Promise<Uint8Array> {
  let name = (await readSettings(db))[KEY_SETTING];
  if (typeof name !== "string") {
    const mine = `key/${randomBytes(8).toString("hex")}`;
    await vault.write(mine, randomBytes(32).toString("base64url"));
    await db.query("insert into settings (name, value) values ($1, $2) on conflict (name) do nothing", [
      KEY_SETTING,
      JSON.stringify(mine),
    ]);
    name = (await readSettings(db))[KEY_SETTING];
    if (name !== mine) await vault.remove(mine);
  }
  const secret = await vault.read(String(name));
  if (secret !== null) return Buffer.from(secret, "base64url");
  if (isAgain) throw new StewardError("IDN-500", "The key that signs people in is gone.");
  await db.query("delete from settings where name = $1 and value = $2", [KEY_SETTING, JSON.stringify(name)]);
  return await findKey(db, vault, true);
}
