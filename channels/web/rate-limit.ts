/** A bucket of `burst` tokens that fills with `perSecond`; false when it is empty. */
export function createRateLimit(
  burst: number,
  perSecond: number,
  now: () => number = Date.now,
): () => boolean {
  let tokens = burst;
  let last = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - last) / 1_000) * perSecond);
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Counts what is open under each key, up to `max`; `leave` must follow each `enter` that was granted. */
export function createCounter(max: number) {
  const counts = new Map<string, number>();
  return {
    enter(key: string): boolean {
      const count = counts.get(key) ?? 0;
      if (count >= max) return false;
      counts.set(key, count + 1);
      return true;
    },
    leave(key: string): void {
      const count = (counts.get(key) ?? 1) - 1;
      if (count <= 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}
