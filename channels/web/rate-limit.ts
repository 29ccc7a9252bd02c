/** How much one person, one address and one socket may do. Rates are per second, bursts what may come at once. */
export type SocketLimits = {
  readonly socketsPerPerson: number;
  readonly socketsPerAddress: number;
  /** New sockets from one address. */
  readonly comingBurst: number;
  readonly comingPerSecond: number;
  /** Questions of all sockets of one person together. */
  readonly askingBurst: number;
  readonly askingPerSecond: number;
};

/** An office behind one address, with a page open everywhere, stays below all of these. */
const DEFAULTS: SocketLimits = {
  socketsPerPerson: 100,
  socketsPerAddress: 5_000,
  comingBurst: 1_000,
  comingPerSecond: 50,
  askingBurst: 300,
  askingPerSecond: 20,
};
const MAX_BUCKETS = 10_000;

export type Rate = { readonly burst: number; readonly perSecond: number };
/** A bucket of tokens: two numbers, because there is one for each socket. */
export type Bucket = { tokens: number; last: number };

export const createBucket = ({ burst }: Rate, now = Date.now()): Bucket => ({ tokens: burst, last: now });

/** Takes a token from a bucket that fills with `perSecond` up to `burst`; false when it is empty. */
export function takeFrom(bucket: Bucket, { burst, perSecond }: Rate, now = Date.now()): boolean {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.last) / 1_000) * perSecond);
  bucket.last = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
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

/** A bucket for each key; the one least recently used goes first when there are too many. */
function createKeyedLimit(rate: Rate): (key: string) => boolean {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const bucket = buckets.get(key) ?? createBucket(rate);
    buckets.delete(key);
    buckets.set(key, bucket);
    const oldest = buckets.size > MAX_BUCKETS ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return takeFrom(bucket, rate);
  };
}

/** The limits of a channel's sockets, all of them in memory and bounded. */
export function createSocketLimits(over: Partial<SocketLimits> = {}) {
  const limits = { ...DEFAULTS, ...over };
  const perPerson = createCounter(limits.socketsPerPerson);
  const perAddress = createCounter(limits.socketsPerAddress);
  return {
    mayCome: createKeyedLimit({ burst: limits.comingBurst, perSecond: limits.comingPerSecond }),
    mayAsk: createKeyedLimit({ burst: limits.askingBurst, perSecond: limits.askingPerSecond }),
    /** Counts a socket in; the way to count it out, or null when there are too many. */
    enter(person: string, address: string): (() => void) | null {
      if (!perAddress.enter(address)) return null;
      if (!perPerson.enter(person)) {
        perAddress.leave(address);
        return null;
      }
      return () => {
        perAddress.leave(address);
        perPerson.leave(person);
      };
    },
  };
}
