import type { JsonObject } from "./json.ts";

/** A thing that a tool showed or changed and that later words may mean ("it", "the second one"). */
export type RecordRef = {
  /** e.g. `calendar.event`, `crm.deal`, `crm.account`, `invoice`, `person`, `file`. */
  readonly kind: string;
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
};

export type StoredRecord<T> = { readonly id: string; readonly version: number; readonly data: T };

export type RecordChange = {
  readonly kind: string;
  readonly id: string;
  /** New content, or null to delete. */
  readonly data: JsonObject | null;
  /** Version the change was computed on; 0 = must not exist yet. Left out: whatever is there. */
  readonly ifVersion?: number;
};

/**
 * The embedded systems of record (calendar, CRM, payables) as tools see them. A write is atomic and
 * idempotent by its key: the second call with one key changes nothing and says `isRepeat`.
 */
export type Records = {
  get<T>(kind: string, id: string): Promise<StoredRecord<T> | null>;
  /** All of a kind whose top-level fields equal `where`, ordered by id. */
  list<T>(kind: string, where?: JsonObject): Promise<readonly StoredRecord<T>[]>;
  /** Throws `REC-409` when a version does not fit; nothing is changed then. */
  write(key: string, changes: readonly RecordChange[]): Promise<{ readonly isRepeat: boolean }>;
  /** Whether a write with this key has happened (for reconciling after a crash). */
  hasWritten(key: string): Promise<boolean>;
};
