import { createHash } from "node:crypto";

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array;

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** RFC 6962 §2.1: the leaf and node prefixes keep an inner node from passing for an entry. */
export function hashLeaf(entry: string | Uint8Array): Hash {
  return createHash("sha256").update(LEAF).update(entry).digest();
}

function hashNode(left: Hash, right: Hash): Hash {
  return createHash("sha256").update(NODE).update(left).update(right).digest();
}

const equal = (a: Hash, b: Hash) => Buffer.compare(a, b) === 0;

/** Largest power of two smaller than n (n > 1). */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/**
 * A growing tree that keeps only the roots of its complete subtrees, largest first: one for each bit of its
 * size, at most 53 hashes for any log there can be.
 */
export type CompactRange = { readonly size: number; readonly nodes: readonly Hash[] };

export const EMPTY_RANGE: CompactRange = { size: 0, nodes: [] };

export function appendLeaf(range: CompactRange, leaf: Hash): CompactRange {
  const nodes = [...range.nodes];
  let node = leaf;
  // Like a carry in binary addition: two subtrees of one size become one of twice the size.
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2)
    node = hashNode(nodes.pop() as Hash, node);
  nodes.push(node);
  return { size: range.size + 1, nodes };
}

/** Root of the tree; of an empty one SHA-256 of nothing. */
export function rangeRoot(range: CompactRange): Hash {
  if (range.nodes.length === 0) return createHash("sha256").digest();
  return range.nodes.reduceRight((right, left) => hashNode(left, right));
}

/** Root over these leaf hashes (RFC 6962 §2.1). */
export function treeRoot(leaves: readonly Hash[]): Hash {
  return rangeRoot(leaves.reduce(appendLeaf, EMPTY_RANGE));
}

/** Proof that the leaf at `index` is in the tree (§2.1.1): sibling hashes from the leaf upwards. */
export function inclusionProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`There is no leaf ${index} in a tree of ${leaves.length}.`);
  }
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), treeRoot(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), index - k), treeRoot(leaves.slice(0, k))];
}

/** Checks such a proof against a root (RFC 9162 §2.1.3.2, which spells out the check for the same tree). */
export function isIncluded(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let [node, at, last] = [leaf, index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = hashNode(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      node = hashNode(node, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(node, root);
}

/** Proof that the tree of the first `size` leaves is the beginning of the whole (§2.1.2). */
export function consistencyProof(leaves: readonly Hash[], size: number): readonly Hash[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length) {
    throw new RangeError(`A tree of ${leaves.length} did not begin with ${size} leaves.`);
  }
  const walk = (part: readonly Hash[], m: number, isWhole: boolean): readonly Hash[] => {
    if (m === part.length) return isWhole ? [] : [treeRoot(part)];
    const k = split(part.length);
    return m <= k
      ? [...walk(part.slice(0, k), m, isWhole), treeRoot(part.slice(k))]
      : [...walk(part.slice(k), m - k, false), treeRoot(part.slice(0, k))];
  };
  return walk(leaves, size, true);
}

/** Checks such a proof between two roots (RFC 9162 §2.1.4.2). */
export function isConsistent(
  older: { readonly size: number; readonly root: Hash },
  newer: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root);
  // A complete older tree is itself the first hash of the proof, which then leaves it out.
  const isPowerOfTwo = 2 ** Math.floor(Math.log2(older.size)) === older.size;
  const [first, ...rest] = isPowerOfTwo ? [older.root, ...proof] : proof;
  if (!first) return false;
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldRoot = hashNode(hash, oldRoot);
      newRoot = hashNode(hash, newRoot);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      newRoot = hashNode(newRoot, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(oldRoot, older.root) && equal(newRoot, newer.root);
}
