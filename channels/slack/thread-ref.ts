import type { ThreadRef } from "../../src/types/thread.ts";

/** Where on Slack a session stands. A session is one person's, so a place that others share names the person too. */
export type SlackPlace = {
  readonly team: string;
  readonly channel: string;
  /** Timestamp of the message that the thread hangs on. */
  readonly root: string;
  /** The person whose session it is; null in a direct message, where there is one person only. */
  readonly user: string | null;
};

const ID = /^[A-Z0-9]{2,40}$/;
const TS = /^\d{1,20}\.\d{1,12}$/;

/** Slack's direct messages with an app have ids that begin with D; all else may have readers along. */
export function isDirectId(channel: string): boolean {
  return channel.startsWith("D");
}

/** `conversation` is `<team>/<channel>`, `thread` is `<root ts>` or, where others read along, `<root ts>/<user>`. */
export function toThreadRef(place: SlackPlace): ThreadRef {
  return {
    channel: "slack",
    conversation: `${place.team}/${place.channel}`,
    thread: place.user === null ? place.root : `${place.root}/${place.user}`,
  };
}

/** The way back; null for what this channel did not make (the approvals place of a person, another channel). */
export function fromThreadRef(thread: ThreadRef): SlackPlace | null {
  if (thread.channel !== "slack") return null;
  const [team = "", channel = "", ...more] = thread.conversation.split("/");
  const [root = "", user = null, ...rest] = thread.thread.split("/");
  if (more.length > 0 || rest.length > 0 || !ID.test(team) || !ID.test(channel) || !TS.test(root))
    return null;
  if (user !== null && !ID.test(user)) return null;
  return { team, channel, root, user };
}

/** Id of a message by what the person did: several events may tell of one message, this is the same in all. */
export function messageId(team: string, channel: string, ts: string): string {
  return `slack:${team}:${channel}:${ts}`;
}
