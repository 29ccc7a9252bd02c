import type { ChannelHost, Identified, PlatformAccount } from "../../src/types/channel-host.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ConversationRef, InActivity } from "./transport/activity.ts";
import type { ActivityTransport, Member } from "./transport/activity-transport.ts";

const ROSTER_MS = 30_000;
/** Whether somebody is a guest changes seldom; what they may do is asked each time. */
const ACCOUNT_MS = 600_000;
const MAX_CACHED = 2_000;
/** In larger places nobody can be sure who reads along. */
const MAX_READERS = 1_000;
const MAX_AT_ONCE = 20;

/** Everybody who reads along at a place. `isComplete` is false when somebody of them is not known here. */
export type Readers = {
  readonly principals: readonly string[];
  readonly isComplete: boolean;
  /** Teams' id of a person, for cards of their own. */
  readonly userOf: ReadonlyMap<string, string>;
};

export type People = {
  /** Who wrote or clicked; `refused` also for other tenants and for guests. A way to sign in is made only with `link`. */
  identify(activity: InActivity, options?: { readonly link?: boolean }): Promise<Identified>;
  /** What somebody unmapped says in their personal chat; null when that is no number of a link. */
  confirmLink(activity: InActivity, text: string): Promise<Identified | null>;
  /** How somebody reads times: by what was last known of them. */
  principal(id: string): Promise<Principal | null>;
  readersOf(ref: ConversationRef): Promise<Readers>;
  /** Somebody came or went. */
  forgetReaders(conversation: string): void;
};

const OTHER_TENANT =
  "I work for the people of one organisation, and your account belongs to another. Ask whoever invited you here.";
const NOBODY: Identified = {
  kind: "refused",
  message: "I cannot see who you are here. Write to me from your work account.",
};
const GUEST = "I cannot work for guest accounts. Ask whoever invited you here to put your question to me.";

export function createPeople(
  host: Pick<ChannelHost, "identify" | "confirmLink" | "accountOf" | "now">,
  transport: Pick<ActivityTransport, "member" | "members">,
  tenantId: string | null,
): People {
  const members = bounded<{ readonly at: number; readonly member: Member | null }>();
  const rosters = bounded<{ readonly at: number; readonly readers: Promise<Readers> }>();
  const principals = bounded<Principal>();
  const now = () => host.now().getTime();

  /** Their account by each address that counts, the best first; or why they are refused. */
  const accountsOf = (
    tenant: string,
    person: string,
    member: Member | null,
  ): readonly [PlatformAccount, ...PlatformAccount[]] | string => {
    const isOther = member?.tenant !== null && member?.tenant !== undefined && member.tenant !== tenant;
    const upn = member?.userPrincipalName?.toLowerCase() ?? null;
    const isGuest = member === null || member.isGuest || isOther || (upn?.includes("#ext#") ?? false);
    if (member !== null && isGuest) return isOther ? OTHER_TENANT : GUEST;
    const name = member?.name ?? null;
    const account = { channel: "teams", workspace: tenant, account: person, isGuest, name } as const;
    const signInName = isGuest || !upn?.includes("@") ? null : upn;
    const mail = isGuest ? null : (member?.email ?? null);
    // The name that somebody signs in with is of a domain that the tenant has proven; `mail` may say anything, and
    // counts only for whom the directory does not know by that name.
    const first = { ...account, email: signInName ?? mail };
    return mail === null || mail === first.email ? [first] : [first, { ...account, email: mail }];
  };

  const identifyMember = async (
    tenant: string,
    person: string,
    member: Member | null,
    link = false,
  ): Promise<Identified> => {
    const accounts = accountsOf(tenant, person, member);
    if (typeof accounts === "string") return { kind: "refused", message: accounts };
    const [first, second = first] = accounts;
    let identified = await host.identify(first, { link: link && first === second });
    if (identified.kind === "unmapped" && second !== first)
      identified = await host.identify(second, { link });
    if (identified.kind === "known") principals.set(identified.principal.id, identified.principal);
    return identified;
  };

  const memberOf = async (ref: ConversationRef, tenant: string, person: string, user: string) => {
    const key = `${tenant} ${person}`;
    const cached = members.get(key);
    if (cached && now() - cached.at < ACCOUNT_MS) return cached.member;
    const member = await transport.member(ref, user);
    members.set(key, { at: now(), member });
    return member;
  };

  const readRoster = async (ref: ConversationRef): Promise<Readers> => {
    const roster = (await transport.members(ref)).filter(({ id }) => !id.startsWith("28:"));
    const tenant = ref.conversation.tenantId;
    const userOf = new Map<string, string>();
    const found: string[] = [];
    // Nobody at all is a roster that was not told, and no place without readers.
    let isComplete = tenant !== null && roster.length > 0 && roster.length <= MAX_READERS;
    for (let i = 0; isComplete && i < roster.length; i += MAX_AT_ONCE) {
      const part = roster.slice(i, i + MAX_AT_ONCE);
      const identified = await Promise.all(
        part.map(async (member) =>
          member.aadObjectId === null || tenant === null
            ? null
            : await identifyMember(tenant, member.aadObjectId, member),
        ),
      );
      for (const [place, who] of identified.entries()) {
        if (who?.kind !== "known") isComplete = false;
        else {
          found.push(who.principal.id);
          userOf.set(who.principal.id, part[place]?.id ?? "");
        }
      }
    }
    return { principals: found, isComplete, userOf };
  };

  const personAt = ({
    conversation,
    from,
  }: InActivity): { readonly tenant: string; readonly person: string } | Identified => {
    const { tenant } = conversation;
    if (tenant === null || from.aadObjectId === null) return NOBODY;
    if (tenantId !== null && tenant.toLowerCase() !== tenantId.toLowerCase())
      return { kind: "refused", message: OTHER_TENANT };
    return { tenant, person: from.aadObjectId };
  };

  return {
    async identify(activity, { link = false } = {}) {
      const at = personAt(activity);
      if ("kind" in at) return at;
      const member = await memberOf(activity.ref, at.tenant, at.person, activity.from.id);
      return await identifyMember(at.tenant, at.person, member, link);
    },

    async confirmLink(activity, text) {
      const at = personAt(activity);
      if ("kind" in at) return at;
      const member = await memberOf(activity.ref, at.tenant, at.person, activity.from.id);
      const accounts = accountsOf(at.tenant, at.person, member);
      if (typeof accounts === "string") return { kind: "refused", message: accounts };
      return await host.confirmLink(accounts.at(-1) ?? accounts[0], text);
    },

    async principal(id) {
      const cached = principals.get(id);
      if (cached) return cached;
      const account = await host.accountOf("teams", id);
      if (account === null) return null;
      const identified = await host.identify(
        { channel: "teams", ...account, email: null, isGuest: false },
        { link: false },
      );
      if (identified.kind !== "known") return null;
      principals.set(id, identified.principal);
      return identified.principal;
    },

    async readersOf(ref) {
      const key = ref.conversation.id;
      const cached = rosters.get(key);
      if (cached && now() - cached.at < ROSTER_MS) return await cached.readers;
      const readers = readRoster(ref);
      rosters.set(key, { at: now(), readers });
      readers.catch(() => rosters.delete(key));
      return await readers;
    },

    forgetReaders(conversation) {
      rosters.delete(conversation);
    },
  };
}

function bounded<T>() {
  const entries = new Map<string, T>();
  return {
    get: (key: string): T | undefined => entries.get(key),
    delete: (key: string) => entries.delete(key),
    set(key: string, value: T) {
      entries.delete(key);
      entries.set(key, value);
      const oldest = entries.size > MAX_CACHED ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}
