import { importJWK, type JWK } from "jose";
import { z } from "zod";
import { isSafeAddress } from "./endpoints.ts";
import { fetchJson } from "./fetch-json.ts";

export type SigningKey = {
  readonly key: CryptoKey;
  /** Channels that this key may speak for. */
  readonly endorsements: readonly string[];
};

/** The keys could not be asked for: nobody can be believed or disbelieved. */
export class KeysUnreachableError extends Error {}

/** Microsoft says to read them anew at least once a day. */
const FRESH_MS = 24 * 3_600_000;
/** While they cannot be read, what was read is still believed for this long. */
const STALE_MS = 72 * 3_600_000;
/** A token with an unknown key id has them read anew, but not more often than this: ids are free to invent. */
const COOLDOWN_MS = 10_000;
/** After a failure nobody waits on the network again for this long. */
const FAILURE_MS = 2_000;
const LIMITS = { timeoutMs: 5_000, maxBytes: 1_048_576 };

const metadata = z.object({ jwks_uri: z.string().refine(isSafeAddress) });
const keySet = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.string(),
        kid: z.string().optional(),
        use: z.string().optional(),
        n: z.string().optional(),
        e: z.string().optional(),
        endorsements: z.array(z.string()).optional(),
      }),
    )
    .max(1000),
});

/** Public keys of the Bot Framework by their id, from its OpenID metadata. Asks once at a time. */
export function createSigningKeys(metadataUrl: string, now: () => Date) {
  let keys = new Map<string, SigningKey>();
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown = null;
  let reading: Promise<void> | null = null;

  const read = async (): Promise<void> => {
    const { jwks_uri } = metadata.parse(await fetchJson(metadataUrl, LIMITS));
    const found = new Map<string, SigningKey>();
    for (const { kid, kty, use, n, e, endorsements } of keySet.parse(await fetchJson(jwks_uri, LIMITS))
      .keys) {
      if (!kid || kty !== "RSA" || (use !== undefined && use !== "sig") || !n || !e) continue;
      const jwk: JWK = { kty, n, e };
      const key = await importJWK(jwk, "RS256");
      if (key instanceof Uint8Array) continue;
      found.set(kid, { key, endorsements: endorsements ?? [] });
    }
    if (found.size === 0) throw new Error("no RSA keys there");
    keys = found;
    readAt = now().getTime();
  };
  const readOnce = (): Promise<void> => {
    reading ??= read()
      .then(
        () => {
          failure = null;
        },
        (error: unknown) => {
          failure = error;
        },
      )
      .finally(() => {
        triedAt = now().getTime();
        reading = null;
      });
    return reading;
  };

  return {
    /** The key of this id; null when there is none such. Throws `KeysUnreachableError`. */
    async find(kid: string): Promise<SigningKey | null> {
      const known = now().getTime() - readAt < STALE_MS ? keys.get(kid) : undefined;
      const isFresh = now().getTime() - readAt < FRESH_MS;
      if (known && isFresh) return known;
      if (now().getTime() - triedAt > (failure === null ? COOLDOWN_MS : FAILURE_MS)) {
        const asked = readOnce();
        // An old key is believed while newer ones are on their way.
        if (known) return known;
        await asked;
      } else if (reading) {
        await reading;
      }
      const key = keys.get(kid);
      if (key && now().getTime() - readAt < STALE_MS) return key;
      if (failure !== null) throw new KeysUnreachableError("signing keys unreachable", { cause: failure });
      return null;
    },
    /** Reads them now; throws why it cannot. */
    async refresh(): Promise<number> {
      await readOnce();
      if (failure !== null) throw new KeysUnreachableError("signing keys unreachable", { cause: failure });
      return keys.size;
    },
  };
}
