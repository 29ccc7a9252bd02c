import { SlackFailure } from "./slack-failure.ts";

/**
 * Calls a minute that Slack allows a method in one workspace (docs.slack.dev/apis/web-api/rate-limits: tiers 1 to 4
 * are 1, 20, 50 and 100); what is not named counts as tier 2.
 */
const PER_MINUTE: Readonly<Record<string, number>> = {
  "agents.sessions.setStatus": 50,
  "apps.connections.open": 20,
  "assistant.threads.setStatus": 50,
  "assistant.threads.setSuggestedPrompts": 50,
  "assistant.threads.setTitle": 50,
  "auth.test": 100,
  "chat.appendStream": 100,
  "chat.delete": 50,
  "chat.postEphemeral": 100,
  "chat.postMessage": 300,
  "chat.startStream": 20,
  "chat.stopStream": 20,
  "chat.update": 50,
  "conversations.history": 50,
  "conversations.info": 50,
  "conversations.members": 100,
  "conversations.open": 50,
  "conversations.replies": 50,
  "team.info": 50,
  "files.info": 100,
  "oauth.v2.access": 100,
  "users.info": 100,
  "users.lookupByEmail": 50,
  "views.open": 100,
  "views.publish": 100,
  "views.update": 100,
};
const DEFAULT_PER_MINUTE = 20;
/** Share of a minute's calls that may go at once; the rest trickles, so that no minute ever has more than allowed. */
const BURST_SHARE = 0.2;
/** Many people may write at once for the first time. */
const BURSTS: Readonly<Record<string, number>> = { "users.info": 60, "conversations.members": 40 };
/** Posting in one conversation: one message a second, with a little room for the clocks. */
const CONVERSATION_INTERVAL_MS = 1_050;
/** Rates unused for so long are forgotten. */
/** Who asks when its turn is asks again within so many turns: whoever waits longest then goes first. */
const MAX_TURNS_AHEAD = 8;
const IDLE_MS = 10 * 60_000;
const MAX_KEYS = 20_000;

type Rate = { readonly intervalMs: number; readonly burst: number };
type Limit = readonly [key: string, rate: Rate];
type StartAt = (key: string, rate: Rate, now: number) => number;

export type SendQueue = {
  /** Calls went out until `usedUntil` that this queue did not see: each limit counts as used up then. */
  begin(usedUntil: number): void;
  /** Resolves when the call may be made, in the order of asking; throws when that is more than `maxWaitMs` away. */
  take(team: string, method: string, conversation: string | null, maxWaitMs: number): Promise<void>;
  /**
   * Milliseconds until a call may be made; 0 is now, and the conversation then counts as taken for the moment, so that
   * one goes ahead and not all who ask. Each who has to wait is told a time of its own.
   */
  dueInMs(team: string, method: string, conversation: string): number;
  /** Slack said to wait (`Retry-After`): nothing of this method goes out in the workspace before. */
  pause(team: string, method: string, conversation: string | null, waitMs: number): void;
  stop(): void;
};

/**
 * Keeps calls within Slack's limits by the generic cell rate algorithm (ITU-T I.371): each key has the time at which
 * it is next free. Whoever would have to wait too long is told a time of its own, one after the other, so that many
 * refused at once do not all come back at once.
 */
export function createSendQueue(clock: () => number = Date.now): SendQueue {
  const next = new Map<string, number>();
  const promised = new Map<string, number>();
  const expected = new Map<string, number>();
  const waiting = new Set<{ readonly timer: NodeJS.Timeout; readonly fail: (error: Error) => void }>();
  let usedUntil = Number.NEGATIVE_INFINITY;
  let isStopped = false;

  const nextOf = (key: string, rate: Rate) => next.get(key) ?? usedUntil + rate.burst * rate.intervalMs;
  const sweep = (now: number) => {
    if (next.size < MAX_KEYS) return;
    for (const [key, at] of next) if (at < now - IDLE_MS) next.delete(key);
    for (const [key, at] of promised) if (at < now) promised.delete(key);
    for (const [key, at] of expected) if (at < now) expected.delete(key);
  };
  /** The next time that nobody was told yet, of whatever is not free at `late`; at most so many turns on. */
  const nextTurn = (keys: readonly Limit[], startAt: StartAt, now: number, late: number, turns: number) => {
    let at = now;
    for (const [key, rate] of keys) {
      const start = startAt(key, rate, now);
      if (start <= late) continue;
      const unheard = Math.max(start, (promised.get(key) ?? 0) + rate.intervalMs);
      const own = Math.min(unheard, start + turns * rate.intervalMs);
      promised.set(key, own);
      at = Math.max(at, own);
    }
    return at;
  };
  const startOf: StartAt = (key, rate, now) =>
    Math.max(now, nextOf(key, rate) - (rate.burst - 1) * rate.intervalMs);

  return {
    begin(until) {
      usedUntil = Math.max(usedUntil, until);
    },
    async take(team, method, conversation, maxWaitMs) {
      if (isStopped) throw new SlackFailure("stopped", { retryAfterMs: 1_000 });
      const now = clock();
      sweep(now);
      const keys = keysOf(team, method, conversation);
      let at = now;
      for (const [key, rate] of keys) at = Math.max(at, startOf(key, rate, now));
      if (at - now > maxWaitMs) {
        const retryAfterMs = nextTurn(keys, startOf, now, now + maxWaitMs, Infinity) - now;
        throw new SlackFailure("rate_limited", { retryAfterMs });
      }
      for (const [key, rate] of keys) next.set(key, Math.max(at, nextOf(key, rate)) + rate.intervalMs);
      if (at <= now) return;
      await new Promise<void>((resolve, fail) => {
        const entry = {
          timer: setTimeout(() => {
            waiting.delete(entry);
            resolve();
          }, at - now),
          fail,
        };
        waiting.add(entry);
      });
    },
    dueInMs(team, method, conversation) {
      const now = clock();
      sweep(now);
      const keys = keysOf(team, method, conversation);
      const startAt: StartAt = (key, rate) => Math.max(startOf(key, rate, now), expected.get(key) ?? 0);
      const at = nextTurn(keys, startAt, now, now, MAX_TURNS_AHEAD);
      if (at > now) return at - now;
      for (const [key, rate] of keys) if (rate.burst === 1) expected.set(key, now + rate.intervalMs);
      return 0;
    },
    pause(team, method, conversation, waitMs) {
      const until = clock() + waitMs;
      for (const [key, rate] of keysOf(team, method, conversation)) {
        const free = until + (rate.burst - 1) * rate.intervalMs;
        next.set(key, Math.max(free, nextOf(key, rate)));
      }
    },
    stop() {
      isStopped = true;
      for (const { timer, fail } of waiting) {
        clearTimeout(timer);
        fail(new SlackFailure("stopped", { retryAfterMs: 1_000 }));
      }
      waiting.clear();
    },
  };
}

function keysOf(team: string, method: string, conversation: string | null): readonly Limit[] {
  const perMinute = PER_MINUTE[method] ?? DEFAULT_PER_MINUTE;
  const burst = BURSTS[method] ?? Math.max(1, Math.floor(perMinute * BURST_SHARE));
  const intervalMs = 60_000 / Math.max(1, perMinute - burst);
  const byMethod = [`${team} ${method}`, { intervalMs, burst }] as const;
  if (conversation === null) return [byMethod];
  return [
    byMethod,
    [`${team} posts ${conversation}`, { intervalMs: CONVERSATION_INTERVAL_MS, burst: 1 }] as const,
  ];
}
