/** Teams' published limits, as it would count them; what went over is refused and remembered. */
const WINDOWS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  send: [
    [1_000, 7],
    [2_000, 8],
    [30_000, 60],
    [3_600_000, 1_800],
  ],
  read: [
    [1_000, 14],
    [2_000, 16],
    [30_000, 120],
    [3_600_000, 3_600],
  ],
};
const TENANT_PER_SECOND = 50;

export type RateLedger = {
  /** Null, or how long to wait in ms. */
  count(kind: "send" | "read", conversation: string): number | null;
  readonly violations: { readonly at: number; readonly what: string }[];
  readonly counted: { readonly at: number; readonly kind: string; readonly conversation: string }[];
};

export function createRateLedger(now: () => number, isOn = true): RateLedger {
  const times = new Map<string, number[]>();
  const violations: RateLedger["violations"] = [];
  const counted: RateLedger["counted"] = [];
  const over = (key: string, windows: readonly (readonly [number, number])[], at: number): number | null => {
    const list = times.get(key) ?? [];
    times.set(key, list);
    for (const [width, most] of windows) {
      const within = list.filter((time) => time > at - width);
      if (within.length >= most) {
        violations.push({ at, what: `${key}: more than ${most} in ${width} ms` });
        return (within[0] ?? at) + width - at;
      }
    }
    return null;
  };
  return {
    violations,
    counted,
    count(kind, conversation) {
      if (!isOn) return null;
      const at = now();
      const key = `${kind} ${conversation}`;
      const wait = over(key, WINDOWS[kind] ?? [], at) ?? over("tenant", [[1_000, TENANT_PER_SECOND]], at);
      if (wait !== null) return Math.max(1, wait);
      times.get(key)?.push(at);
      times.get("tenant")?.push(at);
      counted.push({ at, kind, conversation });
      return null;
    },
  };
}
