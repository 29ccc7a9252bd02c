import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { digestOf } from "../digest-of.ts";
import type { ConversationRef, OutActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";

const shownRef = z.object({
  conversation: z.string(),
  parts: z.array(z.object({ id: z.string(), digest: z.string() })).max(100),
});
type Shown = z.infer<typeof shownRef>;

export type ShowParts = (
  where: {
    readonly ref: ConversationRef;
    readonly thread: ThreadRef;
    readonly item: string;
    readonly viewer: string;
  },
  parts: readonly OutActivity[],
  /** Sends the first part in a way of its own (the end of a stream); null to send it as usual. */
  sendFirst?: ((first: OutActivity) => Promise<string | null>) | null,
) => Promise<readonly string[]>;

/**
 * Shows an item of one or several messages so that any number of calls leave it there once: what stands there is
 * edited, what is the same is left alone, what is too much is removed. What was sent is written down part by part.
 */
export function createShowParts(
  host: Pick<ChannelHost, "posts">,
  transport: Pick<ActivityTransport, "send" | "update" | "remove">,
): ShowParts {
  return async ({ ref, thread, item, viewer }, parts, sendFirst) => {
    const conversation = ref.conversation.id;
    const found = shownRef.safeParse((await host.posts.find(thread, item))?.ref);
    const before: Shown["parts"] =
      found.success && found.data.conversation === conversation ? found.data.parts : [];
    const shown: Shown["parts"] = [];
    const save = async () => {
      const rest = before.slice(shown.length);
      await host.posts.save({
        thread,
        item,
        viewer,
        ref: { conversation, parts: [...shown, ...rest].map(({ id, digest }) => ({ id, digest })) },
      });
    };

    for (const [place, part] of parts.entries()) {
      const digest = digestOf(JSON.stringify(part));
      const old = before[place];
      if (old?.digest === digest) {
        shown.push(old);
        continue;
      }
      const isUpdated = old !== undefined && (await updated(transport, ref, old.id, part));
      if (old !== undefined && isUpdated) {
        shown.push({ id: old.id, digest });
      } else {
        const streamed = place === 0 && old === undefined && sendFirst ? await sendFirst(part) : null;
        shown.push({ id: streamed ?? (await transport.send(ref, part)).id, digest });
      }
      await save();
    }
    const surplus = before.slice(parts.length);
    for (const { id } of surplus) await transport.remove(ref, id);
    if (surplus.length > 0) {
      before.length = shown.length;
      await save();
    }
    return shown.map(({ id }) => id);
  };
}

/** False when the message is gone: somebody deleted it, and it is shown anew. */
async function updated(
  transport: Pick<ActivityTransport, "update">,
  ref: ConversationRef,
  id: string,
  part: OutActivity,
): Promise<boolean> {
  try {
    await transport.update(ref, id, part);
    return true;
  } catch (error) {
    if (error instanceof TeamsSendError && (error.teamsStatus === 404 || error.teamsStatus === 410))
      return false;
    throw error;
  }
}
