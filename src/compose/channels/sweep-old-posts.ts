import { sweepPosts } from "../../store/channels/posts.ts";
import type { Db } from "../../store/db.ts";

const DAY_MS = 86_400_000;
/** An approval waits for 90 days at most (`@within`); what comes after it (a result, an undo) for a month more. */
const KEEP_MS = 120 * DAY_MS;
/** Rows in one statement, so that none holds its locks for long. */
const AT_ONCE = 5_000;
/** Statements in one sweep; what is left waits for the next day. */
const MAX_ROUNDS = 200;

/** Removes the places of old items that no card change can reach any more; resolves with how many. */
export async function sweepOldPosts(db: Db, now: Date): Promise<number> {
  let removed = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const gone = await sweepPosts(db, new Date(now.getTime() - KEEP_MS), now, AT_ONCE);
    removed += gone;
    if (gone < AT_ONCE) break;
  }
  return removed;
}

/** Sweeps now and once a day; returns what ends that. */
export function startSweepingPosts(
  db: Db,
  now: () => Date,
  tell: (removed: number) => void,
  onError: (error: unknown) => void,
): () => void {
  const sweep = () => {
    sweepOldPosts(db, now())
      .then((removed) => {
        if (removed > 0) tell(removed);
      })
      .catch(onError);
  };
  sweep();
  const sweeping = setInterval(sweep, DAY_MS);
  sweeping.unref();
  return () => clearInterval(sweeping);
}
