import { StewardError } from "../../types/steward-error.ts";
import type { Db } from "../db.ts";
import { readSequenced } from "./audit-leaves.ts";
import { findFormerKeys, findSigner, readNotes } from "./checkpoint-files.ts";
import { appendLeaf, type CompactRange, EMPTY_RANGE, type Hash, rangeRoot } from "./merkle-tree.ts";
import { type Checkpoint, type NoteVerifier, openCheckpoint } from "./signed-note.ts";

const BATCH = 2_000;

type Claim = { readonly size: number; readonly root: string; readonly where: string };

/**
 * Computes the whole tree again from the entries and compares it with every checkpoint: those outside the
 * database, which whoever can write to it cannot mend, and those in it. Finds changed, removed, added and
 * moved entries, an end cut off and a database set back. What it cannot find: an entry that was altered
 * before it got its place, a few seconds after it was written.
 */
export async function auditVerify(
  db: Db,
  directory: string,
): Promise<{
  ok: boolean;
  entries: number;
  size: number;
  root: string;
  checkpoints: number;
  problems: readonly string[];
}> {
  const problems: string[] = [];
  const keys = findKeysOrTell(directory);
  // Notes first, the tree last: what grows meanwhile can then only be larger than what is claimed of it.
  const outside = readOutside(directory, keys, problems);
  const inside = await readInside(db, keys, problems);
  const [count] = await db.query<{ n: number }>("select count(*) as n from audit");
  const { tree, roots } = await computeRoots(db, new Set([...outside, ...inside].map((claim) => claim.size)));

  problems.push(...compare(outside, roots, tree.size), ...compare(inside, roots, tree.size));
  const last = Math.max(0, ...outside.map((claim) => claim.size), ...inside.map((claim) => claim.size));
  if (tree.gap !== null) problems.push(`Entry ${tree.gap} is missing: the places are not without a gap.`);
  if (tree.size > last) {
    problems.push(`${tree.size - last} entries after place ${last} stand under no checkpoint.`);
  }
  if (tree.size > 0 && outside.length === 0) {
    problems.push("No checkpoint is kept outside the database, so there is nothing to compare it with.");
  }
  return {
    ok: problems.length === 0,
    entries: count?.n ?? 0,
    size: tree.size,
    root: Buffer.from(tree.root).toString("base64"),
    checkpoints: outside.length,
    problems: [...new Set(problems)],
  };
}

/** The keys whose checkpoints count: this directory's own, and those from before a restore. */
function findKeysOrTell(directory: string): readonly NoteVerifier[] {
  try {
    const signer = findSigner(directory);
    return [...(signer ? [signer] : []), ...findFormerKeys(directory)];
  } catch (error) {
    throw new StewardError("AUD-500", (error as Error).message, { cause: error });
  }
}

function openByAny(note: string, keys: readonly NoteVerifier[]): Checkpoint | null {
  for (const key of keys) {
    const checkpoint = openCheckpoint(note, key);
    if (checkpoint) return checkpoint;
  }
  return null;
}

function readOutside(directory: string, keys: readonly NoteVerifier[], problems: string[]): readonly Claim[] {
  const notes = readNotes(directory);
  if (notes.length > 0 && keys.length === 0) {
    problems.push("The key of the checkpoints is gone (keys/audit.key).");
  }
  if (keys.length === 0) return [];
  const claims: Claim[] = [];
  const rootOf = new Map<number, string>();
  for (const [i, note] of notes.entries()) {
    const checkpoint = openByAny(note, keys);
    if (!checkpoint) {
      problems.push(`Checkpoint ${i + 1} outside the database was altered or signed by another key.`);
      continue;
    }
    const root = Buffer.from(checkpoint.root).toString("base64");
    const other = rootOf.get(checkpoint.size);
    if (other !== undefined && other !== root) {
      problems.push(`Two checkpoints of ${checkpoint.size} entries contradict each other.`);
    }
    rootOf.set(checkpoint.size, root);
    claims.push({ size: checkpoint.size, root, where: "outside the database" });
  }
  return claims;
}

async function readInside(
  db: Db,
  keys: readonly NoteVerifier[],
  problems: string[],
): Promise<readonly Claim[]> {
  const rows = await db.query<{ size: number; root: Uint8Array; note: string }>(
    "select size, root, note from audit_checkpoints order by size",
  );
  return rows.flatMap((row) => {
    const root = Buffer.from(row.root).toString("base64");
    const checkpoint = openByAny(row.note, keys);
    // Other replicas on one server sign with keys of their own; an embedded database has one writer.
    const isNamed = keys.some((key) => row.note.startsWith(`${key.name}\n`));
    const isForeign = db.kind === "postgres" && !checkpoint && !isNamed;
    const isMine = checkpoint?.size === row.size && Buffer.from(checkpoint.root).toString("base64") === root;
    if (!isMine && !isForeign) {
      problems.push(`The checkpoint of ${row.size} entries in the database was altered.`);
      return [];
    }
    return [{ size: row.size, root, where: "in the database" }];
  });
}

type Tree = { readonly size: number; readonly root: Hash; readonly gap: number | null };

async function computeRoots(
  db: Db,
  sizes: ReadonlySet<number>,
): Promise<{ readonly tree: Tree; readonly roots: ReadonlyMap<number, string> }> {
  const roots = new Map<number, string>();
  let range: CompactRange = EMPTY_RANGE;
  let gap: number | null = null;
  for (let from = 0; ; ) {
    const leaves = await readSequenced(db, from, BATCH);
    for (const leaf of leaves) {
      if (leaf.idx !== range.size) gap ??= range.size;
      range = appendLeaf(range, leaf.hash);
      if (sizes.has(range.size)) roots.set(range.size, Buffer.from(rangeRoot(range)).toString("base64"));
      from = (leaf.idx ?? 0) + 1;
    }
    if (leaves.length < BATCH) break;
  }
  return { tree: { size: range.size, root: rangeRoot(range), gap }, roots };
}

/** The first checkpoint that the entries do not bear out, and those that reach beyond the end. */
function compare(
  claims: readonly Claim[],
  roots: ReadonlyMap<number, string>,
  size: number,
): readonly string[] {
  const problems: string[] = [];
  const sorted = [...claims].sort((a, b) => a.size - b.size);
  let good = 0;
  for (const claim of sorted) {
    if (claim.size > size) break;
    if (claim.size > 0 && roots.get(claim.size) !== claim.root) {
      problems.push(
        `Entries ${good} to ${claim.size - 1} are not what the checkpoint ${claim.where} says: something among them was changed, removed, added or moved.`,
      );
      break;
    }
    good = claim.size;
  }
  const largest = sorted.at(-1);
  if (largest && largest.size > size) {
    problems.push(
      `A checkpoint ${largest.where} knows ${largest.size} entries and there are ${size}: the end was cut off, or an older copy of the database was put back.`,
    );
  }
  return problems;
}
