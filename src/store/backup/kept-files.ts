import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findSigner } from "../audit/checkpoint-files.ts";
import { verifierText } from "../audit/signed-note.ts";
import { damaged } from "./backup-format.ts";

/** A file of the data directory that goes along with the database. */
export type KeptFile = { readonly file: string; readonly text: string };

const NAMES = /^(?:checkpoints\/\d{4}-\d\d-\d\d\.notes|keys\/former\/[a-z0-9-]{1,80}\.pub)$/;

/**
 * What `audit verify` needs besides the database: the signed checkpoints, and the public keys to check them with.
 * The private key stays where it is: two installations that sign with one key could contradict each other, and a
 * copy of a backup would be enough to forge checkpoints.
 */
export function readKeptFiles(directory: string): readonly KeptFile[] {
  const list = (folder: string) => {
    const home = join(directory, folder);
    return existsSync(home) ? readdirSync(home).map((name) => `${folder}/${name}`) : [];
  };
  const files = [...list("checkpoints"), ...list("keys/former")]
    .filter((file) => NAMES.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(directory, file), "utf8") }));
  const signer = findSigner(directory);
  if (!signer) return files;
  const name = signer.name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, 80);
  return [...files, { file: `keys/former/${name}.pub`, text: verifierText(signer) }];
}

/** Writes one of them under `directory`. Throws STO-422 for a name that no backup has. */
export function writeKeptFile(directory: string, { file, text }: KeptFile): void {
  if (!NAMES.test(file)) throw damaged("The backup names a file that does not belong in it.");
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600, flush: true });
}
