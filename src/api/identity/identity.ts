import { decodeJwt } from "jose";
import type { Db } from "../../store/db.ts";
import { isSpent, spendToken } from "../../store/sites/sites.ts";
import type { Vault } from "../../types/channel-host.ts";
import type { Principal } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import { createOwnTokens, mayRenew, OWN_ISSUER, type OwnTokens, sessionEnd } from "./own-tokens.ts";
import type { SiteDirectory } from "./site-directory.ts";
import { createSiteKeys } from "./site-keys.ts";
import { type Claimed, looksSigned, verifySiteToken, type Whence } from "./verify-token.ts";

/** A person whom a page vouched for, until its token ends. */
export type Identified = {
  readonly principal: Principal;
  readonly endsAt: Date;
  /** Of a page of a site, which speaks for the person while it is open; not one of Steward's own. */
  readonly isSite: boolean;
};

/** People who come through pages: by tokens of their sites, or by Steward's own after a sign-in. */
export type Identity = {
  readonly tokens: OwnTokens;
  /** Whether a bearer is one of these, rather than one of `steward token create`. */
  isOne(token: string): boolean;
  /** Throws a code of the IDN family. */
  verify(token: string, whence: Whence): Promise<Identified>;
  /** A successor of Steward's own token, while the sign-in lasts. */
  renew(token: string, whence: Whence): Promise<string>;
  /** Ends the token now, and with it the sign-in that it came from. */
  signOut(token: string, whence: Whence): Promise<void>;
  isSiteOrigin(origin: string): boolean;
};

export type IdentityOptions = {
  readonly db: Db;
  readonly vault: Vault;
  readonly sites: SiteDirectory;
  readonly findPerson: (id: string) => Promise<Principal | null>;
  readonly now?: () => Date;
};

export function createIdentity(options: IdentityOptions): Identity {
  const { db, sites, now = () => new Date() } = options;
  const keyOf = createSiteKeys(options.vault);
  const tokens = createOwnTokens(db, options.vault, now);
  const isOwn = (token: string) => {
    try {
      return decodeJwt(token).iss === OWN_ISSUER;
    } catch {
      return false;
    }
  };
  const claim = async (token: string, whence: Whence): Promise<Claimed> => {
    const claimed = isOwn(token)
      ? await tokens.verify(token, whence)
      : await verifySiteToken(token, whence, { byIssuer: sites.byIssuer, keyOf, now });
    if (await isSpent(db, claimed.hashes)) throw new StewardError("IDN-409");
    return claimed;
  };
  return {
    tokens,
    isOne: looksSigned,
    verify: async (token, whence) => {
      const { email, endsAt } = await claim(token, whence);
      const principal = await options.findPerson(email);
      if (!principal) {
        throw new StewardError("IDN-404", `Nobody in the directory has the address '${email.slice(0, 80)}'.`);
      }
      const { aud } = decodeJwt(token);
      const isSite = !isOwn(token) || typeof aud !== "string" || sites.isSiteOrigin(aud);
      return { principal, endsAt, isSite };
    },
    renew: async (token, whence) => {
      if (!isOwn(token)) throw new StewardError("IDN-406", "Only Steward's own tokens are renewed here.");
      await claim(token, whence);
      const { email, sid, since, origin } = await tokens.verify(token, whence);
      const isKnown = (await options.findPerson(email)) !== null;
      if (!isKnown || !mayRenew(since, now())) throw new StewardError("IDN-401");
      return await tokens.mint({ email, origin, sid, since });
    },
    signOut: async (token, whence) => {
      const { hashes, endsAt } = await claim(token, whence);
      const until = isOwn(token) ? sessionEnd((await tokens.verify(token, whence)).since) : endsAt;
      for (const hash of hashes) await spendToken(db, hash, until);
    },
    isSiteOrigin: sites.isSiteOrigin,
  };
}
