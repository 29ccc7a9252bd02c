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
/** Who would wait longer goes back to the outbox, which knows how to. */
const MAX_WAIT_MS = 15_000;
const LONGEST_MS = 3_600_000;
const MAX_KEYS = 5_000;

/** Lets operations through no faster than Teams allows, in the order they came. */
export type SendGate = {
  /** Resolves when it is this operation's time. Throws `TeamsSendError` with `retryAfterMs` when that is far off. */
  pass(kind: "send" | "create" | "read", conversation: string): Promise<void>;
  /** Teams said to wait. */
  hold(conversation: string, ms: number): void;
};

/** `sleep` and `now` are for tests. */
export function createSendGate(options: {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}): SendGate {
  const taken = new Map<string, number[]>();
  const heldUntil = new Map<string, number>();

  const all: number[] = [];

  const times = (key: string, at: number): number[] => {
    const found = taken.get(key) ?? [];
    const first = found.findIndex((time) => time > at - LONGEST_MS);
    const kept = first === -1 ? [] : first === 0 ? found : found.slice(first);
    taken.delete(key);
    taken.set(key, kept);
    return kept;
  };
  const forgetOld = (at: number): void => {
    if (taken.size <= MAX_KEYS) return;
    for (const [key, list] of taken) {
      if ((list.at(-1) ?? 0) < at - LONGEST_MS || taken.size > 2 * MAX_KEYS) taken.delete(key);
    }
  };

  return {
    async pass(kind, conversation) {
      const at = options.now().getTime();
      forgetOld(at);
      const one = times(`${kind === "read" ? "read" : "send"} ${conversation}`, at);
      while (all.length > 0 && (all[0] ?? 0) < at - 2_000) all.shift();
      const own = Math.max(
        earliest(one, kind === "read" ? READ : SEND, at),
        // In the order they came.
        one.at(-1) ?? at,
        heldUntil.get(conversation) ?? at,
      );
      const start = gap(all, own);
      if (start - at > MAX_WAIT_MS) {
        throw new TeamsSendError("Teams allows no more messages here for now.", {
          status: null,
          retryAfterMs: start - at,
        });
      }
      one.push(start);
      insert(all, start);
      if (start > at) await options.sleep(start - at);
    },
    hold(conversation, ms) {
      const at = options.now().getTime();
      for (const [key, until] of heldUntil) if (until <= at) heldUntil.delete(key);
      heldUntil.set(conversation, at + Math.min(ms, LONGEST_MS));
    },
  };
}

/** When the next operation fits every window; `list` is sorted and may reach into the future. */
function earliest(list: readonly number[], windows: Windows, at: number): number {
  let start = at;
  for (const [width, most] of windows) {
    const nth = list.at(-most);
    // The platform's clock is not ours: a little more than the window.
    if (list.length >= most && nth !== undefined)
      start = Math.max(start, nth + width + Math.ceil(width / 50));
  }
  return start;
}

/** The first time from `at` on with room for one more of all conversations; their reservations reach ahead too. */
function gap(all: readonly number[], at: number): number {
  const width = 1_020;
  let start = at;
  for (let tries = 0; tries < 100; tries++) {
    const near = all.filter((time) => time > start - width && time < start + width);
    if (near.length < TENANT_PER_SECOND) return start;
    start = (near[0] ?? start) + width;
  }
  return start;
}

/** Reservations of different conversations do not come in order of time. */
function insert(list: number[], time: number): void {
  let index = list.length;
  while (index > 0 && (list[index - 1] ?? 0) > time) index--;
  list.splice(index, 0, time);
}
