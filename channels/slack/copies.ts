import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { SlackMessage } from "./blocks/slack-message.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { codeOf } from "./slack-failure.ts";

/** Where the messages of one item stand. */
export const copySchema = z.object({
  /** Tells the copies of an item in one conversation apart, in the messages' metadata. */
  copy: z.string(),
  channel: z.string(),
  root: z.string().nullable(),
  /** Timestamps of the messages, in order; empty while the first one's fate is not known. */
  ts: z.array(z.string()),
  /** The outbound that was shown last, once all of it was. */
  out: z.string().nullable(),
  /** When the first try began, milliseconds since 1970. */
  at: z.number(),
  sheet: z.string().nullable(),
});
export type Copy = z.infer<typeof copySchema>;

/** Who would wait longer for a turn within the limits makes room for others in the outbox, and comes again. */
const TURN_WAIT_MS = 2_500;

/** Metadata's event type, by which our own messages are found again. */
export const ITEM_EVENT = "steward_item";

export const newCopyId = (): string => randomBytes(9).toString("base64url");

const found = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .partial()
        .optional(),
    }),
  ),
});

/** Messages that a try whose end was never seen may have left behind: by the metadata they carry, in order of part. */
export async function findLeftBehind(context: SlackContext, team: string, copy: Copy): Promise<string[]> {
  const span = {
    channel: copy.channel,
    oldest: String(Math.floor(copy.at / 1_000) - 120),
    limit: 200,
    include_all_metadata: true,
  };
  const call =
    copy.root === null
      ? context.call(team, "conversations.history", span)
      : context.call(team, "conversations.replies", { ...span, ts: copy.root });
  const page = found.safeParse(await orNull(call, "thread_not_found", "channel_not_found"));
  const parts: string[] = [];
  for (const { ts, metadata } of page.data?.messages ?? []) {
    const { copy: id, part } = metadata?.event_payload ?? {};
    if (metadata?.event_type === ITEM_EVENT && id === copy.copy && typeof part === "number" && part < 100) {
      parts[part] = ts;
    }
  }
  const gap = parts.findIndex((ts) => !ts);
  return gap < 0 ? parts : parts.slice(0, gap);
}

/**
 * Shows these messages in the place of what the copy has: edits what is there, adds what is missing, takes away what
 * is too much. `keep` is called after every message, so that a crash in the middle shows nothing twice.
 */
export async function showCopy(
  context: SlackContext,
  team: string,
  item: string,
  before: Copy,
  messages: readonly SlackMessage[],
  keep: (copy: Copy) => Promise<void>,
): Promise<Copy> {
  const ts = [...before.ts];
  for (const [part, { text, blocks }] of messages.entries()) {
    const metadata = { event_type: ITEM_EVENT, event_payload: { item, copy: before.copy, part } };
    const body = { channel: before.channel, text, blocks, metadata };
    const old = ts[part];
    if (old !== undefined) {
      const edited = await orNull(
        updateMessage(context, team, { ...body, ts: old }),
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
      );
      if (edited) continue;
    }
    const posted = await context.call(
      team,
      "chat.postMessage",
      {
        ...body,
        ...(before.root === null ? {} : { thread_ts: before.root }),
        unfurl_links: false,
        unfurl_media: false,
      },
      { conversation: before.channel, maxWaitMs: TURN_WAIT_MS },
    );
    ts[part] = z.object({ ts: z.string() }).parse(posted).ts;
    if (part + 1 < messages.length) await keep({ ...before, ts: [...ts] });
  }
  for (const extra of ts.splice(messages.length)) {
    await orNull(
      context.call(team, "chat.delete", { channel: before.channel, ts: extra }),
      "message_not_found",
      "cant_delete_message",
    );
  }
  return { ...before, ts };
}

/** Edits a message; one that is still being streamed is ended first. */
async function updateMessage(
  context: SlackContext,
  team: string,
  args: { readonly channel: string; readonly ts: string } & Readonly<Record<string, unknown>>,
): Promise<unknown> {
  try {
    return await context.call(team, "chat.update", args, { maxWaitMs: TURN_WAIT_MS });
  } catch (error) {
    if (codeOf(error) !== "streaming_state_conflict") throw error;
    await context.call(team, "chat.stopStream", { channel: args.channel, ts: args.ts });
    return await context.call(team, "chat.update", args);
  }
}
