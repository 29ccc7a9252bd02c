import { z } from "zod";

const ref = z.object({ id: z.string() });
const ts = z.string().max(40);

/** One control of a message, a home tab or a modal was used (`block_actions`). */
export const clickBody = z.object({
  type: z.literal("block_actions"),
  team: ref.nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
  container: z
    .object({
      type: z.string().optional(),
      is_ephemeral: z.boolean().optional(),
      message_ts: ts.optional(),
      thread_ts: ts.optional(),
      channel_id: z.string().optional(),
    })
    .optional(),
  channel: ref.nullish(),
  message: z.object({ ts, thread_ts: ts.optional() }).optional(),
  view: z.object({ id: z.string(), type: z.string() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
        selected_conversation: z.string().nullish(),
      }),
    )
    .min(1)
    .max(25),
});
export type Click = z.infer<typeof clickBody>;

/** A modal was sent (`view_submission`). */
export const submitBody = z.object({
  team: ref.nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  view: z.object({
    id: z.string(),
    callback_id: z.string(),
    private_metadata: z.string().max(3_000),
    state: z.unknown(),
  }),
});
export type Submit = z.infer<typeof submitBody>;

/** The slash command; Slack sends it as a form. */
export const commandBody = z.object({
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  command: z.string(),
  text: z.string().default(""),
  trigger_id: z.string(),
});
export type Command = z.infer<typeof commandBody>;

/** "Ask Steward about this" on a message. */
export const shortcutBody = z.object({
  team: ref.nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  channel: ref,
  trigger_id: z.string(),
  message: z.object({
    ts,
    thread_ts: ts.optional(),
    user: z.string().optional(),
    bot_id: z.string().nullish(),
    app_id: z.string().nullish(),
    subtype: z.string().optional(),
    text: z.string().default(""),
  }),
});
export type Shortcut = z.infer<typeof shortcutBody>;
