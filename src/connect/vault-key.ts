import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { StewardError } from "../types/steward-error.ts";

const KEY_BYTES = 32;
const FILE = "vault.key";

/** A key of the vault: 256 bits, and a name that tells nothing of them. */
export type VaultKey = { readonly id: string; readonly bytes: Uint8Array };

export type KeySource = {
  /** STEWARD_VAULT_KEY; null when it is not set. */
  readonly given: string | null;
  readonly directory: string;
  /** On a server there may be other processes, which cannot read this one's data directory. */
  readonly kind: "pglite" | "postgres";
};

/** Reads 32 bytes in base64. Throws VLT-400; what was given is never repeated. */
export function readVaultKey(text: string, where = "STEWARD_VAULT_KEY"): VaultKey {
  const trimmed = text.trim();
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed);
  const bytes = new Uint8Array(isBase64 ? Buffer.from(trimmed, "base64") : []);
  if (bytes.length !== KEY_BYTES) throw new StewardError("VLT-400", `${where} is not 32 bytes in base64.`);
  const id = createHash("sha256").update("steward vault key\n").update(bytes).digest("hex").slice(0, 16);
  return { id, bytes };
}

/**
 * The key of this installation: the one given, else on the embedded database that of the data directory, made there
 * (mode 0600) when there is none. Throws VLT-400 for what is no key or lies open to others, VLT-412 on a server
 * without a given key.
 */
export function findVaultKey({ given, directory, kind }: KeySource): VaultKey {
  if (given !== null && given.trim() !== "") return readVaultKey(given);
  if (kind === "postgres") throw new StewardError("VLT-412");
  const path = join(directory, FILE);
  if (!existsSync(path)) makeKeyFile(directory, path);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new StewardError(
      "VLT-400",
      `Others on this machine can read ${path}: take their rights away (chmod 600), and change the key.`,
    );
  }
  return readVaultKey(readFileSync(path, "utf8"), path);
}

/** Written beside and linked into place whole: a crash leaves no half key, and the first of two processes wins. */
function makeKeyFile(directory: string, path: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  const file = openSync(beside, "wx", 0o600);
  try {
    writeSync(file, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
    fsyncSync(file);
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    closeSync(file);
    rmSync(beside, { force: true });
  }
}
