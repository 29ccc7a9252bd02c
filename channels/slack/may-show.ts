import { setTimeout } from "node:timers/promises";
import type { Outbound } from "../../src/types/channel.ts";
import { EVERYONE } from "../../src/types/label.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";
import { SlackFailure } from "./slack-failure.ts";

/** Waits before Slack is asked once more who reads along, milliseconds: a line that breaks is no answer. */
const RETRY_MS = [300, 1_200];

/**
 * Whether everybody who reads along in a conversation may see what the item draws on. Unknown label, somebody who is
 * nobody of the directory, too many people, or Slack not saying who is there, asked three times: no. Throws when it is
 * not yet our turn to ask. In a public channel everybody of the workspace reads and finds what stands there, whether
 * they joined or not; so there only what is for all.
 */
export async function mayShowHere(
  context: SlackContext,
  team: string,
  channel: string,
  label: Outbound["label"],
): Promise<boolean> {
  if (!label) return false;
  for (let tries = 0; ; tries++) {
    try {
      return await mayAllReadersSee(context, team, channel, label);
    } catch (error) {
      // Not known yet is not a no: the outbox comes again when Slack may be asked.
      if (error instanceof SlackFailure && error.isTooSoon) throw error;
      const waitMs = error instanceof SlackFailure && error.isFateUnknown ? RETRY_MS[tries] : undefined;
      if (waitMs !== undefined) {
        await setTimeout(waitMs);
        continue;
      }
      context.host.log("warn", "Could not see who reads along; the answer is shown in private.", {
        team,
        channel,
        reason: reasonOf(error),
      });
      return false;
    }
  }
}

async function mayAllReadersSee(
  context: SlackContext,
  team: string,
  channel: string,
  label: NonNullable<Outbound["label"]>,
): Promise<boolean> {
  const readers = await context.people.readers(team, channel);
  if (readers === null || readers.length === 0) return false;
  const { isPublic, isElsewhere } = await context.people.reach(team, channel);
  if (!context.host.mayAllSee(label, isElsewhere ? [...readers, null] : readers)) return false;
  return !isPublic || isForAll(label);
}

const isForAll = ({ sensitivity, readers }: NonNullable<Outbound["label"]>): boolean =>
  (sensitivity === "public" || sensitivity === "internal") && readers.includes(EVERYONE);
