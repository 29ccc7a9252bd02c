import { type Button, buttonsOf, type Names, readBlocks, readMrkdwn } from "./render-blocks.ts";
import type { Block, SlackMessage } from "./slack-world.ts";

/** A message as one person sees it. */
export type Seen = {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly author: string;
  /** The words, top to bottom. */
  readonly text: string;
  /** What notifications and screen readers say. */
  readonly fallback: string;
  readonly buttons: readonly Button[];
  readonly blocks: readonly Block[];
  readonly isOnlyForMe: boolean;
  readonly isStreaming: boolean;
  readonly edits: number;
};

/** How a message looks to whoever may read it; `names` says what people and places are called. */
export function seeMessage(message: SlackMessage, names: Names): Seen {
  const live = message.streaming?.state === "in_progress" || message.streaming?.state === "stopped";
  const tasks = live ? [...(message.streaming?.tasks.values() ?? [])].map((task) => String(task.title)) : [];
  const body =
    message.blocks.length > 0 ? readBlocks(message.blocks, names) : readMrkdwn(message.text, names);
  return {
    ts: message.ts,
    threadTs: message.threadTs,
    author: names(message.user),
    text: live ? [...tasks, message.streaming?.markdown].filter(Boolean).join("\n") : body,
    fallback: readMrkdwn(message.text, names),
    buttons: buttonsOf(message.blocks),
    blocks: message.blocks,
    isOnlyForMe: message.onlyFor !== null,
    isStreaming: live,
    edits: message.edits,
  };
}
