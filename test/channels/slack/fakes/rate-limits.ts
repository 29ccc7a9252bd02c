/** A call that came faster than Slack allows. */
export type Violation = {
  readonly method: string;
  readonly channel: string | null;
  readonly at: number;
  readonly retryAfterS: number;
};

/** Calls a minute by Slack's tiers 1 to 4 (docs.slack.dev/apis/web-api/rate-limits). */
const TIERS = [0, 1, 20, 50, 100] as const;
type Tier = 1 | 2 | 3 | 4;

/** What is not here is tier 3; `chat.postMessage` has a limit of several hundred a minute of its own. */
const TIER_OF: Readonly<Record<string, Tier>> = {
  "apps.connections.open": 1,
  "chat.startStream": 2,
  "chat.stopStream": 2,
  "chat.appendStream": 4,
  "chat.postEphemeral": 4,
  "conversations.members": 4,
  "files.info": 4,
  "oauth.v2.access": 4,
  "users.info": 4,
  "views.open": 4,
  "views.publish": 4,
  "views.update": 4,
};
const POSTS_A_MINUTE = 300;
/** Tier 1 and 2 methods tolerate bursts; the sliding window is what is promised. */
const SPECIAL: Readonly<Record<string, number>> = {
  "auth.test": 300,
  "apps.connections.open": 20,
  "chat.postMessage": POSTS_A_MINUTE,
};
/** One message a second in a channel; this many may come at once before that is held against the app. */
const CHANNEL_BURST = 3;
const POSTING = new Set(["chat.postMessage", "chat.startStream", "chat.postEphemeral"]);

/**
 * Counts calls by method, workspace and, for posts, channel. Returns seconds to wait, null when the call is fine.
 * A refused call does not count towards the limit.
 */
export function createRateLimits(clock: () => number) {
  const calls = new Map<string, number[]>();
  const debt = new Map<string, { level: number; at: number }>();
  const violations: Violation[] = [];

  const refuse = (method: string, channel: string | null, retryAfterS: number) => {
    violations.push({ method, channel, at: clock(), retryAfterS });
    return retryAfterS;
  };

  return {
    violations,
    take(team: string, method: string, channel: string | null): number | null {
      const now = clock();
      const perMinute = SPECIAL[method] ?? TIERS[TIER_OF[method] ?? 3];
      const key = `${team} ${method}`;
      const recent = (calls.get(key) ?? []).filter((at) => at > now - 60_000);
      calls.set(key, recent);
      if (recent.length >= perMinute) {
        return refuse(method, null, Math.max(1, Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1_000)));
      }
      if (channel !== null && POSTING.has(method)) {
        const place = `${team} ${channel}`;
        const last = debt.get(place) ?? { level: 0, at: now };
        const level = Math.max(0, last.level - (now - last.at) / 1_000);
        if (level > CHANNEL_BURST - 1 + 1e-6)
          return refuse(method, channel, Math.max(1, Math.ceil(level - CHANNEL_BURST + 1)));
        debt.set(place, { level: level + 1, at: now });
      }
      recent.push(now);
      return null;
    },
  };
}

export type RateLimits = ReturnType<typeof createRateLimits>;
