import { expect, test } from "vitest";
import { hashLeaf } from "../../src/store/audit/merkle-tree.ts";
import {
  makeSigner,
  openCheckpoint,
  readSigner,
  signCheckpoint,
  signerText,
  verifierText,
} from "../../src/store/audit/signed-note.ts";

const signer = makeSigner("steward-test/audit");
const checkpoint = { origin: signer.name, size: 42, root: hashLeaf("x") };

test("a checkpoint opens with the key that signed it and with no other", () => {
  const note = signCheckpoint(checkpoint, signer);
  expect(openCheckpoint(note, signer)?.size).toBe(42);
  expect(openCheckpoint(note, makeSigner(signer.name))).toBeNull();
  expect(openCheckpoint(note, makeSigner("another/audit"))).toBeNull();
});

test("a checkpoint that was changed anywhere does not open", () => {
  const note = signCheckpoint(checkpoint, signer);
  expect(openCheckpoint(note.replace("\n42\n", "\n43\n"), signer)).toBeNull();
  expect(openCheckpoint(note.replace(signer.name, "steward-evil/audit"), signer)).toBeNull();
  for (let i = 0; i < note.length; i += 3) {
    const flipped = `${note.slice(0, i)}${note[i] === "A" ? "B" : "A"}${note.slice(i + 1)}`;
    const opened = openCheckpoint(flipped, signer);
    // The last characters of base64 may spell the same bytes twice; the content is the same then.
    if (opened) expect(opened).toEqual(openCheckpoint(note, signer));
  }
});

test("a note has the form that other tools read", () => {
  expect(signCheckpoint(checkpoint, signer)).toMatch(
    /^steward-test\/audit\n42\n[A-Za-z0-9+/]{43}=\n\n\u2014 steward-test\/audit [A-Za-z0-9+/]{91}=\n$/,
  );
  expect(verifierText(signer)).toMatch(/^steward-test\/audit\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/);
});

test("a key survives being written down, and a damaged one is refused", () => {
  expect(readSigner(signerText(signer))).toEqual(signer);
  expect(readSigner(signerText(signer).replace("audit+", "other+"))).toBeNull();
  expect(readSigner("")).toBeNull();
});
