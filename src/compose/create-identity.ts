import { createIdentity, type Identity } from "../api/identity/identity.ts";
import { createOidcClient } from "../api/identity/oidc-client.ts";
import type { SignInOptions } from "../api/identity/sign-in.ts";
import { createSiteDirectory } from "../api/identity/site-directory.ts";
import { sha256 } from "../api/identity/verify-token.ts";
import { createVault } from "../connect/vault.ts";
import { findVaultKey, type VaultKey } from "../connect/vault-key.ts";
import { spendToken } from "../store/sites/sites.ts";
import type { Log } from "../telemetry/log.ts";
import type { Vault } from "../types/channel-host.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Installation } from "./installation.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the secrets of sites and the key of sign-ins are; its own key is looked for when it is first needed. */
export function createWebVault(
  { db, directory }: Pick<Installation, "db" | "directory">,
  env: Environment = process.env,
): Vault {
  let key: VaultKey | null = null;
  const find = () => {
    key ??= findVaultKey({ given: env.STEWARD_VAULT_KEY || null, directory, kind: db.kind });
    return key;
  };
  return createVault(db, find, "web");
}

export type WebIdentity = {
  readonly identity: Identity;
  readonly signIn: SignInOptions | null;
  stop(): Promise<void>;
};

/** People who come through pages of sites, and through a company account when one is set up. */
export async function createWebIdentity(
  house: Installation,
  options: { readonly log: Log; readonly publicUrl: string; readonly env?: Environment },
): Promise<WebIdentity> {
  const { db, deps } = house;
  const { log, publicUrl, env = process.env } = options;
  const sites = await createSiteDirectory(db, (error) => log.warn("The sites could not be read", { error }));
  const identity = createIdentity({
    db,
    sites,
    vault: createWebVault(house, env),
    findPerson: async (id) => deps.directory().find(id),
    now: deps.now,
  });
  const client = readOidc(env, deps.now);
  const signIn = client && {
    client,
    publicUrl: publicUrl.replace(/\/$/, ""),
    spend: async (code: string, endsAt: Date) => await spendToken(db, sha256(code), endsAt),
  };
  return { identity, signIn, stop: sites.stop };
}

/** Null when no provider of company accounts is set; throws IDN-503 when one is set halfway. */
function readOidc(env: Environment, now: () => Date) {
  const { STEWARD_OIDC_ISSUER: issuer, STEWARD_OIDC_CLIENT_ID: clientId } = env;
  if (!issuer && !clientId) return null;
  const url = URL.parse(issuer ?? "");
  const isLocal = url !== null && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname);
  if (!issuer || !clientId || url === null || (url.protocol !== "https:" && !isLocal)) {
    throw new StewardError(
      "IDN-503",
      "STEWARD_OIDC_ISSUER begins with https://, and STEWARD_OIDC_CLIENT_ID names us.",
    );
  }
  return createOidcClient({ issuer, clientId, clientSecret: env.STEWARD_OIDC_CLIENT_SECRET || null }, now);
}
