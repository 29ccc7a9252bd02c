import type { Db, Sql } from "../db.ts";
import { readSequenced, readUnsequenced } from "./audit-leaves.ts";
import { appendNote, loadSigner, readNotes } from "./checkpoint-files.ts";
import { appendLeaf, type CompactRange, EMPTY_RANGE, rangeRoot } from "./merkle-tree.ts";
import { openCheckpoint, signCheckpoint } from "./signed-note.ts";

const BATCH = 2_000;
/** No transaction takes longer to commit; an entry of one that did gets its place after the next start. */
const SETTLE_MS = 600_000;
/** Any number will do, as long as every replica takes the same. */
const ADVISORY_LOCK = 746_601;

export type AuditSequencer = {
  /** Gives every committed entry its place and signs a checkpoint; returns the size of the tree. */
  run(): Promise<number>;
  /** The last run, and no more after it. */
  stop(): Promise<void>;
};

/**
 * Integrates committed entries into the tree and lets signed checkpoints leave the database, into
 * `directory`/checkpoints. Any number of replicas may run; one at a time works. With `everyMs` it runs by
 * itself; `failed` then hears of a run that threw.
 */
export function sequenceAudit(
  db: Db,
  directory: string,
  options: { readonly everyMs?: number; readonly failed?: (error: unknown) => void } = {},
): AuditSequencer {
  const signer = loadSigner(directory);
  let range: CompactRange = EMPTY_RANGE;
  let noted = readNotes(directory).reduce((size, note) => openCheckpoint(note, signer)?.size ?? size, -1);
  let running: Promise<number> | null = null;
  let isStopped = false;

  // Ids are taken before they are committed: one that is lower than others may appear later, but not much later.
  const placed: { readonly at: number; readonly id: number }[] = [];
  let below = 0;
  const settled = (): number => {
    for (let [oldest] = placed; oldest && oldest.at < Date.now() - SETTLE_MS; [oldest] = placed) {
      below = Math.max(below, oldest.id);
      placed.shift();
    }
    return below;
  };
  type Step = { readonly range: CompactRange; readonly isMore: boolean; readonly last: number };
  const step = async (): Promise<Step> =>
    await db.tx(async (sql) => {
      if (db.kind === "postgres") await sql.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
      const known = await catchUp(sql, range);
      const leaves = await readUnsequenced(sql, settled(), BATCH);
      const next = leaves.reduce((tree, leaf) => appendLeaf(tree, leaf.hash), known);
      if (leaves.length > 0) {
        await sql.query(
          `insert into audit_places (idx, entry, count)
           select * from unnest($1::bigint[], $2::bigint[], $3::int[])`,
          columnsOf(runsOf(leaves, known.size)),
        );
        const root = rangeRoot(next);
        const note = signCheckpoint({ origin: signer.name, size: next.size, root }, signer);
        await sql.query(
          "insert into audit_checkpoints (size, root, note) values ($1, $2, $3) on conflict (size) do nothing",
          [next.size, root, note],
        );
      }
      const last = leaves.reduce((highest, leaf) => Math.max(highest, leaf.id), 0);
      return { range: next, isMore: leaves.length === BATCH, last };
    });

  const runOnce = async (): Promise<number> => {
    for (let isMore = true; isMore; ) {
      const done = await step();
      range = done.range;
      isMore = done.isMore;
      if (done.last > 0) placed.push({ at: Date.now(), id: done.last });
    }
    // Only what is committed leaves: a note about a transaction that was lost would look like a deletion.
    if (range.size > 0 && range.size !== noted) {
      const root = rangeRoot(range);
      appendNote(
        directory,
        signCheckpoint({ origin: signer.name, size: range.size, root }, signer),
        new Date(),
      );
      noted = range.size;
    }
    return range.size;
  };

  const run = async (): Promise<number> => {
    // Whoever asks during a run wants what was committed meanwhile too: one more after it.
    const before = running;
    const mine = (async () => {
      await before?.catch(() => {});
      return await runOnce();
    })();
    running = mine;
    return await mine;
  };

  const timer =
    options.everyMs === undefined
      ? undefined
      : setInterval(() => void run().catch((error) => options.failed?.(error)), options.everyMs).unref();
  return {
    run,
    stop: async () => {
      clearInterval(timer);
      if (isStopped) return;
      isStopped = true;
      await run();
    },
  };
}

type Run = { readonly idx: number; readonly entry: number; readonly count: number };

/** Entries in order as runs of ids without a gap; the first gets the place `from`. */
function runsOf(leaves: readonly { readonly id: number }[], from: number): readonly Run[] {
  const runs: Run[] = [];
  for (const [at, { id }] of leaves.entries()) {
    const last = runs.at(-1);
    if (last && last.entry + last.count === id) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ idx: from + at, entry: id, count: 1 });
  }
  return runs;
}

const columnsOf = (runs: readonly Run[]) => [
  runs.map(({ idx }) => idx),
  runs.map(({ entry }) => entry),
  runs.map(({ count }) => count),
];

/** The tree with what other replicas added since; all of it after a restart, or when the database went back. */
async function catchUp(sql: Sql, from: CompactRange): Promise<CompactRange> {
  const [last] = await sql.query<{ size: number }>(
    "select coalesce(max(idx + count), 0) as size from audit_places",
  );
  let range = (last?.size ?? 0) < from.size ? EMPTY_RANGE : from;
  for (;;) {
    const leaves = await readSequenced(sql, range.size, BATCH);
    range = leaves.reduce((tree, leaf) => appendLeaf(tree, leaf.hash), range);
    if (leaves.length < BATCH) return range;
  }
}
