import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where the server of a data directory listens, and the secret that whoever can read the directory may use. */
export type ServerFile = { readonly url: string; readonly pid: number; readonly secret: string };

const schema = z.object({
  url: z.string().regex(/^http:\/\//),
  pid: z.int().positive(),
  secret: z.string().min(32),
});

const pathOf = (directory: string) => join(directory, "server.json");

/** Writes it whole, readable by the owner only. */
export function writeServerFile(directory: string, file: ServerFile): void {
  const beside = `${pathOf(directory)}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  renameSync(beside, pathOf(directory));
}

/** The file, or null when there is none or it is not one. */
export function readServerFile(directory: string): ServerFile | null {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(directory), "utf8")));
  } catch {
    return null;
  }
}

/** Removes it at the end, unless another server has taken its place. */
export function removeServerFile(directory: string, secret: string): void {
  if (readServerFile(directory)?.secret === secret) rmSync(pathOf(directory), { force: true });
}
