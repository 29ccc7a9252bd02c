import { type Call, channelType, known, type Method, readable, requireScope, scopeOf, text } from "./call.ts";
import { SlackApiError } from "./slack-api-error.ts";
import {
  type Fields,
  formatMessage,
  type SlackChannel,
  type SlackMessage,
  type SlackUser,
} from "./slack-world.ts";

const MOST_PAGE = 1_000;

function formatChannel(call: Call, channel: SlackChannel): Fields {
  const { team } = call;
  const others = [...channel.members].filter((id) => id !== team.botUser);
  return {
    id: channel.id,
    ...(channel.kind === "im"
      ? { user: others[0], is_user_deleted: call.world.users.get(others[0] ?? "")?.isDeleted ?? false }
      : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_im: channel.kind === "im",
    is_mpim: channel.kind === "mpim",
    is_private: channel.kind !== "public",
    is_archived: channel.isArchived,
    is_general: false,
    is_member: channel.members.has(team.botUser),
    is_shared: channel.isShared,
    is_ext_shared: channel.isShared,
    is_org_shared: false,
    context_team_id: team.id,
    created: 1_700_000_000,
    creator: others[0] ?? team.botUser,
    unlinked: 0,
    topic: { value: "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
  };
}

/** Cuts a list by `limit` and `cursor`; the cursor is opaque to the caller. */
function page<T>(call: Call, all: readonly T[], otherwise: number): { items: readonly T[]; next: string } {
  const limit = Number(call.args.limit ?? otherwise);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PAGE) throw new SlackApiError("invalid_limit");
  const cursor = text(call.args.cursor);
  const from = cursor ? Number(Buffer.from(cursor, "base64").toString().replace("next:", "")) : 0;
  if (!Number.isInteger(from) || from < 0) throw new SlackApiError("invalid_cursor");
  const end = from + limit;
  return {
    items: all.slice(from, end),
    next: end < all.length ? Buffer.from(`next:${end}`).toString("base64") : "",
  };
}

const info: Method = (call) => {
  const channel = known(call, call.args.channel);
  requireScope(call, scopeOf(channel, "read"));
  const more = call.args.include_num_members ? { num_members: channel.members.size } : {};
  return { channel: { ...formatChannel(call, channel), ...more } };
};

const members: Method = (call) => {
  const channel = known(call, call.args.channel);
  requireScope(call, scopeOf(channel, "read"));
  const { items, next } = page(call, [...channel.members], 100);
  return { members: items, response_metadata: { next_cursor: next } };
};

const open: Method = (call) => {
  const { world, args, team } = call;
  const ids = (Array.isArray(args.users) ? args.users.map(String) : text(args.users).split(",")).filter(
    Boolean,
  );
  if (args.channel) {
    const channel = known(call, args.channel);
    return { no_op: true, already_open: true, channel: shown(call, channel) };
  }
  if (ids.length === 0) throw new SlackApiError("users_list_not_supplied");
  if (ids.length > 8) throw new SlackApiError("too_many_users");
  requireScope(call, ids.length > 1 ? "mpim:write" : "im:write");
  for (const id of ids) {
    const user = world.user(id);
    if (user.isDeleted) throw new SlackApiError("user_disabled");
    if (user.isBot) throw new SlackApiError("cannot_dm_bot");
  }
  const before = world.channels.size;
  const channel = world.direct(team.id, [team.botUser, ...ids]);
  return {
    ...(world.channels.size === before ? { no_op: true, already_open: true } : {}),
    channel: shown(call, channel),
  };
};

function shown(call: Call, channel: SlackChannel): Fields {
  return call.args.return_im ? formatChannel(call, channel) : { id: channel.id };
}

function withMetadata(call: Call, message: SlackMessage): Fields {
  const whole = formatMessage(message, call.world);
  return call.args.include_all_metadata && message.metadata
    ? { ...whole, metadata: message.metadata }
    : whole;
}

function within(call: Call, all: readonly SlackMessage[]): readonly SlackMessage[] {
  const { oldest, latest, inclusive } = call.args;
  const low = oldest === undefined ? -1 : Number(oldest);
  const high = latest === undefined ? Number.POSITIVE_INFINITY : Number(latest);
  return all.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= low && at <= high : at > low && at < high;
  });
}

const history: Method = (call) => {
  const channel = readable(call, call.args.channel);
  requireScope(call, scopeOf(channel, "history"));
  const all = call.world
    .messagesOf(channel.id)
    .filter((message) => message.onlyFor === null && message.threadTs === null)
    .toReversed();
  const { items, next } = page(call, within(call, all), 100);
  return {
    messages: items.map((message) => withMetadata(call, message)),
    has_more: next !== "",
    pin_count: 0,
    ...(next ? { response_metadata: { next_cursor: next } } : {}),
  };
};

const replies: Method = (call) => {
  const channel = readable(call, call.args.channel);
  requireScope(call, scopeOf(channel, "history"));
  const asked = call.world.find(channel.id, call.args.ts);
  if (!asked || asked.onlyFor !== null) throw new SlackApiError("thread_not_found");
  const root = asked.threadTs ?? asked.ts;
  const all = call.world
    .messagesOf(channel.id)
    .filter((one) => one.onlyFor === null && (one.ts === root || one.threadTs === root));
  const { items, next } = page(call, within(call, all), 1_000);
  return {
    messages: items.map((message) => withMetadata(call, message)),
    has_more: next !== "",
    ...(next ? { response_metadata: { next_cursor: next } } : {}),
  };
};

function formatUser(call: Call, user: SlackUser): Fields {
  const hasEmail =
    call.token.scopes.includes("users:read.email") && user.email !== null && user.guest !== "stranger";
  return {
    id: user.id,
    team_id: user.team,
    name: user.name,
    real_name: user.realName,
    deleted: user.isDeleted,
    is_bot: user.isBot,
    is_app_user: false,
    is_restricted: user.guest === "restricted" || user.guest === "ultra_restricted",
    is_ultra_restricted: user.guest === "ultra_restricted",
    ...(user.guest === "stranger" ? { is_stranger: true } : {}),
    is_email_confirmed: user.isEmailConfirmed,
    is_admin: false,
    is_owner: false,
    tz: "Europe/Berlin",
    tz_label: "Central European Time",
    tz_offset: 3_600,
    updated: 1_700_000_000,
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: user.team,
      ...(hasEmail ? { email: user.email } : {}),
    },
  };
}

const userInfo: Method = (call) => {
  requireScope(call, "users:read");
  return { user: formatUser(call, call.world.user(call.args.user)) };
};

const lookupByEmail: Method = (call) => {
  requireScope(call, "users:read.email");
  const email = text(call.args.email).toLowerCase();
  for (const user of call.world.users.values()) {
    if (user.team === call.team.id && user.email === email && !user.isDeleted && user.guest !== "stranger")
      return { user: formatUser(call, user) };
  }
  throw new SlackApiError("users_not_found");
};

const usersList: Method = (call) => {
  requireScope(call, "users:read");
  const all = [...call.world.users.values()].filter((user) => user.team === call.team.id);
  const { items, next } = page(call, all, 1_000);
  return {
    members: items.map((user) => formatUser(call, user)),
    cache_ts: 1_700_000_000,
    response_metadata: { next_cursor: next },
  };
};

const react = (isAdded: boolean): Method => {
  return (call) => {
    requireScope(call, "reactions:write");
    const { world, args, team } = call;
    const channel = readable(call, args.channel);
    const message = world.find(channel.id, args.timestamp);
    if (!message) throw new SlackApiError("message_not_found");
    const name = text(args.name);
    if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) throw new SlackApiError("invalid_name");
    const by = message.reactions.get(name) ?? new Set<string>();
    if (isAdded && by.has(team.botUser)) throw new SlackApiError("already_reacted");
    if (!isAdded && !by.delete(team.botUser)) throw new SlackApiError("no_reaction");
    if (isAdded) by.add(team.botUser);
    if (by.size > 0) message.reactions.set(name, by);
    else message.reactions.delete(name);
    return {};
  };
};

const fileInfo: Method = (call) => {
  requireScope(call, "files:read");
  const file = call.world.files.get(text(call.args.file));
  if (!file || file.team !== call.team.id) throw new SlackApiError("file_not_found");
  if (file.isDeleted) throw new SlackApiError("file_deleted");
  const channel = call.world.channels.get(file.channel);
  if (!channel?.members.has(call.team.botUser)) throw new SlackApiError("file_not_found");
  return { file: formatFile(call.options.origin(), file.id, call), content: "", comments: [] };
};

/** A file as events and `files.info` tell of it; its address wants the app's token. */
export function formatFile(origin: string, id: string, call: Pick<Call, "world">): Fields {
  const file = call.world.files.get(id);
  if (!file) return { id, mode: "tombstone" };
  const address = `${origin}/files-pri/${file.team}-${file.id}/download/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: 1_700_000_000,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: file.name.split(".").at(-1) ?? "binary",
    size: file.content.length,
    mode: "hosted",
    user: file.user,
    is_external: false,
    is_public: false,
    url_private: address.replace("/download/", "/"),
    url_private_download: address,
    file_access: "visible",
  };
}

const teamInfo: Method = (call) => {
  requireScope(call, "team:read");
  const { id, name, domain, emailDomain } = call.team;
  return { team: { id, name, domain, email_domain: emailDomain, icon: {} } };
};

const botInfo: Method = (call) => {
  requireScope(call, "users:read");
  const { team, args } = call;
  if (args.bot !== undefined && args.bot !== team.botId) throw new SlackApiError("bot_not_found");
  return {
    bot: {
      id: team.botId,
      deleted: false,
      name: "Steward",
      app_id: "A0STEWARD1",
      user_id: team.botUser,
      updated: 1_700_000_000,
      icons: {},
    },
  };
};

const list: Method = (call) => {
  const types = text(call.args.types || "public_channel").split(",");
  const kinds = types.map((type) => ({ public_channel: "channel", private_channel: "group" })[type] ?? type);
  const all = [...call.world.channels.values()].filter(
    (channel) =>
      channel.team === call.team.id &&
      kinds.includes(channelType(channel)) &&
      (channel.kind === "public" || channel.members.has(call.team.botUser)),
  );
  for (const kind of kinds)
    requireScope(call, { channel: "channels:read", group: "groups:read" }[kind] ?? `${kind}:read`);
  const { items, next } = page(call, all, 100);
  return { channels: items.map((one) => formatChannel(call, one)), response_metadata: { next_cursor: next } };
};

export const PLACE_METHODS: Readonly<Record<string, Method>> = {
  "bots.info": botInfo,
  "conversations.history": history,
  "conversations.info": info,
  "conversations.list": list,
  "conversations.members": members,
  "conversations.open": open,
  "conversations.replies": replies,
  "files.info": fileInfo,
  "reactions.add": react(true),
  "reactions.remove": react(false),
  "team.info": teamInfo,
  "users.info": userInfo,
  "users.list": usersList,
  "users.lookupByEmail": lookupByEmail,
};
