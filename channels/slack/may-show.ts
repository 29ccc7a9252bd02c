import type { Outbound } from "../../src/types/channel.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";

/**
 * Whether everybody who reads along in a conversation may see what the item draws on. Unknown label, somebody who is
 * nobody of the directory, too many people, or Slack not saying who is there: no.
 */
export async function mayShowHere(
  context: SlackContext,
  team: string,
  channel: string,
  label: Outbound["label"],
): Promise<boolean> {
  if (!label) return false;
  try {
    const readers = await context.people.readers(team, channel);
    return readers !== null && readers.length > 0 && context.host.mayAllSee(label, readers);
  } catch (error) {
    context.host.log("warn", "Could not see who reads along; the answer is shown in private.", {
      team,
      channel,
      reason: reasonOf(error),
    });
    return false;
  }
}
