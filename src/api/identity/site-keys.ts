import { createRemoteJWKSet, importJWK, importSPKI, type JWTVerifyGetKey } from "jose";
import type { SiteRow } from "../../store/sites/sites.ts";
import type { Vault } from "../../types/channel-host.ts";
import { StewardError } from "../../types/steward-error.ts";

/** What signs for a site, and by which algorithms alone: a key never proves by an algorithm of another kind. */
export type SiteKey = {
  readonly algorithms: readonly string[];
  readonly key: Uint8Array | CryptoKey | JWTVerifyGetKey;
};

const ASYMMETRIC = ["RS256", "ES256"] as const;
const JWKS_TIMEOUT_MS = 5_000;
/** A key id that is not there is looked for again at most this often: forged ids must not become requests. */
const JWKS_COOLDOWN_MS = 30_000;

/** Name of a site's secret in the vault. */
export const secretName = (site: string) => `site/${site}`;

/** Finds the keys of sites; secrets are read from the vault each time, so that a changed one counts at once. */
export function createSiteKeys(vault: Vault): (site: SiteRow) => Promise<SiteKey> {
  const remote = new Map<string, JWTVerifyGetKey>();
  return async (site) => {
    if (site.kind === "secret") {
      const secret = await vault.read(secretName(site.id));
      if (secret === null)
        throw new StewardError("IDN-500", `The secret of the site '${site.name}' is gone.`);
      return { algorithms: ["HS256"], key: new TextEncoder().encode(secret) };
    }
    if (site.kind === "key")
      return { algorithms: ASYMMETRIC, key: await readPublicKey(site.publicKey ?? "") };
    const url = site.jwksUrl ?? "";
    const known =
      remote.get(url) ??
      createRemoteJWKSet(new URL(url), {
        timeoutDuration: JWKS_TIMEOUT_MS,
        cooldownDuration: JWKS_COOLDOWN_MS,
      });
    remote.set(url, known);
    return { algorithms: ASYMMETRIC, key: known };
  };
}

/** A public key as PEM (SPKI) or JWK, for RS256 or ES256. Throws IDN-422 when it is neither. */
export async function readPublicKey(text: string): Promise<CryptoKey> {
  const isPem = text.trimStart().startsWith("-----BEGIN PUBLIC KEY-----");
  for (const algorithm of ASYMMETRIC) {
    try {
      const key = isPem
        ? await importSPKI(text.trim(), algorithm)
        : await importJWK(publicJwk(text), algorithm);
      if (!(key instanceof Uint8Array) && key.type === "public") return key;
    } catch {
      // Of the other kind, or not a key: the next, or the error below.
    }
  }
  throw new StewardError("IDN-422", "The public key is not an RSA or P-256 key as PEM or JWK.");
}

function publicJwk(text: string): Record<string, unknown> {
  const jwk = JSON.parse(text) as Record<string, unknown>;
  if ("d" in jwk || jwk.kty === "oct") throw new Error("not a public key");
  return jwk;
}
