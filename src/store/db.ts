import type { StewardError } from "../types/steward-error.ts";

/** One statement put to the database. Objects for jsonb parameters go in as JSON text. */
export type Sql = {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
  ): Promise<readonly Row[]>;
};

/** A statement that is known before any answer. */
export type Statement = { readonly text: string; readonly params: readonly unknown[] };

/**
 * The database, embedded or a server, behind one interface. Rows come back with int8 as number, timestamptz
 * as Date, jsonb parsed, bytea as Uint8Array.
 */
export type Db = Sql & {
  readonly kind: "pglite" | "postgres";
  /** Extensions in use: `vector`, `pg_textsearch`. Without them retrieval takes the slower ways. */
  readonly extensions: ReadonlySet<string>;
  /**
   * Runs `work` in one transaction; a throw rolls back, and so does a statement that failed even where `work` did not
   * mind: that is thrown too. Danger: on the embedded database there is one
   * connection, so waiting for `db` (not `sql`) inside `work` waits for ever.
   */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * Runs statements in order in one transaction that is sent whole, its commit included: one round trip on a server.
   * The first failure rolls all back and is thrown. Resolves to the rows of each.
   */
  batch(statements: readonly Statement[]): Promise<readonly (readonly object[])[]>;
  /** Several statements without parameters, as migrations are. */
  script(text: string): Promise<void>;
  /** A hint channel (LISTEN): may be late or lost, so always poll too. Returns the way to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** Resolves when the database broke for good (embedded only): the process must end and start again. */
  readonly broken?: Promise<StewardError>;
  close(): Promise<void>;
};
