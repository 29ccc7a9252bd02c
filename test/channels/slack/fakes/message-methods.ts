import {
  blocksOf,
  type Call,
  channelType,
  type Method,
  own,
  parsed,
  requireScope,
  text,
  writable,
} from "./call.ts";
import { isTooLong } from "./check-blocks.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { type Fields, formatMessage, type SlackChannel, type SlackMessage } from "./slack-world.ts";

/** Slack keeps this many characters of a text and says that it cut the rest. */
const TEXT_KEPT = 40_000;

type Content = Pick<SlackMessage, "text" | "blocks" | "metadata"> & { readonly warnings: readonly string[] };

function contentOf(call: Call): Content {
  const { args } = call;
  const blocks = blocksOf(call, args.blocks, "message");
  if (isTooLong(blocks)) throw new SlackApiError("msg_blocks_too_long");
  const markdown = text(args.markdown_text);
  if (markdown && (blocks.length > 0 || args.text)) throw new SlackApiError("markdown_text_conflict");
  if (markdown.length > 12_000) throw new SlackApiError("msg_too_long");
  const whole = text(args.text);
  const attachments = parsed(args.attachments, "invalid_attachments");
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if (!whole && !markdown && blocks.length === 0 && !hasAttachments) throw new SlackApiError("no_text");
  const metadata = parsed(args.metadata, "invalid_metadata_format");
  if (metadata !== undefined && !isMetadata(metadata)) throw new SlackApiError("invalid_metadata_format");
  const kept = [...whole].slice(0, TEXT_KEPT).join("");
  return {
    text: kept || markdown,
    blocks: markdown ? [{ type: "markdown", text: markdown, block_id: "md" }] : blocks,
    metadata: (metadata as Fields | undefined) ?? null,
    warnings: kept.length < whole.length ? ["message_truncated"] : [],
  };
}

function isMetadata(value: unknown): boolean {
  const metadata = value as Fields | null;
  return typeof metadata?.event_type === "string" && typeof metadata.event_payload === "object";
}

function threadOf(call: Call, channel: SlackChannel): string | null {
  const { thread_ts: threadTs } = call.args;
  if (threadTs === undefined || threadTs === null || threadTs === "") return null;
  if (typeof threadTs !== "string" || !/^\d+\.\d{6}$/.test(threadTs))
    throw new SlackApiError("invalid_thread_ts");
  const root = call.world.find(channel.id, threadTs);
  if (!root || root.onlyFor !== null) throw new SlackApiError("thread_not_found");
  return root.threadTs ?? root.ts;
}

/** Tells the app of a message, its own too: that is how bots come to answer each other. */
export function emitMessage(
  call: Pick<Call, "emit" | "world">,
  channel: SlackChannel,
  message: SlackMessage,
): void {
  call.emit(channel.team, {
    ...formatMessage(message, call.world),
    channel: channel.id,
    channel_type: channelType(channel),
    event_ts: message.ts,
  });
}

/** The three ways in which a message changes: edited, deleted; told with what it was. */
export function emitChange(
  call: Pick<Call, "emit" | "world">,
  channel: SlackChannel,
  subtype: "message_changed" | "message_deleted",
  message: Fields,
  before: Fields,
): void {
  const ts = call.world.newTs();
  call.emit(channel.team, {
    type: "message",
    subtype,
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts,
    event_ts: ts,
    previous_message: before,
    ...(subtype === "message_changed" ? { message } : { deleted_ts: before.ts }),
  });
}

const postMessage: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args, team } = call;
  const asPerson = typeof args.channel === "string" ? world.users.get(args.channel) : undefined;
  const channel = asPerson
    ? world.direct(team.id, [team.botUser, asPerson.id])
    : writable(call, args.channel || undefined);
  const content = contentOf(call);
  const message = world.add({
    ...content,
    channel: channel.id,
    user: team.botUser,
    botId: team.botId,
    threadTs: threadOf(call, channel),
  });
  if (message.threadTs) world.threadStatus.delete(`${channel.id} ${message.threadTs}`);
  emitMessage(call, channel, message);
  return {
    channel: channel.id,
    ts: message.ts,
    message: formatMessage(message, world),
    ...(content.warnings.length > 0 ? { response_metadata: { warnings: content.warnings } } : {}),
  };
};

const postEphemeral: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args, team } = call;
  const channel = writable(call, args.channel || undefined);
  const content = contentOf(call);
  const reader = world.user(args.user);
  if (!channel.members.has(reader.id)) throw new SlackApiError("user_not_in_channel");
  const message = world.add({
    ...content,
    channel: channel.id,
    user: team.botUser,
    botId: team.botId,
    threadTs: threadOf(call, channel),
    onlyFor: reader.id,
  });
  return { message_ts: message.ts };
};

const update: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args } = call;
  if (!args.channel) throw new SlackApiError("channel_not_found");
  if (!args.ts) throw new SlackApiError("message_not_found");
  const channel = writableForChange(call, "is_inactive");
  const message = own(call, channel, args.ts, "cant_update_message");
  if (message.streaming?.state === "in_progress") throw new SlackApiError("streaming_state_conflict");
  const before = formatMessage(message, world);
  const content = contentOf(call);
  message.text = content.text || message.text;
  // A text without blocks takes the blocks away; only blocks leave the text.
  message.blocks = content.blocks;
  if (args.metadata !== undefined) message.metadata = content.metadata;
  message.editedTs = world.newTs();
  message.edits += 1;
  const after = formatMessage(message, world);
  emitChange(call, channel, "message_changed", after, before);
  return { channel: channel.id, ts: message.ts, text: message.text, message: after };
};

const remove: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args } = call;
  if (!args.channel) throw new SlackApiError("channel_not_found");
  if (!args.ts) throw new SlackApiError("message_not_found");
  const channel = writableForChange(call, "is_inactive");
  const message = own(call, channel, args.ts, "cant_delete_message");
  const before = formatMessage(message, world);
  world.remove(message);
  emitChange(call, channel, "message_deleted", {}, before);
  return { channel: channel.id, ts: message.ts };
};

function writableForChange(call: Call, archived: string): SlackChannel {
  try {
    return writable(call, call.args.channel);
  } catch (error) {
    if (error instanceof SlackApiError && error.code === "is_archived") throw new SlackApiError(archived);
    throw error;
  }
}

const getPermalink: Method = (call) => {
  const { world, args, team } = call;
  const channel = writable(call, args.channel);
  const message = world.find(channel.id, args.message_ts);
  if (!message) throw new SlackApiError("message_not_found");
  const permalink = `https://${team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace(".", "")}`;
  return { channel: channel.id, permalink };
};

export const MESSAGE_METHODS: Readonly<Record<string, Method>> = {
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": update,
  "chat.delete": remove,
  "chat.getPermalink": getPermalink,
};
