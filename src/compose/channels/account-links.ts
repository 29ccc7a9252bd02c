import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { LinkOffer, LinkStep } from "../../api/account-ports.ts";
import { type AccountRef, findAccounts, type Identity } from "../../store/channels/identities.ts";
import {
  awaitNumber,
  closeLinkCodes,
  countTry,
  findLinkCode,
  saveLinkCode,
  takeNumbered,
} from "../../store/channels/link-codes.ts";
import type { Db, Sql } from "../../store/db.ts";
import type { PlatformAccount } from "../../types/channel-host.ts";
import type { Directory } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";

const CODE_BYTES = 24;
/** For the link, and anew for its number. */
const LINK_MS = 15 * 60_000;
const NUMBERS = 1_000_000;
const MAX_TRIES = 5;
const MAX_TOLD_CHARS = 200;
/** More than any way to write six digits, also twice. */
const MAX_NUMBER_CHARS = 60;

export type AccountLinkDeps = {
  readonly db: Db;
  readonly directory: () => Directory;
  readonly now: () => Date;
  /** Address of the pages without a slash at the end; null when nobody but this machine reaches them. */
  readonly baseUrl: () => string | null;
  /** Keeps whose account it is, in the caller's transaction. */
  readonly remember: (sql: Sql, of: AccountRef, principal: string, proof: Identity["proof"]) => Promise<void>;
  /** Records that somebody signed in and was asked for the number. */
  readonly started: (sql: Sql, of: AccountRef, principal: string) => Promise<void>;
};

/** What came of six digits that an account said. */
export type Said =
  | { readonly kind: "linked"; readonly principal: string }
  /** `left`: tries that are left; at 0 the link is off. */
  | { readonly kind: "wrong"; readonly left: number }
  /** The person has an account there, or left the directory. */
  | { readonly kind: "conflict" }
  /** No link waits for a number from this account. */
  | { readonly kind: "nothing" };

export type AccountLinks = {
  /** The address of a new one-time page; null when nobody reaches the pages. */
  offer(account: PlatformAccount): Promise<string | null>;
  openLink(code: string): Promise<LinkOffer>;
  startLink(as: string, code: string): Promise<LinkStep>;
  say(of: AccountRef, number: string): Promise<Said>;
};

/**
 * The two halves of tying an account to a person: whoever signs in on the page is shown a number, and the account says
 * it. A page opened with somebody else's link gives its number to the wrong one of the two, and nothing is tied.
 */
export function createAccountLinks({
  db,
  directory,
  now,
  baseUrl,
  remember,
  started,
}: AccountLinkDeps): AccountLinks {
  /** A person has one account in a workspace: another's would act in their name. */
  const otherOf = async (sql: Sql, { channel, workspace, account }: AccountRef, person: string) =>
    (await findAccounts(sql, [person], [channel])).find(
      (one) => one.workspace === workspace && one.account !== account,
    ) ?? null;

  return {
    offer: async (of) => {
      const base = baseUrl();
      if (base === null) return null;
      const code = randomBytes(CODE_BYTES).toString("base64url");
      const at = now();
      const expiresAt = new Date(at.getTime() + LINK_MS);
      const told = {
        name: toldText(of.name),
        email: toldText(of.email),
        workspaceName: toldText(of.workspaceName),
      };
      await db.tx(
        async (sql) => await saveLinkCode(sql, { hash: hashOf(code), of, told, expiresAt, now: at }),
      );
      return `${base}/link/${code}`;
    },
    openLink: async (code) => {
      const found = await findLinkCode(db, hashOf(code), now());
      if (!found) throw new StewardError("CHN-410");
      return { ...found, expiresAt: found.expiresAt.toISOString() };
    },
    startLink: async (as, code) => {
      const hash = hashOf(code);
      const number = String(randomInt(NUMBERS)).padStart(6, "0");
      const at = now();
      const expiresAt = new Date(at.getTime() + LINK_MS);
      const numberHash = await hashNumber(number, hash);
      const of = await db.tx(async (sql) => {
        const found = await awaitNumber(sql, hash, { principal: as, numberHash, now: at, expiresAt });
        if (!found) throw new StewardError("CHN-410");
        const other = await otherOf(sql, found, as);
        if (other) {
          const space = found.channel === "slack" ? "workspace" : "organisation";
          throw new StewardError(
            "CHN-409",
            `In this ${space}, ${other.account} is known as you already. Nothing was changed.`,
          );
        }
        await started(sql, found, as);
        return found;
      });
      const { channel, workspace, account } = of;
      return { channel, workspace, account, number, expiresAt: expiresAt.toISOString() };
    },
    say: async (of, number) => {
      const waiting = await countTry(db, of, now(), MAX_TRIES);
      if (!waiting) return { kind: "nothing" };
      if (!timingSafeEqual(await hashNumber(number, waiting.hash), waiting.numberHash)) {
        const left = MAX_TRIES - waiting.tries;
        if (left === 0) await closeLinkCodes(db, of);
        return { kind: "wrong", left };
      }
      return await db.tx(async (sql): Promise<Said> => {
        const principal = await takeNumbered(sql, waiting.hash);
        if (principal === null) return { kind: "nothing" };
        if (!directory().find(principal) || (await otherOf(sql, of, principal))) return { kind: "conflict" };
        await remember(sql, of, principal, "link");
        return { kind: "linked", principal };
      });
    },
  };
}

/**
 * The number that a message is, as six digits; null for any other message. Spaces and marks between and around the
 * digits do not matter, nor that a platform shows a number and its address ("481 920 (481920)").
 */
export function readNumber(text: string): string | null {
  const plain = text.slice(0, MAX_NUMBER_CHARS + 1).normalize("NFKC");
  if (plain.length > MAX_NUMBER_CHARS || /\p{L}/u.test(plain)) return null;
  const digits = plain.replace(/[^0-9]/g, "");
  const [first, second] = [digits.slice(0, 6), digits.slice(6)];
  return first.length === 6 && (second === "" || second === first) ? first : null;
}

/** Words that somebody chose for themselves, without marks that steer the display. */
function toldText(text: string | null | undefined): string | null {
  const shown = (text ?? "")
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\s\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  return [...shown].slice(0, MAX_TOLD_CHARS).join("").trim() || null;
}

/** A random code of 192 bits needs no slow hash. */
const hashOf = (code: string): Uint8Array => createHash("sha256").update(code).digest();

const derive = promisify<string, Uint8Array, number, Buffer>(scrypt);

/** Slow (some 50 ms): a reader of the database takes longer than a link lasts to try every number. */
const hashNumber = async (number: string, salt: Uint8Array): Promise<Buffer> =>
  await derive(number, salt, 32);
