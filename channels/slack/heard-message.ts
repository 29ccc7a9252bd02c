import { z } from "zod";
import { type SlackFile, slackFile } from "./fetch-file.ts";
import { isDirectId } from "./thread-ref.ts";

/** Most files of one message that are looked at. */
const MAX_FILES = 10;
const ts = z.string().regex(/^\d{1,20}\.\d{1,12}$/);

const message = z.object({
  type: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  text: z.string().optional(),
  ts,
  thread_ts: ts.optional(),
  channel: z.string().optional(),
  channel_type: z.string().optional(),
  files: z.array(z.unknown()).optional(),
});
const changed = z.object({ channel: z.string(), message, previous_message: message.partial().optional() });
const deleted = z.object({
  channel: z.string(),
  deleted_ts: ts,
  previous_message: message.partial().optional(),
});
const envelope = z.object({ team_id: z.string(), event: z.looseObject({ type: z.string() }) });

/** A message of a person, read. */
export type Heard = {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  /** Timestamp of the message that the conversation hangs on: its own, when it begins one. */
  readonly root: string;
  /** As Slack writes it. */
  readonly text: string;
  readonly files: readonly SlackFile[];
  readonly isDirect: boolean;
};

/** What a `message` or `app_mention` event tells. */
export type MessageNews =
  | { readonly kind: "said"; readonly heard: Heard }
  | { readonly kind: "changed"; readonly heard: Heard; readonly before: string | null }
  | {
      readonly kind: "deleted";
      readonly team: string;
      readonly channel: string;
      readonly ts: string;
      readonly user: string | null;
    }
  | { readonly kind: "nothing" };

/** The only subtypes in which a person says something. */
export const SPOKEN: ReadonlySet<string> = new Set([
  "",
  "file_share",
  "thread_broadcast",
  "me_message",
  "app_mention",
]);
const NOTHING = { kind: "nothing" } as const;

/** Reads an event of the Events API; bots, our own messages and everything that nobody said are `nothing`. */
export function readMessageNews(body: unknown): MessageNews {
  const outer = envelope.safeParse(body);
  if (!outer.success) return NOTHING;
  const { team_id: team, event } = outer.data;
  if (event.subtype === "message_changed") {
    const read = changed.safeParse(event);
    if (!read.success) return NOTHING;
    const heard = toHeard(team, read.data.channel, read.data.message);
    return heard === null
      ? NOTHING
      : { kind: "changed", heard, before: read.data.previous_message?.text ?? null };
  }
  if (event.subtype === "message_deleted") {
    const read = deleted.safeParse(event);
    if (!read.success || read.data.previous_message?.bot_id) return NOTHING;
    const { channel, deleted_ts, previous_message } = read.data;
    return { kind: "deleted", team, channel, ts: deleted_ts, user: previous_message?.user ?? null };
  }
  const read = message.safeParse(event);
  if (!read.success || read.data.channel === undefined) return NOTHING;
  const heard = toHeard(team, read.data.channel, read.data);
  return heard === null ? NOTHING : { kind: "said", heard };
}

function toHeard(team: string, channel: string, read: z.infer<typeof message>): Heard | null {
  if (!read.user || read.user === "USLACKBOT" || read.bot_id || !SPOKEN.has(read.subtype ?? "")) return null;
  const files = (read.files ?? []).slice(0, MAX_FILES).flatMap((file) => {
    const parsed = slackFile.safeParse(file);
    return parsed.success ? [parsed.data] : [];
  });
  return {
    team,
    channel,
    user: read.user,
    ts: read.ts,
    root: read.thread_ts ?? read.ts,
    text: read.text ?? "",
    files,
    isDirect: isDirectId(channel),
  };
}
