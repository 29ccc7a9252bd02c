import { z } from "zod";
import { StewardError } from "../../types/steward-error.ts";

/**
 * A backup is gzipped text, one JSON value a line: the header; files kept beside the database; then each table as
 * its name and columns, its rows as lists of Postgres' own text forms, and its end; last the checksums. Nothing in
 * it depends on where it was made, so it carries between the embedded database and a server. Since format 2 a large
 * file is empty in its row, and its bytes follow in lines of their own: neither side has it whole in memory.
 */
export const FORMAT = 2;

/** The column whose large values follow their row in pieces, and what names the row. */
export const IN_PIECES = { table: "files", key: "id", column: "content" } as const;
/** Bytes of one piece, before they become hexadecimal digits. */
export const PIECE_BYTES = 256 * 1024;

/**
 * Every table of an installation, referred-to tables first. `migrations` is not among them: a restore makes the
 * schema by the migrations that the header names. Neither is what pg-boss keeps: those are alarm clocks, and what
 * is due is read from these tables; nor `socket_io_attachments`, which sockets tell each other and forget. A name that this database does not have (yet) is passed over.
 */
export const TABLES: readonly { readonly name: string; readonly key: string }[] = [
  { name: "people", key: "id" },
  { name: "settings", key: "name" },
  { name: "policy_versions", key: "version" },
  { name: "sessions", key: "id" },
  { name: "event_log", key: "session_no, seq" },
  { name: "accepted", key: "key" },
  { name: "inbox", key: "id" },
  { name: "outbox", key: "id" },
  { name: "actions", key: "id" },
  { name: "approvals", key: "id" },
  { name: "votes", key: "approval_id, principal" },
  { name: "delegations", key: "id" },
  { name: "grants", key: "id" },
  { name: "schedules", key: "id" },
  { name: "platform_identities", key: "channel, workspace, account" },
  { name: "link_codes", key: "hash" },
  { name: "channel_notes", key: "channel, key" },
  { name: "channel_posts", key: "channel, conversation, thread, item" },
  { name: "feedback", key: "message, principal" },
  { name: "approval_places", key: "principal" },
  { name: "vault", key: "name" },
  { name: "audit", key: "id" },
  { name: "audit_places", key: "idx" },
  { name: "audit_checkpoints", key: "size" },
  { name: "tokens", key: "id" },
  { name: "sites", key: "id" },
  { name: "spent_tokens", key: "hash" },
  { name: "idempotency", key: "principal, key" },
  { name: "files", key: "id" },
  { name: "records", key: "kind, id" },
  { name: "record_writes", key: "key" },
  { name: "documents", key: "id" },
  { name: "passages", key: "id, version" },
];

/** Longest line that is read: in format 1, a file of 20 MB as hexadecimal digits, with room to spare. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

const header = z.object({
  steward: z.literal("backup"),
  format: z.int().positive(),
  /** Version of Steward that wrote it. */
  version: z.string().max(50),
  at: z.iso.datetime(),
  kind: z.enum(["pglite", "postgres"]),
  migrations: z.array(z.string().regex(/^\d{6}$/)).max(10_000),
});
export type BackupHeader = z.infer<typeof header>;

const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const line = z.union([
  z.strictObject({ table: identifier, columns: z.array(identifier).min(1).max(200) }),
  z.strictObject({
    end: identifier,
    rows: z.int().nonnegative(),
    /** Where the table's numbering stood; null when it has none. */
    next: z.int().nonnegative().nullable(),
  }),
  /** The next bytes of the row before. */
  z.strictObject({
    more: z
      .string()
      .min(2)
      .max(2 * PIECE_BYTES)
      .regex(/^(?:[0-9a-f]{2})+$/),
  }),
  z.strictObject({ file: z.string().max(200), text: z.string() }),
  /** Checksums: of the tables' lines, and of the header and the files' lines before them. */
  z.strictObject({
    whole: z.int().nonnegative(),
    tables: z.string().length(64),
    head: z.string().length(64),
  }),
]);
export type BackupLine = z.infer<typeof line> | readonly (string | null)[];

export const damaged = (why: string, cause?: unknown): StewardError =>
  new StewardError("STO-422", why, { cause });

/** Reads the first line. Throws STO-415 for another kind of file, STO-426 for one of a newer version. */
export function readHeaderLine(text: string): BackupHeader {
  const value = parse(text);
  const isOurs =
    typeof value === "object" && value !== null && "steward" in value && value.steward === "backup";
  if (!isOurs) throw new StewardError("STO-415");
  const { format, version } = value as { format?: unknown; version?: unknown };
  if (typeof format === "number" && format > FORMAT) {
    throw new StewardError("STO-426", `The backup was written by Steward ${String(version).slice(0, 20)}.`);
  }
  const parsed = header.safeParse(value);
  if (!parsed.success) throw damaged("The beginning of the backup is damaged.");
  return parsed.data;
}

/** Reads any later line. Throws STO-422. */
export function readLine(text: string): BackupLine {
  const value = parse(text);
  if (Array.isArray(value)) {
    if (value.every((cell) => cell === null || typeof cell === "string")) return value;
    throw damaged("A row of the backup is damaged.");
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) throw damaged("A line of the backup is damaged.");
  return parsed.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
