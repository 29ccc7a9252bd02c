import { createHash, randomBytes } from "node:crypto";
import type { AccountInfo, LinkOffer } from "../../api/account-ports.ts";
import { writeAudit } from "../../store/audit/write-audit.ts";
import {
  type AccountRef,
  findAccounts,
  findIdentity,
  type Identity,
  removeIdentity,
  saveIdentity,
} from "../../store/channels/identities.ts";
import { closeLinkCodes, findLinkCode, saveLinkCode, takeLinkCode } from "../../store/channels/link-codes.ts";
import type { Db, Sql } from "../../store/db.ts";
import type { ChannelHost, Identified, PlatformAccount, PlatformName } from "../../types/channel-host.ts";
import type { Directory } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";

const CODE_BYTES = 24;
const CODE_MS = 15 * 60_000;
const MAX_ID_CHARS = 200;

export const PLATFORM_TITLES: Readonly<Record<PlatformName, string>> = { slack: "Slack", teams: "Teams" };
/** People's word for what an account is of. */
const SPACES: Readonly<Record<PlatformName, string>> = { slack: "workspace", teams: "organisation" };

export type IdentityDeps = {
  readonly db: Db;
  readonly directory: () => Directory;
  readonly now: () => Date;
  /** Workspaces and tenants whose people may talk to Steward; null for any. */
  readonly allowed: () => Readonly<Record<PlatformName, readonly string[] | null>>;
  /** Address of the pages without a slash at the end; null when nobody but this machine reaches them. */
  readonly baseUrl: () => string | null;
};

/** Who an account of a platform is here, and the ways to say so. */
export type Identities = Pick<ChannelHost, "identify" | "accountOf"> & {
  /** What a link would tie, for the page that asks. Throws CHN-410. */
  openLink(code: string): Promise<LinkOffer>;
  /** Ties the link's account to a person who is signed in. Throws CHN-409, CHN-410. */
  confirmLink(as: string, code: string): Promise<AccountInfo>;
  accounts(as: string): Promise<readonly AccountInfo[]>;
  /** Throws CHN-404 when the account is not theirs. */
  removeAccount(as: string, of: AccountRef): Promise<void>;
};

export function createIdentities(deps: IdentityDeps): Identities {
  const { db, now } = deps;

  const identify = async (given: PlatformAccount): Promise<Identified> => {
    const space = SPACES[given.channel];
    const refused = (message: string): Identified => ({ kind: "refused", message });
    if (!isId(given.workspace) || !isId(given.account)) throw new StewardError("CHN-422");
    const allowed = deps.allowed()[given.channel];
    if (allowed !== null && !allowed.includes(given.workspace)) {
      return refused(
        `I don't work for this ${space} (${given.workspace}). An administrator of Steward can allow it.`,
      );
    }
    if (given.isGuest) {
      return refused(
        `I only work for members of the company, and this account is a guest or comes from another ${space}. Please ask a colleague.`,
      );
    }
    const known = await findIdentity(db, given);
    const vouched = person(given.email);
    const mapped = known && deps.directory().find(known.principal);
    // The platform vouches for another person now: an address was handed on, or somebody's address changed.
    const isMoved = vouched !== null && known !== null && vouched.id !== known.principal;
    if (vouched && mapped && isMoved && (await hasOther(given, vouched.id))) {
      return refused(
        `Your ${PLATFORM_TITLES[given.channel]} account was known as ${mapped.id}, and the address it has now belongs to somebody with an account of their own. Ask an administrator which of them is right.`,
      );
    }
    if (vouched && (known === null || (isMoved && (known.proof === "email" || !mapped)))) {
      await db.tx(async (sql) => await remember(sql, given, vouched.id, "email"));
      return { kind: "known", principal: vouched };
    }
    if (mapped) return { kind: "known", principal: mapped };
    if (known) {
      return refused(
        "You are no longer in the directory, so I can't do anything for you. Ask an administrator if that is a mistake. (USR-403)",
      );
    }
    return await offerLink(given);
  };

  const person = (email: string | null) => {
    const id = email?.trim().toLowerCase() ?? "";
    return id.length > 2 && id.length <= 254 && id.includes("@") ? deps.directory().find(id) : null;
  };

  /** Whether a person is known in this workspace by another account. */
  const hasOther = async ({ channel, workspace, account }: AccountRef, id: string): Promise<boolean> =>
    (await findAccounts(db, [id], [channel])).some(
      (one) => one.workspace === workspace && one.account !== account,
    );

  const offerLink = async (given: PlatformAccount): Promise<Identified> => {
    const platform = PLATFORM_TITLES[given.channel];
    const why = given.email
      ? `I can't find the address of your ${platform} account in the directory.`
      : `${platform} doesn't tell me your verified e-mail address.`;
    const base = deps.baseUrl();
    if (base === null) {
      const message = `${why} Ask an administrator to add it, or to say with --public-url where people reach Steward.`;
      return { kind: "unmapped", message, linkUrl: null };
    }
    const code = randomBytes(CODE_BYTES).toString("base64url");
    const at = now();
    const expiresAt = new Date(at.getTime() + CODE_MS);
    await db.tx(
      async (sql) => await saveLinkCode(sql, { hash: hashOf(code), of: given, expiresAt, now: at }),
    );
    const message = `${why} Sign in once to show me who you are: the link works for 15 minutes, for you alone.`;
    return { kind: "unmapped", message, linkUrl: `${base}/link/${code}` };
  };

  const remember = async (sql: Sql, of: AccountRef, principal: string, proof: Identity["proof"]) => {
    const { channel, workspace, account } = of;
    if (!(await saveIdentity(sql, { channel, workspace, account, principal, proof }))) return;
    await closeLinkCodes(sql, of);
    await audit(sql, principal, "identity.linked", of, { principal, proof });
  };

  return {
    identify,
    accountOf: async (channel, principal) => {
      if (!deps.directory().find(principal)) return null;
      const allowed = deps.allowed()[channel];
      const all = await findAccounts(db, [principal], [channel]);
      const found = all.find(({ workspace }) => allowed === null || allowed.includes(workspace));
      return found ? { workspace: found.workspace, account: found.account } : null;
    },
    openLink: async (code) => {
      const found = await findLinkCode(db, hashOf(code), now());
      if (!found) throw new StewardError("CHN-410");
      const { channel, workspace, account, expiresAt } = found;
      return { channel, workspace, account, expiresAt: expiresAt.toISOString() };
    },
    confirmLink: async (as, code) =>
      await db.tx(async (sql) => {
        const of = await takeLinkCode(sql, hashOf(code), now());
        if (!of) throw new StewardError("CHN-410");
        const { channel, workspace, account } = of;
        // A person has one account in a workspace: another's would act in their name.
        const others = (await findAccounts(sql, [as], [channel])).filter(
          (one) => one.workspace === workspace && one.account !== account,
        );
        const [other] = others;
        if (other) {
          throw new StewardError(
            "CHN-409",
            `In this ${SPACES[channel]}, ${other.account} is known as you already. Nothing was changed.`,
          );
        }
        await remember(sql, of, as, "link");
        return { channel, workspace, account, proof: "link" as const, linkedAt: now().toISOString() };
      }),
    accounts: async (as) =>
      (await findAccounts(db, [as], ["slack", "teams"])).map(({ linkedAt, principal: _, ...one }) => ({
        ...one,
        linkedAt: linkedAt.toISOString(),
      })),
    removeAccount: async (as, of) =>
      await db.tx(async (sql) => {
        if (!(await removeIdentity(sql, of, as))) {
          throw new StewardError("CHN-404", "This account is not among yours.");
        }
        await audit(sql, as, "identity.removed", of, { principal: as });
      }),
  };
}

async function audit(
  sql: Sql,
  actor: string,
  type: string,
  { channel, workspace, account }: AccountRef,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await writeAudit(sql, { actor, type, subject: `${channel}:${workspace}:${account}`, data });
}

const isId = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_CHARS && !/\p{Cc}/u.test(text);

/** A random code of 192 bits needs no slow hash. */
const hashOf = (code: string): Uint8Array => createHash("sha256").update(code).digest();
