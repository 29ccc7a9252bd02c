import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import {
  makeSigner,
  type NoteSigner,
  type NoteVerifier,
  readSigner,
  readVerifier,
  signerText,
  verifierText,
} from "./signed-note.ts";

/** The notes kept outside the database, oldest first, as they stand in `directory`/checkpoints. */
export function readNotes(directory: string): readonly string[] {
  const home = join(directory, "checkpoints");
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => name.endsWith(".notes"))
    .sort()
    .flatMap((name) => splitNotes(readFileSync(join(home, name), "utf8")));
}

/** Notes stand one after the other: text, empty line, signatures, empty line. A torn last one is left out. */
function splitNotes(text: string): readonly string[] {
  const blocks = text.split("\n\n");
  const notes: string[] = [];
  for (let i = 0; i + 2 < blocks.length; i += 2) notes.push(`${blocks[i]}\n\n${blocks[i + 1]}\n`);
  return notes;
}

/** Appends a note to the file of its day and waits until it is on the disk. */
export function appendNote(directory: string, note: string, now: Date): void {
  const home = join(directory, "checkpoints");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, `${now.toISOString().slice(0, 10)}.notes`);
  if (existsSync(path)) {
    const text = readFileSync(path, "utf8");
    const whole = splitNotes(text)
      .map((written) => `${written}\n`)
      .join("");
    // A crash tore the last note: it never left whole, and the next one must stand by itself.
    if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
  }
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, `${note}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The key that signs this directory's checkpoints, made at the first call (0600, in `directory`/keys). */
export function loadSigner(directory: string): NoteSigner {
  const found = findSigner(directory);
  if (found) return found;
  const home = join(directory, "keys");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const signer = makeSigner(`steward-${randomBytes(4).toString("hex")}/audit`);
  writeNew(join(home, "audit.key"), signerText(signer), 0o600);
  writeNew(join(home, "audit.pub"), verifierText(signer), 0o644);
  return findSigner(directory) ?? signer;
}

/** The signing key when there is one; throws when the file holds something else. */
export function findSigner(directory: string): NoteSigner | null {
  const path = join(directory, "keys", "audit.key");
  if (!existsSync(path)) return null;
  const signer = readSigner(readFileSync(path, "utf8"));
  if (!signer) throw new Error(`${path} does not hold a key for signing checkpoints.`);
  return signer;
}

/**
 * Public keys that signed this record's checkpoints before it was restored from a backup (`directory`/keys/former):
 * a copy signs with a key of its own. Throws when a file holds something else.
 */
export function findFormerKeys(directory: string): readonly NoteVerifier[] {
  const home = join(directory, "keys", "former");
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => name.endsWith(".pub"))
    .sort()
    .map((name) => {
      const verifier = readVerifier(readFileSync(join(home, name), "utf8"));
      if (!verifier) throw new Error(`${join(home, name)} does not hold a public key.`);
      return verifier;
    });
}

function writeNew(path: string, text: string, mode: number): void {
  try {
    const file = openSync(path, "wx", mode);
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    // Another process was first: its key is the one.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
