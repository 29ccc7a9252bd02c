import { TeamsSendError } from "./teams-send-error.ts";

/** [window in ms, operations in it]; learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
type Windows = readonly (readonly [number, number])[];
const SEND: Windows = [
  [1_000, 7],
  [2_000, 8],
  [30_000, 60],
  [3_600_000, 1_800],
];
const READ: Windows = [
  [1_000, 14],
  [2_000, 16],
  [30_000, 120],
  [3_600_000, 3_600],
];
/** Of one app in one tenant, over all its conversations; 50 are allowed, the rest is for other copies of this program. */
const TENANT_PER_SECOND = 40;
/** The platform's clock may run a little slower than ours. */
const MARGIN = 1.02;
/** Who would wait longer goes back to the outbox, which knows how to. */
const MAX_WAIT_MS = 15_000;
const LONGEST_MS = 3_600_000;
const MAX_LANES = 5_000;

type Kind = "send" | "create" | "read";
type Lane = {
  /** When calls ended: the platform counted each of them at that time or before, however long the way was. */
  done: number[];
  /** When those that wait are likely to start. */
  readonly planned: number[];
  tail: Promise<void>;
  heldUntil: number;
};

/** Lets calls through no faster than Teams allows; those of one conversation one after the other, as they came. */
export type SendGate = {
  /** Throws `TeamsSendError` with `retryAfterMs`, the call not made, when its turn is far off. */
  run<T>(kind: Kind, conversation: string, call: () => Promise<T>): Promise<T>;
  /** Teams said to wait. */
  hold(kind: Kind, conversation: string, ms: number): void;
};

/** `sleep` and `now` are for tests. */
export function createSendGate(options: {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}): SendGate {
  const lanes = new Map<string, Lane>();
  const now = () => options.now().getTime();
  let recent: number[] = [];
  let running = 0;

  const laneOf = (kind: Kind, conversation: string): Lane => {
    const key = `${kind} ${conversation}`;
    const lane = lanes.get(key) ?? { done: [], planned: [], tail: Promise.resolve(), heldUntil: 0 };
    // The least recently used come first.
    lanes.delete(key);
    lanes.set(key, lane);
    if (lanes.size > MAX_LANES) {
      for (const [old, { done, planned }] of lanes) {
        if (planned.length === 0 && (done.at(-1) ?? 0) < now() - LONGEST_MS) lanes.delete(old);
        if (lanes.size <= MAX_LANES / 2) break;
      }
    }
    if (lane.done.length > 2 * 3_600) lane.done = lane.done.slice(-3_600);
    return lane;
  };
  const tenantWaitMs = (): number => {
    const width = 1_000 * MARGIN;
    recent = recent.filter((time) => time > now() - width);
    if (recent.length + running < TENANT_PER_SECOND) return 0;
    return Math.max(5, (recent[0] ?? now() - width + 20) + width - now());
  };
  const tooFar = (waitMs: number) =>
    new TeamsSendError("Teams allows no more messages here for now.", { status: null, retryAfterMs: waitMs });

  /** Waits until the call fits every window, and counts it as running in the same breath. */
  const enter = async (lane: Lane, windows: Windows, since: number): Promise<void> => {
    for (;;) {
      const ownMs = Math.max(earliest(lane.done, [], windows), lane.heldUntil) - now();
      const waitMs = ownMs > 0 ? ownMs : tenantWaitMs();
      if (waitMs <= 0) {
        running++;
        return;
      }
      if (now() + waitMs - since > 2 * MAX_WAIT_MS) throw tooFar(waitMs);
      await options.sleep(Math.ceil(waitMs));
    }
  };

  return {
    async run(kind, conversation, call) {
      const lane = laneOf(kind, conversation);
      const windows = kind === "read" ? READ : SEND;
      const since = now();
      const start = Math.max(
        since,
        lane.heldUntil,
        earliest(lane.done, lane.planned, windows),
        lane.planned.at(-1) ?? 0,
      );
      if (start - since > MAX_WAIT_MS) throw tooFar(start - since);
      const before = lane.tail;
      const { promise, resolve } = Promise.withResolvers<void>();
      lane.tail = promise;
      lane.planned.push(start);
      try {
        await before;
        await enter(lane, windows, since);
        try {
          return await call();
        } finally {
          running--;
          lane.done.push(now());
          recent.push(now());
        }
      } finally {
        lane.planned.shift();
        resolve();
      }
    },
    hold(kind, conversation, ms) {
      laneOf(kind, conversation).heldUntil = now() + Math.min(ms, LONGEST_MS);
    },
  };
}

/** When the next call fits every window after those done and those planned. */
function earliest(done: readonly number[], planned: readonly number[], windows: Windows): number {
  let start = 0;
  for (const [width, most] of windows) {
    const nth = planned.length >= most ? planned.at(-most) : done.at(planned.length - most);
    if (nth !== undefined && planned.length + done.length >= most)
      start = Math.max(start, nth + width * MARGIN);
  }
  return start;
}
