import { randomBytes } from "node:crypto";
import { SlackApiError } from "./slack-api-error.ts";

export type Fields = Record<string, unknown>;
export type Block = Readonly<Fields> & { readonly type: string };

export type SlackTeam = {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly emailDomain: string;
  readonly botUser: string;
  readonly botId: string;
  isInstalled: boolean;
};

export type SlackUser = {
  readonly id: string;
  readonly team: string;
  name: string;
  realName: string;
  email: string | null;
  isEmailConfirmed: boolean;
  /** Guest of several channels, guest of one, or somebody of another workspace (Slack Connect). */
  guest: "restricted" | "ultra_restricted" | "stranger" | null;
  isBot: boolean;
  isDeleted: boolean;
};

export type SlackChannel = {
  readonly id: string;
  readonly team: string;
  readonly kind: "public" | "private" | "im" | "mpim";
  name: string;
  readonly members: Set<string>;
  isArchived: boolean;
  isShared: boolean;
};

export type Streaming = {
  state: "in_progress" | "completed" | "stopped";
  readonly until: number;
  markdown: string;
  readonly tasks: Map<string, Fields>;
  plan: string | null;
};

export type SlackMessage = {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly botId: string | null;
  text: string;
  blocks: readonly Block[];
  readonly threadTs: string | null;
  metadata: Fields | null;
  readonly files: readonly string[];
  editedTs: string | null;
  /** Only this user sees it, and it is not in the history. */
  readonly onlyFor: string | null;
  streaming: Streaming | null;
  readonly reactions: Map<string, Set<string>>;
  /** How often the app changed it. */
  edits: number;
};

export type SlackFile = {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly mimetype: string;
  readonly content: Uint8Array;
  readonly user: string;
  readonly channel: string;
  isDeleted: boolean;
};

export type SlackView = {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly kind: "modal" | "home";
  view: Fields;
  hash: string;
  isOpen: boolean;
  readonly previous: string | null;
};

export type SlackToken = {
  readonly token: string;
  readonly kind: "bot" | "app";
  readonly team: string;
  scopes: readonly string[];
  isRevoked: boolean;
  /** Of a whole organisation of Enterprise Grid, for all of its workspaces. */
  readonly isOrganization?: boolean;
};

export type AgentSession = { status: string; title: string | null; readonly initiator: string | null };

export type SlackWorld = ReturnType<typeof createWorld>;

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** All that the platform knows, in memory. `clock` is in milliseconds. */
export function createWorld(clock: () => number) {
  const teams = new Map<string, SlackTeam>();
  const users = new Map<string, SlackUser>();
  const channels = new Map<string, SlackChannel>();
  const messages = new Map<string, SlackMessage[]>();
  const files = new Map<string, SlackFile>();
  const views = new Map<string, SlackView>();
  const tokens = new Map<string, SlackToken>();
  const triggers = new Map<string, { readonly user: string; readonly at: number; isUsed: boolean }>();
  const sessions = new Map<string, AgentSession>();
  const threadStatus = new Map<string, string>();
  const prompts = new Map<string, readonly Fields[]>();
  const codes = new Map<
    string,
    {
      readonly team: string;
      readonly redirect: string | null;
      readonly isOrganization: boolean;
      isUsed: boolean;
    }
  >();
  let lastMicros = 0;
  let counter = 0;

  const newId = (prefix: string) => {
    counter += 1;
    const tail = Array.from(randomBytes(5), (byte) => ID_ALPHABET[byte % 36]).join("");
    return `${prefix}${counter.toString(36).toUpperCase().padStart(4, "0")}${tail}`;
  };
  const newTs = () => {
    lastMicros = Math.max(Math.floor(clock() * 1_000), lastMicros + 1);
    return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, "0")}`;
  };
  const user = (id: unknown): SlackUser => {
    const found = typeof id === "string" ? users.get(id) : undefined;
    if (!found) throw new SlackApiError("user_not_found");
    return found;
  };
  const list = (channel: string) => {
    const found = messages.get(channel) ?? [];
    messages.set(channel, found);
    return found;
  };

  return {
    clock,
    teams,
    users,
    channels,
    files,
    views,
    tokens,
    triggers,
    sessions,
    threadStatus,
    prompts,
    codes,
    newId,
    newTs,
    user,
    /** Messages of a place in order of time, those for one person among them. */
    messagesOf: (channel: string): readonly SlackMessage[] => messages.get(channel) ?? [],
    find: (channel: string, ts: unknown): SlackMessage | null =>
      messages.get(channel)?.find((one) => one.ts === ts) ?? null,
    add(message: Partial<SlackMessage> & Pick<SlackMessage, "channel" | "user" | "text">): SlackMessage {
      const whole: SlackMessage = {
        ts: newTs(),
        botId: null,
        blocks: [],
        threadTs: null,
        metadata: null,
        files: [],
        editedTs: null,
        onlyFor: null,
        streaming: null,
        reactions: new Map(),
        edits: 0,
        ...message,
      };
      list(message.channel).push(whole);
      return whole;
    },
    remove(message: SlackMessage): void {
      const all = list(message.channel);
      all.splice(all.indexOf(message), 1);
    },
    /** The direct conversation of these people, made when there is none. */
    direct(team: string, members: readonly string[]): SlackChannel {
      const wanted = new Set(members);
      for (const one of channels.values()) {
        if (one.team !== team || (one.kind !== "im" && one.kind !== "mpim")) continue;
        if (one.members.size === wanted.size && [...wanted].every((id) => one.members.has(id))) return one;
      }
      const isPair = wanted.size <= 2;
      const made: SlackChannel = {
        id: newId(isPair ? "D" : "G"),
        team,
        kind: isPair ? "im" : "mpim",
        name: isPair ? "directmessage" : `mpdm-${[...wanted].join("--")}-1`,
        members: wanted,
        isArchived: false,
        isShared: false,
      };
      channels.set(made.id, made);
      return made;
    },
    /** A token for opening one modal within three seconds. */
    newTrigger(by: string): string {
      const id = `${newTs()}.${randomBytes(8).toString("hex")}`;
      triggers.set(id, { user: by, at: clock(), isUsed: false });
      return id;
    },
  };
}

/** What the person's workspace tells of a message. */
export function formatMessage(message: SlackMessage, world: SlackWorld): Fields {
  const bot = message.botId ? { bot_id: message.botId, app_id: APP_ID } : {};
  const replies = message.threadTs
    ? []
    : world.messagesOf(message.channel).filter((one) => one.threadTs === message.ts && one.onlyFor === null);
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: world.channels.get(message.channel)?.team,
    ...bot,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(replies.length > 0
      ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }
      : {}),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
    ...(message.streaming ? { streaming_state: message.streaming.state } : {}),
    ...(message.files.length > 0 ? { files: message.files.map((id) => ({ id, mode: "hosted" })) } : {}),
    ...(message.reactions.size > 0
      ? {
          reactions: [...message.reactions].map(([name, by]) => ({ name, count: by.size, users: [...by] })),
        }
      : {}),
  };
}

/** The app under test is one app, installed in one or more workspaces. */
export const APP_ID = "A0STEWARD1";
