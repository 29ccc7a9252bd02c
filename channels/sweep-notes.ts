import type { ChannelHost } from "../src/types/channel-host.ts";
import type { JsonObject } from "../src/types/json.ts";

/** Notes that end by themselves: keys of this prefix and hex digits after it, with the time of writing in `at`. */
export type EndingNotes = { readonly prefix: string; readonly keepMs: number };

/** What `notes.list` gives at most; there may then be more than it gave. */
const FULL_LIST = 1_000;
const HEX = "0123456789abcdef";
/** Questions to the database in one sweep: about a million notes. What is left waits for the next day. */
const MAX_LISTS = 1_500;
const EVERY_MS = 24 * 3_600_000;

type House = Pick<ChannelHost, "notes" | "now" | "log">;

/**
 * Removes what has ended, however many there are: where a list is full, the keys of each next digit are asked for by
 * themselves. A note that does not say when it was written has ended. Resolves with how many were removed.
 */
export async function sweepNotes(
  { notes, now }: Pick<House, "notes" | "now">,
  ending: readonly EndingNotes[],
): Promise<number> {
  const at = now().getTime();
  // Another digit comes first each day, so that nothing is left for ever when there is more than one sweep looks at.
  const first = Math.floor(at / EVERY_MS) % HEX.length;
  const digits = [...HEX.slice(first), ...HEX.slice(0, first)];
  let lists = 0;
  let removed = 0;
  const under = async (prefix: string, before: number): Promise<void> => {
    if (lists >= MAX_LISTS) return;
    lists += 1;
    const found = await notes.list(prefix);
    if (found.length >= FULL_LIST) {
      for (const digit of digits) await under(prefix + digit, before);
      return;
    }
    for (const { key, value } of found) {
      if (writtenAt(value) >= before) continue;
      await notes.remove(key);
      removed += 1;
    }
  };
  for (const { prefix, keepMs } of ending) await under(prefix, at - keepMs);
  return removed;
}

/** A sweep for calling again and again: it happens once a day, a failed one is made up for with the next call. */
export function createDailySweep(house: House, ending: readonly EndingNotes[]): () => Promise<void> {
  let sweptAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = house.now().getTime();
    if (at - sweptAt < EVERY_MS) return;
    const before = sweptAt;
    sweptAt = at;
    try {
      const removed = await sweepNotes(house, ending);
      if (removed > 0) house.log("info", "Notes that had ended were removed.", { removed });
    } catch (error) {
      sweptAt = before;
      throw error;
    }
  };
}

function writtenAt({ at }: JsonObject): number {
  if (typeof at === "number") return at;
  return typeof at === "string" ? Date.parse(at) || 0 : 0;
}
