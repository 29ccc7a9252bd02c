import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendLeaf,
  consistencyProof,
  EMPTY_RANGE,
  hashLeaf,
  inclusionProof,
  isConsistent,
  isIncluded,
  rangeRoot,
  treeRoot,
} from "../../src/store/audit/merkle-tree.ts";

const hex = (hash: Uint8Array) => Buffer.from(hash).toString("hex");
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => hashLeaf(`entry ${i}`));
/** The entries and roots that certificate-transparency implementations test themselves with. */
const KNOWN = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((entry) => hashLeaf(Buffer.from(entry, "hex")));

describe("the tree of RFC 6962", () => {
  test("has the known roots", () => {
    expect(hex(treeRoot([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hex(treeRoot(KNOWN.slice(0, 1)))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    expect(hex(treeRoot(KNOWN.slice(0, 3)))).toBe(
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    );
    expect(hex(treeRoot(KNOWN))).toBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  });

  test("proves each leaf in each tree up to 33, and nothing else", () => {
    for (let n = 1; n <= 33; n++) {
      const leaves = leavesOf(n);
      const root = treeRoot(leaves);
      for (let i = 0; i < n; i++) {
        const proof = inclusionProof(leaves, i);
        const leaf = leaves[i] as Uint8Array;
        expect(isIncluded(leaf, i, n, proof, root)).toBe(true);
        expect(isIncluded(hashLeaf("another"), i, n, proof, root)).toBe(false);
        expect(isIncluded(leaf, (i + 1) % n, n, proof, root)).toBe(n === 1);
        expect(isIncluded(leaf, i, n, [...proof, root], root)).toBe(false);
      }
    }
  });

  test("proves that each tree began as each smaller one, and nothing else", () => {
    for (let n = 1; n <= 33; n++) {
      const leaves = leavesOf(n);
      const newer = { size: n, root: treeRoot(leaves) };
      for (let m = 1; m <= n; m++) {
        const older = { size: m, root: treeRoot(leaves.slice(0, m)) };
        const proof = consistencyProof(leaves, m);
        expect(isConsistent(older, newer, proof)).toBe(true);
        expect(isConsistent({ ...older, root: hashLeaf("x") }, newer, proof)).toBe(false);
        expect(isConsistent(older, { ...newer, root: hashLeaf("x") }, proof)).toBe(false);
      }
    }
  });

  test("grows leaf by leaf to the root that it has as a whole", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), (entries) => {
        const leaves = entries.map((entry) => hashLeaf(entry));
        const range = leaves.reduce(appendLeaf, EMPTY_RANGE);
        // Computed the slow way, by the definition.
        const root = (part: Uint8Array[]): Uint8Array => treeRoot(part);
        expect(hex(rangeRoot(range))).toBe(hex(root(leaves)));
        expect(range.size).toBe(leaves.length);
        expect(range.nodes.length).toBe(leaves.length.toString(2).replaceAll("0", "").length);
      }),
    );
  });
});
