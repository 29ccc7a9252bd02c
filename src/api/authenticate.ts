import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Db } from "../store/db.ts";
import { useToken } from "../store/tokens/tokens.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Identity } from "./identity/identity.ts";
import type { Whence } from "./identity/verify-token.ts";

/** Who calls, after their proof was checked. */
export type Caller = {
  /** The person acted for; null when nobody was named. */
  readonly principal: Principal | null;
  readonly isAdmin: boolean;
  /** For the record: the token's owner, the persona, or `local` for the owner of the data directory. */
  readonly actor: string;
  readonly via: "demo" | "token" | "local" | "page";
  /** Whether the page is a site's: what outlasts its visit is not for it to do. */
  readonly isSite?: boolean;
  /** When the proof ends; null when it does not by itself. */
  readonly endsAt?: Date | null;
};

/** What a request or a socket's handshake says of itself. */
export type Credentials = {
  /** Bearer token, without the word. */
  readonly token: string | null;
  /** The person to act for. */
  readonly as: string | null;
  /** Of the connection itself, never of a header. */
  readonly remoteAddress: string;
  /** Whether a proxy forwarded it: then the address is the proxy's and proves nothing. */
  readonly isForwarded: boolean;
  /** The page that it comes from, as the browser says; for tokens that count on pages of one site alone. */
  readonly whence?: Whence;
};

export type AuthenticateOptions = {
  readonly db: Db;
  readonly findPerson: (id: string) => Promise<Principal | null>;
  readonly isDemo: boolean;
  /** Lets the demo's personas be chosen from other machines too. */
  readonly allowRemoteDemo: boolean;
  /** The secret in the data directory's server.json: whoever can read it owns the installation. */
  readonly localSecret: string | null;
  /** People who come through the pages of sites; null or left out when nobody does. */
  readonly identity?: Identity | null;
};

export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/**
 * Finds out who calls. Throws AUTH-401 without proof, AUTH-403 when acting for another without being an
 * administrator, DIR-404 for a person who is not in the directory, a code of the IDN family for a page's token.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  return async (given) => {
    if (given.token !== null) return await byToken(options, given, given.token);
    if (!options.isDemo) throw new StewardError("AUTH-401");
    if (!options.allowRemoteDemo && !isLocal(given)) {
      throw new StewardError("AUTH-401", "The demo's people can only be chosen on the machine it runs on.");
    }
    const principal = given.as === null ? null : await findNamed(options, given.as);
    return { principal, isAdmin: false, actor: principal?.id ?? "demo", via: "demo" };
  };
}

async function byToken(options: AuthenticateOptions, given: Credentials, token: string): Promise<Caller> {
  if (options.localSecret !== null && isLocal(given) && isEqual(token, options.localSecret)) {
    const principal = given.as === null ? null : await findNamed(options, given.as);
    return { principal, isAdmin: true, actor: principal?.id ?? "local", via: "local" };
  }
  if (options.identity?.isOne(token)) return await byPage(options.identity, given, token);
  const row = token.length <= 200 ? await useToken(options.db, hashToken(token)) : null;
  if (!row) throw new StewardError("AUTH-401", "The token is not valid, has ended or was revoked.");
  const owner = await options.findPerson(row.principal);
  // Whoever left the directory left with their tokens.
  if (!owner) throw new StewardError("AUTH-401", "The token's owner is no longer in the directory.");
  const as = given.as === null ? owner.id : normalise(given.as);
  if (as !== owner.id && !row.isAdmin) {
    throw new StewardError("AUTH-403", "Only an administrator's token may act for somebody else.");
  }
  const principal = as === owner.id ? owner : await findNamed(options, as);
  return { principal, isAdmin: row.isAdmin, actor: owner.id, via: "token" };
}

/** A page speaks for the person its token names and nobody else, and never as an administrator. */
async function byPage(identity: Identity, given: Credentials, token: string): Promise<Caller> {
  const whence = given.whence ?? { origin: null, own: [] };
  const { principal, endsAt, isSite } = await identity.verify(token, whence);
  if (given.as !== null && normalise(given.as) !== principal.id) {
    throw new StewardError("AUTH-403", "A page's token speaks for the one person it names.");
  }
  return { principal, isAdmin: false, actor: principal.id, via: "page", endsAt, isSite };
}

async function findNamed(options: AuthenticateOptions, as: string): Promise<Principal> {
  const id = normalise(as);
  const person = id.length <= 254 ? await options.findPerson(id) : null;
  if (!person)
    throw new StewardError("DIR-404", `Nobody in the directory has the address '${id.slice(0, 80)}'.`);
  return person;
}

const normalise = (as: string) => as.trim().toLowerCase().replaceAll("\0", "");

/** What is stored of a token. A random secret of 256 bits needs no slow hash. */
export function hashToken(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

/** Compares without telling by its time how much was right. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(hashToken(a), hashToken(b));
}

function isLocal({ remoteAddress, isForwarded }: Credentials): boolean {
  return !isForwarded && isLoopback(remoteAddress);
}

/** Whether an address is this machine's own loopback, also written as IPv6. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, "");
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
