import { z } from "zod";
import type { ChannelHost, Identified, PlatformAccount } from "../../src/types/channel-host.ts";
import type { Reader } from "./blocks/slack-message.ts";
import { orNull, type SlackCall } from "./slack-call.ts";
import { codeOf } from "./slack-failure.ts";

/** Somebody as the workspace describes them. */
export type SlackUser = {
  readonly id: string;
  readonly name: string;
  /** Lower case; null unless Slack says that it was confirmed. */
  readonly email: string | null;
  /** Guest, Slack Connect, or of another workspace. */
  readonly isGuest: boolean;
  readonly isBot: boolean;
  readonly isGone: boolean;
  readonly reader: Reader;
};

export type Reach = { readonly isPublic: boolean; readonly isElsewhere: boolean };

export type People = {
  /** Null when the workspace does not know the id. */
  user(team: string, user: string): Promise<SlackUser | null>;
  /** Who this is in the directory; bots and people who left are refused. A way to sign in is made only with `link`. */
  identify(team: string, user: string, options?: { readonly link?: boolean }): Promise<Identified>;
  /** What somebody unmapped says in their own direct message; null when that is no number of a link. */
  confirmLink(team: string, user: string, text: string): Promise<Identified | null>;
  /** Slack ids of those in a conversation, people and apps; null when they are too many to look through. */
  members(team: string, channel: string): Promise<readonly string[] | null>;
  /** Principals of the people who read along, null for each that is nobody of the directory; null when too many. */
  readers(team: string, channel: string): Promise<readonly (string | null)[] | null>;
  /** Who may read a conversation without being in it: anybody of the workspace, or people of another company. */
  reach(team: string, channel: string): Promise<Reach>;
  /** The account of a person: as seen before, else by their e-mail in the workspaces there are. */
  accountOf(principal: string): Promise<{ readonly team: string; readonly user: string } | null>;
  /** What was known of somebody has changed. */
  forget(team: string, user: string): Promise<void>;
  forgetReaders(team: string, channel: string): void;
};

/** `user_change` tells of changes at once; Slack allows to ask for 100 people a minute. */
const USER_KEEP_MS = 30 * 60_000;
/** While Slack does not answer, what it said of somebody lately still holds. */
const USER_STALE_MS = 24 * 3_600_000;
const READERS_KEEP_MS = 60_000;
/** A conversation with more people than this is not looked through: what is not public is shown in private there. */
const MAX_READERS = 200;
const MAX_KEPT = 5_000;

const answer = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_app_user: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_email_confirmed: z.boolean().optional(),
    name: z.string().optional(),
    real_name: z.string().nullish(),
    tz: z.string().nullish(),
    locale: z.string().nullish(),
    enterprise_user: z.object({ teams: z.array(z.string()).optional() }).nullish(),
    profile: z
      .object({
        email: z.string().nullish(),
        real_name: z.string().nullish(),
        display_name: z.string().nullish(),
      })
      .optional(),
  }),
});
const noted = z.object({
  at: z.number(),
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    isGuest: z.boolean(),
    isBot: z.boolean(),
    isGone: z.boolean(),
    reader: z.object({ locale: z.string(), zone: z.string() }),
  }),
});
const about = z.object({
  channel: z.object({
    is_private: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
  }),
});
const members = z.object({
  members: z.array(z.string()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

const NO_PERSON: Identified = {
  kind: "refused",
  message: "Steward talks to people of this workspace only.",
};

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};
const isLocale = (locale: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
};

/** Reads `users.info` of the person's own workspace; a failure to ask is thrown, never taken for "unknown". */
export function createPeople(
  call: SlackCall,
  host: Pick<ChannelHost, "identify" | "confirmLink" | "accountOf" | "now" | "notes">,
  teams: () => Promise<readonly { readonly team: string; readonly name?: string }[]>,
): People {
  const users = new Map<string, { readonly at: number; readonly user: Promise<SlackUser | null> }>();
  const reached = new Map<string, { readonly at: number; readonly reach: Promise<Reach> }>();
  const seen = new Map<string, { readonly at: number; readonly ids: Promise<readonly string[] | null> }>();

  const keep = <T extends { readonly at: number }>(map: Map<string, T>, key: string, value: T) => {
    if (map.size >= MAX_KEPT) map.delete(map.keys().next().value ?? "");
    map.set(key, value);
  };

  const read = async (team: string, id: string): Promise<SlackUser | null> => {
    const found = await orNull(
      call(team, "users.info", { user: id, include_locale: true }, { maxWaitMs: 1_500 }),
      "user_not_found",
      "user_not_visible",
    );
    const parsed = answer.safeParse(found);
    if (!parsed.success) return null;
    const { user } = parsed.data;
    const isHere = user.team_id === team || (user.enterprise_user?.teams ?? []).includes(team);
    const email = user.is_email_confirmed === true ? (user.profile?.email ?? null) : null;
    return {
      id: user.id,
      name: user.profile?.real_name || user.real_name || user.profile?.display_name || user.name || "someone",
      email: email === null ? null : email.trim().toLowerCase() || null,
      isGuest: !isHere || !!user.is_restricted || !!user.is_ultra_restricted || !!user.is_stranger,
      isBot: !!user.is_bot || user.id === "USLACKBOT",
      isGone: !!user.deleted,
      reader: {
        locale: user.locale && isLocale(user.locale) ? user.locale : "en-GB",
        zone: user.tz && isZone(user.tz) ? user.tz : "UTC",
      },
    };
  };

  const noteOf = (team: string, id: string) => `user:${team}:${id}`;
  const lookUp = async (team: string, id: string): Promise<SlackUser | null> => {
    const now = host.now().getTime();
    const note = noted.safeParse(await host.notes.read(noteOf(team, id)));
    const ageMs = note.success ? now - note.data.at : Number.POSITIVE_INFINITY;
    if (note.success && ageMs < USER_KEEP_MS) return note.data.user;
    try {
      const found = await read(team, id);
      if (found)
        await host.notes.write(noteOf(team, id), {
          at: now,
          user: { ...found, reader: { ...found.reader } },
        });
      return found;
    } catch (error) {
      if (!note.success || ageMs > USER_STALE_MS || codeOf(error) === null) throw error;
      return note.data.user;
    }
  };

  const user = (team: string, id: string): Promise<SlackUser | null> => {
    const key = `${team}/${id}`;
    const now = host.now().getTime();
    const kept = users.get(key);
    if (kept && now - kept.at < USER_KEEP_MS) return kept.user;
    const asked = lookUp(team, id);
    keep(users, key, { at: now, user: asked });
    asked.catch(() => users.delete(key));
    return asked;
  };

  const accountAt = (team: string, found: SlackUser): PlatformAccount => {
    const { id, email, isGuest, name } = found;
    return { channel: "slack", workspace: team, account: id, email, isGuest, name };
  };
  const personOr = async (team: string, id: string): Promise<SlackUser | null> => {
    const found = await user(team, id);
    return found === null || found.isBot || found.isGone ? null : found;
  };
  const identify: People["identify"] = async (team, id, { link = false } = {}) => {
    const found = await personOr(team, id);
    if (found === null) return NO_PERSON;
    const account = accountAt(team, found);
    if (!link) return await host.identify(account, { link });
    const workspaceName = (await teams()).find((one) => one.team === team)?.name ?? null;
    return await host.identify({ ...account, workspaceName });
  };
  const confirmLink: People["confirmLink"] = async (team, id, text) => {
    const found = await personOr(team, id);
    return found === null ? NO_PERSON : await host.confirmLink(accountAt(team, found), text);
  };

  const readMembers = async (team: string, channel: string): Promise<readonly string[] | null> => {
    const ids: string[] = [];
    let cursor = "";
    do {
      const args = { channel, limit: MAX_READERS, ...(cursor ? { cursor } : {}) };
      const page = members.parse(await call(team, "conversations.members", args));
      ids.push(...page.members);
      cursor = page.response_metadata?.next_cursor ?? "";
    } while (cursor && ids.length <= MAX_READERS);
    return ids.length > MAX_READERS ? null : ids;
  };
  const readReach = async (team: string, channel: string): Promise<Reach> => {
    const { channel: found } = about.parse(await call(team, "conversations.info", { channel }));
    return {
      isPublic: found.is_private !== true,
      isElsewhere: found.is_ext_shared === true || found.is_pending_ext_shared === true,
    };
  };
  const memberIds = (team: string, channel: string): Promise<readonly string[] | null> => {
    const key = `${team}/${channel}`;
    const now = host.now().getTime();
    const kept = seen.get(key);
    if (kept && now - kept.at < READERS_KEEP_MS) return kept.ids;
    const ids = readMembers(team, channel);
    keep(seen, key, { at: now, ids });
    ids.catch(() => seen.delete(key));
    return ids;
  };

  return {
    user,
    identify,
    confirmLink,
    members: memberIds,
    readers: async (team, channel) => {
      const ids = await memberIds(team, channel);
      if (ids === null) return null;
      const readers: (string | null)[] = [];
      for (const id of ids) {
        const member = await user(team, id);
        if (member?.isBot || member?.isGone) continue;
        const known = await identify(team, id);
        readers.push(known.kind === "known" ? known.principal.id : null);
      }
      return readers;
    },
    reach: (team, channel) => {
      const key = `${team}/${channel}`;
      const now = host.now().getTime();
      const kept = reached.get(key);
      if (kept && now - kept.at < READERS_KEEP_MS) return kept.reach;
      const reach = readReach(team, channel);
      keep(reached, key, { at: now, reach });
      reach.catch(() => reached.delete(key));
      return reach;
    },
    accountOf: async (principal) => {
      const kept = await host.accountOf("slack", principal);
      if (kept) return { team: kept.workspace, user: kept.account };
      for (const { team } of await teams()) {
        const found = await orNull(
          call(team, "users.lookupByEmail", { email: principal }),
          "users_not_found",
          "missing_scope",
        );
        const id = z.object({ user: z.object({ id: z.string() }) }).safeParse(found);
        if (!id.success) continue;
        const known = await identify(team, id.data.user.id);
        if (known.kind === "known" && known.principal.id === principal)
          return { team, user: id.data.user.id };
      }
      return null;
    },
    forget: async (team, id) => {
      users.delete(`${team}/${id}`);
      await host.notes.remove(noteOf(team, id));
    },
    forgetReaders: (team, channel) => {
      seen.delete(`${team}/${channel}`);
      reached.delete(`${team}/${channel}`);
    },
  };
}
