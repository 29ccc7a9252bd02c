import type { Outbound } from "../../src/types/channel.ts";
import type { Copy } from "./copies.ts";
import { remindedKey } from "./note-keys.ts";
import type { PostPlace } from "./post-place.ts";
import type { SlackContext } from "./slack-context.ts";

/** A line under the card that makes its viewer look; the card itself was only edited, which nobody notices. */
export async function remind(
  context: SlackContext,
  outbound: Outbound,
  place: PostPlace,
  copy: Copy,
): Promise<void> {
  const now = context.host.now().getTime();
  const [ts] = copy.ts;
  if (ts === undefined || place.user === null) return;
  if (!(await context.host.notes.writeOnce(remindedKey(outbound.id), { at: now }))) return;
  const text = `<@${place.user}> This still waits for your decision.`;
  const root = place.root ?? ts;
  const args = {
    channel: place.channel,
    thread_ts: root,
    text,
    blocks: [{ type: "section", text: { type: "mrkdwn", text } }],
  };
  await context.call(place.team, "chat.postMessage", args, { conversation: place.channel });
}
