/** Nobody answers within this time, with the same words, so many times in a row. */
const QUICK_MS = 1_500;
const MOST = 8;
const REST_MS = 300_000;
const MAX_THREADS = 2_000;

type Seen = {
  text: string;
  count: number;
  answeredAt: number;
  restUntil: number;
  /** The minute that is counted, and the messages in it. */
  minuteFrom: number;
  inMinute: number;
};

/** More than any person types in a minute. */
const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Two programs that answer one another: the words repeat, at once after ours, or they come without end. */
export type LoopGuard = {
  /** Steward wrote in this thread. */
  said(thread: string): void;
  /** `start`: it has just become clear; `fast`: too many, said once a minute; `on`: it still is one of the two. */
  check(thread: string, text: string): "no" | "start" | "fast" | "on";
};

export function createLoopGuard(now: () => Date): LoopGuard {
  const threads = new Map<string, Seen>();
  const seen = (thread: string): Seen => {
    const found = threads.get(thread) ?? {
      ...{ text: "", count: 0, answeredAt: 0, restUntil: 0 },
      ...{ minuteFrom: Number.NEGATIVE_INFINITY, inMinute: 0 },
    };
    threads.delete(thread);
    threads.set(thread, found);
    const oldest = threads.size > MAX_THREADS ? threads.keys().next().value : undefined;
    if (oldest !== undefined) threads.delete(oldest);
    return found;
  };
  return {
    said(thread) {
      seen(thread).answeredAt = now().getTime();
    },
    check(thread, text) {
      const before = seen(thread);
      const at = now().getTime();
      const isSame = before.text === text;
      if (before.restUntil > at && isSame) return "on";
      if (at - before.minuteFrom >= MINUTE_MS) Object.assign(before, { minuteFrom: at, inMinute: 0 });
      before.inMinute += 1;
      if (before.inMinute > MOST_A_MINUTE) return before.inMinute === MOST_A_MINUTE + 1 ? "fast" : "on";
      before.count = isSame && at - before.answeredAt < QUICK_MS ? before.count + 1 : 0;
      before.text = text;
      if (before.count < MOST) return "no";
      before.count = 0;
      before.restUntil = at + REST_MS;
      return "start";
    },
  };
}
