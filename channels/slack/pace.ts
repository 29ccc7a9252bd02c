/** Messages that one person or one thread may send in a stretch; two bots that answer one another end here. */
export type Pace = {
  /** "yes", or "no" with whether this is the first refusal of the stretch, so that it is said once. */
  take(key: string, now: number): { readonly isAllowed: boolean; readonly isFirstRefusal: boolean };
};

const MAX_KEYS = 10_000;

/** Counts in stretches of `windowMs`; the oldest keys are forgotten when there are very many. */
export function createPace(limit: number, windowMs: number): Pace {
  const counts = new Map<string, { since: number; count: number }>();
  return {
    take(key, now) {
      const kept = counts.get(key);
      const entry = kept && now - kept.since < windowMs ? kept : { since: now, count: 0 };
      entry.count += 1;
      if (entry !== kept) {
        if (counts.size >= MAX_KEYS) counts.delete(counts.keys().next().value ?? "");
        counts.set(key, entry);
      }
      return { isAllowed: entry.count <= limit, isFirstRefusal: entry.count === limit + 1 };
    },
  };
}
