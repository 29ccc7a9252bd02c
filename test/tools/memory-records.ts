import type { JsonObject } from "../../src/types/json.ts";
import type { RecordChange, Records, StoredRecord } from "../../src/types/record.ts";
import { StewardError } from "../../src/types/steward-error.ts";

export type MemoryRecords = Records & {
  /** Everything stored, as `kind/id` → content, sorted; for comparing before and after. */
  dump(): Record<string, JsonObject>;
  /** Keys written so far, in order. */
  keys(): readonly string[];
};

/**
 * Records held in memory, as strict as the database: versions begin at 1 and rise by one with each write,
 * a version that does not fit changes nothing, a key works once. Values are copied in and out.
 */
export function createMemoryRecords(seed: readonly RecordChange[] = []): MemoryRecords {
  const rows = new Map<string, { kind: string; id: string; version: number; data: JsonObject }>();
  const written: string[] = [];
  const at = (kind: string, id: string) => `${kind}/${id}`;

  const apply = (changes: readonly RecordChange[]) => {
    for (const change of changes) {
      const present = rows.get(at(change.kind, change.id))?.version ?? 0;
      if (change.ifVersion !== undefined && change.ifVersion !== present) {
        throw new StewardError("REC-409", `${change.kind} ${change.id} is at version ${present}`);
      }
    }
    for (const change of changes) {
      const key = at(change.kind, change.id);
      const version = (rows.get(key)?.version ?? 0) + 1;
      if (change.data === null) rows.delete(key);
      else rows.set(key, { kind: change.kind, id: change.id, version, data: viaJson(change.data) });
    }
  };
  apply(seed);

  return {
    async get<T>(kind: string, id: string) {
      const row = rows.get(at(kind, id));
      return row ? ({ id, version: row.version, data: viaJson(row.data) } as StoredRecord<T>) : null;
    },
    async list<T>(kind: string, where: JsonObject = {}) {
      return [...rows.values()]
        .filter((row) => row.kind === kind)
        .filter((row) =>
          Object.entries(where).every(([k, v]) => JSON.stringify(row.data[k]) === JSON.stringify(v)),
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, version, data }) => ({ id, version, data: viaJson(data) }) as StoredRecord<T>);
    },
    async write(key, changes) {
      if (key === "") throw new Error("A write needs an idempotency key");
      if (written.includes(key)) return { isRepeat: true };
      apply(changes);
      written.push(key);
      return { isRepeat: false };
    },
    async hasWritten(key) {
      return written.includes(key);
    },
    dump() {
      return Object.fromEntries(
        [...rows.keys()].sort().map((key) => [key, viaJson(rows.get(key)?.data ?? {})]),
      );
    },
    keys: () => [...written],
  };
}

/** What `jsonb` refuses: NUL and halves of surrogate pairs. */
function refuseUnstorable(text: string): void {
  if (text.includes("\u0000") || !text.isWellFormed()) throw new Error("jsonb refuses this text");
}

/** What survives a database: JSON, with keys in another order than they were written (as `jsonb` keeps them). */
function viaJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    refuseUnstorable(key);
    if (typeof inner === "string") refuseUnstorable(inner);
    return inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))
      : inner;
  }) as T;
}
