import { z } from "zod";
import { publishHome, publishStranger } from "./show-home.ts";
import { showDone } from "./show-status.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { stopTurn } from "./stop-turn.ts";
import { isDirectId, toThreadRef } from "./thread-ref.ts";

const envelope = <T extends z.ZodType>(event: T) => z.object({ team_id: z.string(), event });
const home = envelope(
  z.object({ user: z.string(), tab: z.string().optional(), channel: z.string().optional() }),
);
const started = envelope(
  z.object({
    assistant_thread: z.object({ user_id: z.string(), channel_id: z.string(), thread_ts: z.string() }),
  }),
);
const stopped = envelope(z.object({ user: z.string(), channel: z.string(), thread_ts: z.string() }));
const profile = envelope(z.object({ user: z.object({ id: z.string() }) }));
const membership = envelope(z.object({ channel: z.string() }));

/** The home tab or the messages tab was opened. */
export async function onHomeOpened(context: SlackContext, body: unknown): Promise<void> {
  const read = home.safeParse(body);
  if (!read.success) return;
  const { team_id: team, event } = read.data;
  const who = await context.people.identify(team, event.user);
  if (event.tab === "messages") {
    if (who.kind === "known" && event.channel)
      await suggest(context, team, event.channel, null, who.principal.id);
    return;
  }
  if (who.kind === "known") return await publishHome(context, team, event.user, who.principal.id);
  await publishStranger(context, team, event.user, who.message);
}

/** A conversation with the app was opened beside another channel (the older assistant container). */
export async function onThreadStarted(context: SlackContext, body: unknown): Promise<void> {
  const read = started.safeParse(body);
  if (!read.success) return;
  const { user_id, channel_id, thread_ts } = read.data.event.assistant_thread;
  const who = await context.people.identify(read.data.team_id, user_id);
  if (who.kind !== "known") return;
  await suggest(context, read.data.team_id, channel_id, thread_ts, who.principal.id);
}

async function suggest(
  context: SlackContext,
  team: string,
  channel: string,
  root: string | null,
  as: string,
): Promise<void> {
  const prompts = (await context.host.suggestions(as))
    .slice(0, 4)
    .map((message) => ({ title: message.slice(0, 70), message: message.slice(0, 2_000) }));
  if (prompts.length === 0) return;
  // In the agent experience a thread must not be named (docs.slack.dev/ai/migrating-to-agent-messaging).
  const at = { channel_id: channel, ...(root === null ? {} : { thread_ts: root }) };
  await orNull(
    context.call(team, "assistant.threads.setSuggestedPrompts", { ...at, title: "Things to try", prompts }),
  );
}

/** Slack's own stop button. */
export async function onSessionStopped(context: SlackContext, body: unknown): Promise<void> {
  const read = stopped.safeParse(body);
  if (!read.success) return;
  const { team_id: team, event } = read.data;
  const who = await context.people.identify(team, event.user);
  if (who.kind !== "known") return;
  const { channel, user, thread_ts: root } = event;
  const place = { team, channel, root, user: isDirectId(channel) ? null : user };
  await stopTurn(context, { team, channel, user, root }, who.principal.id, toThreadRef(place));
  showDone(context, place, false);
}

/** Somebody's profile, or who is in a channel, is another now: what was known of it is asked anew. */
export async function onPeopleChanged(context: SlackContext, body: unknown): Promise<void> {
  const changed = profile.safeParse(body);
  if (changed.success) await context.people.forget(changed.data.team_id, changed.data.event.user.id);
  const moved = membership.safeParse(body);
  if (moved.success) context.people.forgetReaders(moved.data.team_id, moved.data.event.channel);
}

/** The app was taken out of a workspace, or its token was. */
export async function onUninstalled(context: SlackContext, body: unknown): Promise<void> {
  const read = z.object({ team_id: z.string() }).safeParse(body);
  if (!read.success) return;
  await context.installations.remove(read.data.team_id);
  context.host.log("warn", "Steward was removed from a workspace.", { team: read.data.team_id });
}
