import type pg from "pg";

type Open = { readonly session: string; readonly epoch: number; readonly at: number };

/** Measures how long the sessions of a killed replica wait until another one has them. */
export function watchTakeovers(pool: pg.Pool): {
  killed(owner: string, at: number): Promise<void>;
  /** The database or the line to it is away until then: nobody can take anything over. */
  outage(from: number, until: number): void;
  readonly ms: number[];
  /** Of those during which there was an outage. */
  readonly outageMs: number[];
  stop(): void;
} {
  const open = new Map<string, Open>();
  const ms: number[] = [];
  const outageMs: number[] = [];
  const outages: (readonly [number, number])[] = [];
  let isLooking = false;
  const look = async () => {
    if (open.size === 0 || isLooking) return;
    isLooking = true;
    try {
      const { rows } = await pool.query<{ id: string; epoch: string }>(
        "select id, epoch from sessions where id = any ($1)",
        [[...open.keys()]],
      );
      for (const { id, epoch } of rows) {
        const one = open.get(id);
        if (!one || Number(epoch) <= one.epoch) continue;
        const now = performance.now();
        const isDisturbed = outages.some(([from, until]) => from < now && until > one.at);
        (isDisturbed ? outageMs : ms).push(now - one.at);
        open.delete(id);
      }
    } catch {
      // The database is down as well: it is asked again.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), 25);
  return {
    ms,
    outageMs,
    outage: (from, until) => outages.push([from, until]),
    killed: async (owner, at) => {
      const held = await pool
        .query<{ id: string; epoch: string }>("select id, epoch from sessions where owner = $1", [owner])
        .catch(() => ({ rows: [] }));
      for (const { id, epoch } of held.rows) open.set(id, { session: id, epoch: Number(epoch), at });
    },
    stop: () => clearInterval(timer),
  };
}
