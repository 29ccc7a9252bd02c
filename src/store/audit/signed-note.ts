import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import type { Hash } from "./merkle-tree.ts";

/** The Ed25519 algorithm byte of C2SP signed notes. */
const ED25519 = 1;
/** DER in front of a raw Ed25519 seed (RFC 8410), which is all that node:crypto wants to know besides it. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** A key that signs checkpoints, named as its log is (C2SP signed-note). */
export type NoteSigner = { readonly name: string; readonly seed: Uint8Array; readonly publicKey: Uint8Array };
export type NoteVerifier = Pick<NoteSigner, "name" | "publicKey">;

export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash };

const keyObject = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });

function signerOf(name: string, seed: Uint8Array): NoteSigner {
  const spki = createPublicKey(keyObject(seed)).export({ format: "der", type: "spki" });
  return { name, seed, publicKey: spki.subarray(SPKI_PREFIX.length) };
}

export function makeSigner(name: string): NoteSigner {
  const { privateKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(PKCS8_PREFIX.length);
  return signerOf(name, seed);
}

/** First four bytes of SHA-256 over name, newline, algorithm and key: tells keys of one name apart. */
function keyId({ name, publicKey }: NoteVerifier): Buffer {
  return createHash("sha256")
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(publicKey)
    .digest()
    .subarray(0, 4);
}

const tagged = (bytes: Uint8Array) => Buffer.concat([Buffer.from([ED25519]), bytes]).toString("base64");

/** The secret key as text: `PRIVATE+KEY+name+id+base64`. */
export function signerText(signer: NoteSigner): string {
  return `PRIVATE+KEY+${signer.name}+${keyId(signer).toString("hex")}+${tagged(signer.seed)}\n`;
}

/** The public key as text (`name+id+base64`), to be given to whoever keeps the checkpoints. */
export function verifierText(signer: NoteVerifier): string {
  return `${signer.name}+${keyId(signer).toString("hex")}+${tagged(signer.publicKey)}\n`;
}

/** Reads what `signerText` wrote; null when it is anything else. */
export function readSigner(text: string): NoteSigner | null {
  const match = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (!match) return null;
  const bytes = Buffer.from(match[3] ?? "", "base64");
  if (bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const signer = signerOf(match[1] ?? "", bytes.subarray(1));
  return keyId(signer).toString("hex") === match[2] ? signer : null;
}

/** Reads what `verifierText` wrote; null when it is anything else. */
export function readVerifier(text: string): NoteVerifier | null {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const bytes = Buffer.from(match?.[3] ?? "", "base64");
  if (!match || bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const verifier = { name: match[1] ?? "", publicKey: bytes.subarray(1) };
  return keyId(verifier).toString("hex") === match[2] ? verifier : null;
}

/** A checkpoint as a signed note: origin, size and root, an empty line, a signature. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString("base64")}\n`;
  const signature = sign(null, Buffer.from(text), keyObject(signer.seed));
  const line = Buffer.concat([keyId(signer), signature]).toString("base64");
  return `${text}\n\u2014 ${signer.name} ${line}\n`;
}

/** The checkpoint of a note that this key signed; null when the note is broken or signed by another. */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint | null {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) return null;
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split("\n");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? "") || !root) return null;
  const isSigned = note
    .slice(end + 2)
    .split("\n")
    .some((line) => isSignature(line, text, verifier));
  const hash = Buffer.from(root, "base64");
  if (!isSigned || origin !== verifier.name || hash.length !== 32) return null;
  return { origin, size: Number(size), root: hash };
}

function isSignature(line: string, text: string, verifier: NoteVerifier): boolean {
  const [dash, name, encoded] = line.split(" ");
  if (dash !== "\u2014" || name !== verifier.name || !encoded) return false;
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== 68 || !bytes.subarray(0, 4).equals(keyId(verifier))) return false;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, verifier.publicKey]),
    format: "der",
    type: "spki",
  });
  return verify(null, Buffer.from(text), key, bytes.subarray(4));
}
