/** Lets a route rest that failed several times in a row, and tries it with one request afterwards. */
export type CircuitBreaker = {
  /** Whether a request may go there now; true takes the one trial after a rest. */
  tryEnter(): boolean;
  /** Until when it rests (ms since 1970), or null. */
  restsUntil(): number | null;
  succeeded(): void;
  failed(): void;
  /** The request ended without saying anything of the route (the person went away). */
  left(): void;
};

export function createCircuitBreaker(options: {
  readonly failures: number;
  readonly restMs: number;
  readonly now: () => number;
}): CircuitBreaker {
  let inRow = 0;
  let until: number | null = null;
  let isTrying = false;
  return {
    tryEnter() {
      if (until === null) return true;
      if (options.now() < until || isTrying) return false;
      isTrying = true;
      return true;
    },
    restsUntil: () => until,
    succeeded() {
      inRow = 0;
      until = null;
      isTrying = false;
    },
    failed() {
      inRow += 1;
      if (inRow >= options.failures || isTrying) until = options.now() + options.restMs;
      isTrying = false;
    },
    left() {
      isTrying = false;
    },
  };
}
