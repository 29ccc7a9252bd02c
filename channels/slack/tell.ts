import { StewardError } from "../../src/types/steward-error.ts";
import { problemNotice } from "./blocks/notices.ts";
import type { SlackMessage } from "./blocks/slack-message.ts";
import { toSlackText } from "./blocks/to-slack-text.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { isDirectId } from "./thread-ref.ts";

/** Where somebody stands when something is to be said to them alone. */
export type Ear = {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly root: string | null;
};

/** `maxWaitMs`: how long for a turn within the rate limits, for what is said in many messages. */
export type TellOptions = { readonly maxWaitMs?: number };

/** Says something that only one person sees: in their direct message, or as an ephemeral line where others read along. */
export async function tell(
  context: SlackContext,
  ear: Ear,
  message: SlackMessage,
  options: TellOptions = {},
): Promise<void> {
  const { team, channel, user, root } = ear;
  const base = {
    channel,
    text: message.text,
    blocks: message.blocks,
    ...(root === null ? {} : { thread_ts: root }),
  };
  if (isDirectId(channel)) {
    await context.call(
      team,
      "chat.postMessage",
      { ...base, unfurl_links: false },
      { ...options, conversation: channel },
    );
    return;
  }
  await orNull(
    context.call(team, "chat.postEphemeral", { ...base, user }, { ...options, conversation: channel }),
    "user_not_in_channel",
    "not_in_channel",
    "channel_not_found",
    "is_archived",
  );
}

/** A sentence or two of the house, in markdown. */
export function sentence(markdown: string): SlackMessage {
  const text = toSlackText(markdown).slice(0, 3_000);
  return { text, blocks: [{ type: "section", text: { type: "mrkdwn", text, verbatim: true } }] };
}

/** What a failure means for the person: the house's own words, and for anything else that nothing was done. */
export function problemOf(error: unknown): SlackMessage {
  if (error instanceof StewardError) {
    const message = error.message.includes(error.remedy) ? error.message : `${error.message} ${error.remedy}`;
    return problemNotice({ code: error.code, message });
  }
  const message =
    "I could not do that just now. Look at the card before you try again: it says what happened.";
  return problemNotice({ code: "API-500", message });
}
