import { blocksOf, type Call, type Method, own, parsed, requireScope, text, writable } from "./call.ts";
import { isTooLong } from "./check-blocks.ts";
import { emitMessage } from "./message-methods.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { type Block, type Fields, formatMessage, type SlackMessage, type Streaming } from "./slack-world.ts";

const MOST_MARKDOWN = 12_000;
const MOST_TITLE = 256;
const TASK_STATES = new Set(["pending", "in_progress", "complete", "error"]);

const start: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args, team } = call;
  const channel = writable(call, args.channel);
  if (!args.thread_ts) throw new SlackApiError("invalid_thread_ts");
  const root = world.find(channel.id, args.thread_ts);
  if (!root) throw new SlackApiError("thread_not_found");
  if (channel.kind !== "im") {
    if (!args.recipient_team_id) throw new SlackApiError("missing_recipient_team_id");
    if (!args.recipient_user_id) throw new SlackApiError("missing_recipient_user_id");
    if (!world.teams.has(text(args.recipient_team_id))) throw new SlackApiError("team_not_found");
    world.user(args.recipient_user_id);
  }
  if (
    args.task_display_mode !== undefined &&
    !["timeline", "plan", "dense"].includes(text(args.task_display_mode))
  )
    throw new SlackApiError("invalid_arguments");
  const streaming: Streaming = {
    state: "in_progress",
    until: world.clock() + call.options.streamLifeMs,
    markdown: "",
    tasks: new Map(),
    plan: null,
  };
  const chunks = chunksOf(call);
  const message = world.add({
    channel: channel.id,
    user: team.botUser,
    botId: team.botId,
    text: "",
    threadTs: root.threadTs ?? root.ts,
    streaming,
  });
  apply(call, message, chunks);
  world.threadStatus.delete(`${channel.id} ${message.threadTs}`);
  return { channel: channel.id, ts: message.ts };
};

const append: Method = (call) => {
  requireScope(call, "chat:write");
  const message = streamingMessage(call);
  const chunks = chunksOf(call);
  if (chunks.length === 0) throw new SlackApiError("no_text");
  apply(call, message, chunks);
  return { channel: message.channel, ts: message.ts };
};

const stop: Method = (call) => {
  requireScope(call, "chat:write");
  const { world, args } = call;
  const message = streamingMessage(call);
  const chunks = chunksOf(call);
  const blocks = blocksOf(call, args.blocks, "message");
  apply(call, message, chunks);
  const streaming = message.streaming as Streaming;
  streaming.state = "completed";
  message.blocks = [...bodyOf(message, streaming), ...blocks];
  if (isTooLong(message.blocks)) {
    streaming.state = "in_progress";
    throw new SlackApiError("msg_blocks_too_long");
  }
  message.metadata = (parsed(args.metadata, "invalid_metadata_format") as Fields | undefined) ?? null;
  const channel = world.channels.get(message.channel);
  if (args.session_status !== undefined && channel) {
    const session = world.sessions.get(`${channel.id} ${message.threadTs}`);
    if (session) session.status = text(args.session_status);
  }
  if (channel) emitMessage(call, channel, message);
  return { channel: message.channel, ts: message.ts, message: formatMessage(message, world) };
};

/** The message, while it may still be written to: an absolute lifetime, and a person can stop it. */
function streamingMessage(call: Call): SlackMessage {
  const channel = writable(call, call.args.channel);
  const message = own(call, channel, call.args.ts, "message_not_owned_by_app");
  const { streaming } = message;
  if (streaming?.state === "in_progress" && call.world.clock() > streaming.until)
    streaming.state = "completed";
  if (streaming?.state === "stopped") throw new SlackApiError("stopped_by_user");
  if (streaming?.state !== "in_progress") throw new SlackApiError("message_not_in_streaming_state");
  return message;
}

function chunksOf(call: Call): readonly Fields[] {
  const { args } = call;
  const markdown = text(args.markdown_text);
  if (markdown.length > MOST_MARKDOWN) throw new SlackApiError("msg_too_long");
  const chunks = parsed(args.chunks, "invalid_chunks");
  if (chunks !== undefined && !Array.isArray(chunks)) throw new SlackApiError("invalid_chunks");
  if (markdown && chunks) throw new SlackApiError("invalid_arguments");
  const all =
    (chunks as Fields[] | undefined) ?? (markdown ? [{ type: "markdown_text", text: markdown }] : []);
  for (const chunk of all) checkChunk(call, chunk);
  return all;
}

function checkChunk(call: Call, chunk: Fields): void {
  if (chunk.type === "markdown_text") {
    if (typeof chunk.text !== "string") throw new SlackApiError("invalid_chunks");
    if (chunk.text.length > MOST_MARKDOWN) throw new SlackApiError("msg_too_long");
  } else if (chunk.type === "task_update") {
    const isRight =
      text(chunk.id) !== "" &&
      text(chunk.title) !== "" &&
      text(chunk.title).length <= MOST_TITLE &&
      TASK_STATES.has(text(chunk.status));
    if (!isRight) throw new SlackApiError("invalid_chunks");
  } else if (chunk.type === "plan_update") {
    if (text(chunk.title) === "" || text(chunk.title).length > MOST_TITLE)
      throw new SlackApiError("invalid_chunks");
  } else if (chunk.type === "blocks") blocksOf(call, chunk.blocks, "message");
  else throw new SlackApiError("invalid_chunks");
}

/** A task's title and status replace; its details are added to. */
function apply(call: Call, message: SlackMessage, chunks: readonly Fields[]): void {
  const { streaming } = message;
  if (!streaming) return;
  for (const chunk of chunks) {
    if (chunk.type === "markdown_text") streaming.markdown += text(chunk.text);
    if (chunk.type === "plan_update") streaming.plan = text(chunk.title);
    if (chunk.type === "task_update") {
      const before = streaming.tasks.get(text(chunk.id));
      streaming.tasks.set(text(chunk.id), {
        ...before,
        ...chunk,
        details: `${text(before?.details)}${text(chunk.details)}`,
      });
    }
    if (chunk.type === "blocks")
      message.blocks = [...message.blocks, ...blocksOf(call, chunk.blocks, "message")];
  }
  message.text = streaming.markdown;
}

function bodyOf(message: SlackMessage, streaming: Streaming): readonly Block[] {
  const rich = (words: string) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }],
  });
  const tasks = [...streaming.tasks.values()].map((task) => ({
    type: "task_card",
    task_id: task.id,
    title: task.title,
    status: task.status,
    ...(task.details ? { details: rich(text(task.details)) } : {}),
    ...(task.output ? { output: rich(text(task.output)) } : {}),
  }));
  return [
    ...(streaming.plan ? [{ type: "plan", title: streaming.plan, tasks }] : tasks),
    ...(streaming.markdown ? [{ type: "markdown", text: streaming.markdown }] : []),
    ...message.blocks,
  ];
}

export const STREAM_METHODS: Readonly<Record<string, Method>> = {
  "chat.startStream": start,
  "chat.appendStream": append,
  "chat.stopStream": stop,
};
