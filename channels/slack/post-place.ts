import { z } from "zod";
import type { Outbound } from "../../src/types/channel.ts";
import type { SlackContext } from "./slack-context.ts";
import { SlackFailure } from "./slack-failure.ts";
import { fromThreadRef, isDirectId } from "./thread-ref.ts";

/** Where an outbound item is to stand. */
export type PostPlace = {
  readonly team: string;
  readonly channel: string;
  readonly root: string | null;
  /** Slack id of the person it is for; null when not known. */
  readonly user: string | null;
  /** Others may read along. */
  readonly isShared: boolean;
  /** One message for all whom it concerns, instead of one for each. */
  readonly isCommon: boolean;
};

const opened = z.object({ channel: z.object({ id: z.string() }) });

/**
 * The thread that the item names, or the person's own place for what waits for them: a direct message, or the channel
 * that they chose. Throws a permanent `SlackFailure` when there is no such place on Slack.
 */
export async function placeOfPost(context: SlackContext, outbound: Outbound): Promise<PostPlace> {
  const { thread } = outbound;
  if (thread.thread !== "approvals") {
    const place = fromThreadRef(thread);
    if (place === null) throw new SlackFailure("channel_not_found", { isPermanent: true });
    const isShared = !isDirectId(place.channel);
    const account =
      place.user === null && outbound.viewer ? await accountIn(context, outbound.viewer, place.team) : null;
    return { ...place, user: place.user ?? account, isShared, isCommon: false };
  }
  const person = outbound.viewer ?? thread.conversation;
  const account = await context.people.accountOf(person);
  if (account === null) throw new SlackFailure("user_not_found", { isPermanent: true });
  const { team, user } = account;
  const wanted = await context.host.approvalPlace(person);
  if (wanted.kind === "channel" && wanted.channel === "slack") {
    return { team, user, channel: wanted.id, root: null, isShared: true, isCommon: true };
  }
  return {
    team,
    user,
    channel: await directChannel(context, team, user),
    root: null,
    isShared: false,
    isCommon: false,
  };
}

/** The direct message with a person, opened when there is none; kept in the notes. */
export async function directChannel(context: SlackContext, team: string, user: string): Promise<string> {
  const key = `direct:${team}:${user}`;
  const kept = (await context.host.notes.read(key))?.channel;
  if (typeof kept === "string") return kept;
  const { channel } = opened.parse(await context.call(team, "conversations.open", { users: user }));
  await context.host.notes.write(key, { channel: channel.id });
  return channel.id;
}

async function accountIn(context: SlackContext, person: string, team: string): Promise<string | null> {
  const account = await context.host.accountOf("slack", person);
  return account?.workspace === team ? account.account : null;
}
