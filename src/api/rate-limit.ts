/** A bucket for each caller: `burst` at once, `perSecond` in the long run. */
export type RateLimit = { readonly burst: number; readonly perSecond: number };

type Bucket = { left: number; at: number };

const MAX_BUCKETS = 10_000;

/** Takes one from the caller's bucket: 0 when it may pass, else the seconds to wait (whole, at least 1). */
export function createRateLimit(
  limit: RateLimit,
  now: () => number = () => performance.now(),
): (caller: string) => number {
  const buckets = new Map<string, Bucket>();
  return (caller) => {
    const at = now();
    const known = buckets.get(caller);
    const left = known
      ? Math.min(limit.burst, known.left + ((at - known.at) / 1_000) * limit.perSecond)
      : limit.burst;
    // Put back at the end: the map is then in the order of use, and the first is the one least missed.
    buckets.delete(caller);
    if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
    buckets.set(caller, { left: left >= 1 ? left - 1 : left, at });
    return left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / limit.perSecond));
  };
}
