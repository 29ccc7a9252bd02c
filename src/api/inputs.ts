import { z } from "zod";
import { StewardError } from "../types/steward-error.ts";

/** Largest file in bytes. */
export const MAX_FILE_BYTES = 20_000_000;
const MAX_NAME = 200;

export const nothing = z.strictObject({});
/** What an id may look like; whether there is such a thing is for the port to say. */
const idText = z.string().regex(/^[\w.:~@-]{1,200}$/, "is not an id");
export const byId = z.strictObject({ id: idText });
export const byTurn = z.strictObject({ turn: idText });
export const optionalId = idText.nullish().transform((id) => id ?? null);
export const fileIds = z.array(idText).max(20).default([]);
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@<>"',;\p{Cc}]+@[^\s@<>"',;\p{Cc}]+$/u, "is not an e-mail address");

/** A file's name without a path, control characters or marks that turn its direction. Throws FIL-400. */
export function cleanFileName(name: string): string {
  const base = (name.normalize("NFC").split(/[/\\]/).at(-1) ?? "")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  if (base === "" || base === "." || base === ".." || base.length > MAX_NAME || !base.isWellFormed()) {
    throw new StewardError("FIL-400", "The file's name is empty, too long or not text.");
  }
  return base;
}

/** Content of an uploaded file. Throws FIL-400 when empty, FIL-413 when too large. */
export function checkContent(content: Uint8Array): Uint8Array {
  if (content.byteLength === 0) throw new StewardError("FIL-400", "The file is empty.");
  if (content.byteLength > MAX_FILE_BYTES) throw new StewardError("FIL-413");
  return content;
}
