import { z } from "zod";
import { ITEM_EVENT } from "./copies.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";

const event = z.object({
  team_id: z.string(),
  event: z.object({
    type: z.enum(["reaction_added", "reaction_removed"]),
    user: z.string(),
    reaction: z.string(),
    item_user: z.string().optional(),
    item: z.object({ type: z.literal("message"), channel: z.string(), ts: z.string() }),
  }),
});
const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.object({ item: z.string() }) })
        .optional()
        .catch(undefined),
    }),
  ),
});
const VERDICTS: Readonly<Record<string, "up" | "down">> = {
  "+1": "up",
  thumbsup: "up",
  "-1": "down",
  thumbsdown: "down",
};

/** A thumb on one of Steward's messages is feedback; which item it was, the message's own metadata says. */
export async function onReaction(context: SlackContext, body: unknown): Promise<void> {
  const read = event.safeParse(body);
  if (!read.success) return;
  const { team_id: team, event: about } = read.data;
  const verdict = VERDICTS[about.reaction.split("::")[0] ?? ""];
  const workspace = await context.installations.workspace(team);
  if (verdict === undefined || workspace === null || about.user === workspace.botUser) return;
  if (about.item_user !== undefined && about.item_user !== workspace.botUser) return;
  const who = await context.people.identify(team, about.user);
  if (who.kind !== "known") return;
  const { channel, ts } = about.item;
  const span = {
    channel,
    ts,
    oldest: ts,
    latest: ts,
    inclusive: true,
    limit: 10,
    include_all_metadata: true,
  };
  const found = page.safeParse(
    await orNull(context.call(team, "conversations.replies", span), "thread_not_found", "channel_not_found"),
  );
  const message = found.data?.messages.find((each) => each.ts === ts);
  if (message?.metadata?.event_type !== ITEM_EVENT) return;
  const given = about.type === "reaction_added" ? verdict : null;
  await context.host.feedback(who.principal.id, message.metadata.event_payload.item, given, null);
}
