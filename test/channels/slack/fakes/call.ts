import type { Surface } from "./check-blocks.ts";
import { SlackApiError } from "./slack-api-error.ts";
import type {
  Block,
  Fields,
  SlackChannel,
  SlackMessage,
  SlackTeam,
  SlackToken,
  SlackWorld,
} from "./slack-world.ts";

/** One call of the Web API, its token already checked. */
export type Call = {
  readonly world: SlackWorld;
  readonly token: SlackToken;
  readonly team: SlackTeam;
  readonly args: Fields;
  readonly options: PlatformRules;
  /** Tells the app of something that happened in its workspace. */
  emit(team: string, event: Fields): void;
};

/** What a test may choose of the platform's behaviour. */
export type PlatformRules = {
  readonly validate: (surface: Surface, blocks: readonly Block[]) => readonly string[];
  readonly streamLifeMs: number;
  readonly triggerLifeMs: number;
  readonly isStopSubscribed: () => boolean;
  readonly origin: () => string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly appToken: string;
};

export type Method = (call: Call) => Fields | Promise<Fields>;

export function requireScope(call: Call, ...scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !call.token.scopes.includes(scope));
  if (missing.length > 0)
    throw new SlackApiError("missing_scope", {
      needed: missing.join(","),
      provided: call.token.scopes.join(","),
    });
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** JSON in an argument: sent as JSON, or as a string in a form. */
export function parsed(value: unknown, error: string): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackApiError(error);
  }
}

/** A place the app may write in: it exists, is not archived, and the app is a member. */
export function writable(call: Call, id: unknown): SlackChannel {
  const channel = known(call, id);
  if (channel.isArchived) throw new SlackApiError("is_archived");
  if (!channel.members.has(call.team.botUser)) throw new SlackApiError("not_in_channel");
  return channel;
}

/** A place that the app may know of: private ones and other people's direct messages do not exist for it. */
export function known(call: Call, id: unknown): SlackChannel {
  const channel = typeof id === "string" ? call.world.channels.get(id) : undefined;
  if (!channel || channel.team !== call.team.id) throw new SlackApiError("channel_not_found");
  if (channel.kind !== "public" && !channel.members.has(call.team.botUser))
    throw new SlackApiError("channel_not_found");
  return channel;
}

/** Reading what is written there needs membership. */
export function readable(call: Call, id: unknown): SlackChannel {
  const channel = known(call, id);
  if (!channel.members.has(call.team.botUser)) throw new SlackApiError("not_in_channel");
  return channel;
}

/** The app's own message; somebody else's cannot be changed. */
export function own(call: Call, channel: SlackChannel, ts: unknown, otherwise: string): SlackMessage {
  const message = call.world.find(channel.id, ts);
  if (!message || message.onlyFor !== null) throw new SlackApiError("message_not_found");
  if (message.user !== call.team.botUser) throw new SlackApiError(otherwise);
  return message;
}

/** Checked blocks of a message or view, under ids of their own where they have none. */
export function blocksOf(call: Call, value: unknown, surface: Surface): readonly Block[] {
  const code = surface === "message" ? "invalid_blocks" : "invalid_arguments";
  const blocks = parsed(value, code === "invalid_blocks" ? "invalid_blocks_format" : code);
  if (blocks === undefined || blocks === null || blocks === "") return [];
  if (!Array.isArray(blocks) || blocks.some((block) => block === null || typeof block !== "object"))
    throw new SlackApiError(surface === "message" ? "invalid_blocks_format" : code);
  const faults = call.options.validate(surface, blocks as readonly Block[]);
  if (faults.length > 0)
    throw new SlackApiError(code, {
      errors: faults,
      response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
    });
  return (blocks as readonly Block[]).map((block) =>
    block.block_id === undefined ? { ...block, block_id: call.world.newId("b").slice(0, 8) } : block,
  );
}

/** Kinds of places as scopes and events name them. */
export function scopeOf(channel: SlackChannel, right: "read" | "history" | "write"): string {
  const kind = { public: "channels", private: "groups", im: "im", mpim: "mpim" }[channel.kind];
  return `${kind}:${right}`;
}

export function channelType(channel: SlackChannel): string {
  return { public: "channel", private: "group", im: "im", mpim: "mpim" }[channel.kind];
}
