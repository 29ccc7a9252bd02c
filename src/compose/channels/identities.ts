import type { AccountInfo, LinkOffer, LinkStep } from "../../api/account-ports.ts";
import { writeAudit } from "../../store/audit/write-audit.ts";
import {
  type AccountRef,
  findAccounts,
  findIdentity,
  type Identity,
  removeIdentity,
  saveIdentity,
} from "../../store/channels/identities.ts";
import { closeLinkCodes } from "../../store/channels/link-codes.ts";
import type { Db, Sql } from "../../store/db.ts";
import type { ChannelHost, Identified, PlatformAccount, PlatformName } from "../../types/channel-host.ts";
import type { Directory } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import { createAccountLinks, readNumber } from "./account-links.ts";

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
export type Identities = Pick<ChannelHost, "identify" | "accountOf" | "confirmLink"> & {
  /** What a link would tie, for the page that asks. Throws CHN-410. */
  openLink(code: string): Promise<LinkOffer>;
  /** The number that the link's account is to say, for the person who is signed in. Throws CHN-409, CHN-410. */
  startLink(as: string, code: string): Promise<LinkStep>;
  accounts(as: string): Promise<readonly AccountInfo[]>;
  /** Throws CHN-404 when the account is not theirs. */
  removeAccount(as: string, of: AccountRef): Promise<void>;
};

export function createIdentities(deps: IdentityDeps): Identities {
  const { db, now } = deps;

  const identify: ChannelHost["identify"] = async (given, { link = true } = {}) => {
    const space = SPACES[given.channel];
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
    return link ? await offerLink(given) : unmapped(given, null);
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

  const unmapped = (given: PlatformAccount, linkUrl: string | null): Identified => {
    const platform = PLATFORM_TITLES[given.channel];
    const why = given.email
      ? `I can't find the address of your ${platform} account in the directory.`
      : `${platform} doesn't tell me your verified e-mail address.`;
    const how =
      deps.baseUrl() === null
        ? "Ask an administrator to add it, or to say with --public-url where people reach Steward."
        : linkUrl === null
          ? "Write to me directly, and I show you how to sign in."
          : "Sign in once to show me who you are: the link works for 15 minutes, for you alone. Then type the number that you see there to me in a direct message.";
    return { kind: "unmapped", message: `${why} ${how}`, linkUrl };
  };

  const offerLink = async (given: PlatformAccount): Promise<Identified> =>
    unmapped(given, await links.offer(given));

  const remember = async (sql: Sql, of: AccountRef, principal: string, proof: Identity["proof"]) => {
    const { channel, workspace, account } = of;
    if (!(await saveIdentity(sql, { channel, workspace, account, principal, proof }))) return;
    await closeLinkCodes(sql, of);
    await audit(sql, principal, "identity.linked", of, { principal, proof });
  };

  const links = createAccountLinks({
    ...{ db, now, remember, directory: deps.directory, baseUrl: deps.baseUrl },
    started: async (sql, of, principal) =>
      await audit(sql, principal, "identity.link-started", of, { principal }),
  });

  const confirmLink = async (given: PlatformAccount, text: string): Promise<Identified | null> => {
    const number = readNumber(text);
    if (number === null) return null;
    const who = await identify(given, { link: false });
    if (who.kind !== "unmapped") return who;
    const said = await links.say(given, number);
    if (said.kind === "linked") return await identify(given, { link: false });
    if (said.kind === "conflict") {
      return refused(
        `In this ${SPACES[given.channel]}, whoever signed in has another account already, or is no longer in the directory. Nothing was linked. Ask an administrator if that is a mistake. (CHN-409)`,
      );
    }
    if (said.kind === "wrong" && said.left > 0) {
      const tries = said.left === 1 ? "one try" : `${said.left} tries`;
      const message = `That is not the number on the page where you signed in. You have ${tries} left.`;
      return { kind: "unmapped", message, linkUrl: null };
    }
    const offered = await offerLink(given);
    if (offered.kind !== "unmapped") return offered;
    const why =
      said.kind === "wrong"
        ? "That is not the number either, so that link is off and nothing was linked."
        : "No link waits for this number: it may have ended.";
    const how = offered.linkUrl === null ? "Ask an administrator for help." : "Sign in anew to get another.";
    return { ...offered, message: `${why} ${how}` };
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
    confirmLink,
    openLink: links.openLink,
    startLink: links.startLink,
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

const refused = (message: string): Identified => ({ kind: "refused", message });

const isId = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_CHARS && !/\p{Cc}/u.test(text);
