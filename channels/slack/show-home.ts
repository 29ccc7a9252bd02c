import { z } from "zod";
import { homeView } from "./blocks/home-view.ts";
import { messageModal } from "./message-modal.ts";
import type { Clicker } from "./on-click.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { sentence } from "./tell.ts";

/** What waits for a person, what they asked and their schedules, in the app's home tab. */
export async function publishHome(
  context: SlackContext,
  team: string,
  user: string,
  as: string,
): Promise<void> {
  const { host, sheets } = context;
  const [approvals, requests, schedules, place, suggestions, account] = await Promise.all([
    host.pendingApprovals(as),
    host.requests(as),
    host.schedules(as),
    host.approvalPlace(as),
    host.suggestions(as),
    context.people.user(team, user),
  ]);
  const sheet = sheets.open(team, as);
  const view = homeView({
    ...{ approvals, requests, schedules, place, suggestions, viewer: as },
    idFor: sheet.idFor,
    reader: account?.reader ?? { locale: "en-GB", zone: "UTC" },
    linkTo: host.linkTo,
    now: host.now(),
  });
  const key = `home:${team}:${user}`;
  const before = (await host.notes.read(key))?.sheet;
  const saved = await sheet.save();
  await context.call(team, "views.publish", { user_id: user, view });
  await host.notes.write(key, { sheet: saved });
  if (typeof before === "string") await sheets.close(before);
}

/** The home tab of somebody who is not in the directory. */
export async function publishStranger(
  context: SlackContext,
  team: string,
  user: string,
  words: string,
): Promise<void> {
  const { blocks } = sentence(words);
  await context.call(team, "views.publish", { user_id: user, view: { type: "home", blocks } });
}

/** Keeps where a person wants what waits for them; a channel must be one where both they and the app are. */
export async function choosePlace(
  context: SlackContext,
  { as, team, user, trigger }: Clicker,
  choice: string | undefined,
  channel: string | undefined,
): Promise<void> {
  if (channel !== undefined) {
    const problem = await whyNotIn(context, team, user, channel);
    if (problem === null)
      await context.host.setApprovalPlace(as, { kind: "channel", channel: "slack", id: channel });
    else if (trigger !== null) {
      const view = messageModal(sentence(problem));
      await orNull(context.call(team, "views.open", { trigger_id: trigger, view }));
    }
  } else if (choice === "direct" || choice === "thread") {
    await context.host.setApprovalPlace(as, { kind: choice });
  }
  await publishHome(context, team, user, as);
}

async function whyNotIn(
  context: SlackContext,
  team: string,
  user: string,
  channel: string,
): Promise<string | null> {
  const pages = z.object({
    members: z.array(z.string()),
    response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
  });
  const members = new Set<string>();
  let cursor = "";
  do {
    const page = await orNull(
      context.call(team, "conversations.members", { channel, limit: 1_000, ...(cursor ? { cursor } : {}) }),
    );
    const read = pages.safeParse(page);
    if (!read.success) return "I am not in that channel. Invite me there first, then choose it again.";
    for (const id of read.data.members) members.add(id);
    cursor = read.data.response_metadata?.next_cursor ?? "";
  } while (cursor && members.size < 20_000);
  const workspace = await context.installations.workspace(team);
  if (workspace === null || !members.has(workspace.botUser)) {
    return "I am not in that channel. Invite me there first, then choose it again.";
  }
  return members.has(user) ? null : "You are not in that channel. Choose one that you are in.";
}
