import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { writeAudit } from "../store/audit/write-audit.ts";
import {
  findSealed,
  lockSealed,
  removeSealed,
  type SealedRow,
  saveSealed,
} from "../store/channels/vault-rows.ts";
import type { Db } from "../store/db.ts";
import type { Vault } from "../types/channel-host.ts";
import { StewardError } from "../types/steward-error.ts";
import type { VaultKey } from "./vault-key.ts";

/** As NIST SP 800-38D wants it for random nonces. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_SECRET_CHARS = 64 * 1024;

/**
 * Secrets in the database, each sealed with AES-256-GCM under the installation's key and bound to its name, so that a
 * row that was moved, changed or written by somebody else does not open. `key` is asked when it is first needed.
 * Reading throws VLT-403 under another key and VLT-422 for a damaged row.
 */
export function createVault(db: Db, key: () => VaultKey, scope: string): Vault {
  const full = (name: string) => `${scope}/${name}`;
  return {
    read: async (name) => {
      const row = await findSealed(db, full(name));
      return row && open(row, key());
    },
    write: async (name, secret) => {
      if (secret.length > MAX_SECRET_CHARS)
        throw new StewardError("VLT-422", "The secret is too long to keep.");
      await saveSealed(db, seal(full(name), secret, key()));
    },
    remove: async (name) => await removeSealed(db, full(name)),
  };
}

/**
 * Seals every secret anew under another key, all or none; what is under it already stays. Returns how many were
 * sealed anew. Throws VLT-403 when one is under neither key.
 */
export async function rotateVault(db: Db, from: VaultKey, to: VaultKey): Promise<number> {
  if (from.id === to.id) return 0;
  return await db.tx(async (sql) => {
    const rows = (await lockSealed(sql)).filter((row) => row.keyId !== to.id);
    for (const row of rows) await saveSealed(sql, seal(row.name, open(row, from), to));
    if (rows.length > 0) {
      await writeAudit(sql, {
        actor: "system",
        type: "vault.rotated",
        subject: "vault",
        data: { secrets: rows.length, from: from.id, to: to.id },
      });
    }
    return rows.length;
  });
}

function seal(name: string, secret: string, key: VaultKey): SealedRow {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(name));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { name, keyId: key.id, nonce, sealed };
}

function open({ name, keyId, nonce, sealed }: SealedRow, key: VaultKey): string {
  if (keyId !== key.id) throw new StewardError("VLT-403");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(name));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const text = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch (error) {
    throw new StewardError("VLT-422", `The secret '${name}' cannot be opened.`, { cause: error });
  }
}

const boundTo = (name: string) => Buffer.from(`steward vault 1\n${name}`, "utf8");
