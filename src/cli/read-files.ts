import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { MAX_FILE_BYTES } from "../api/inputs.ts";
import { StewardError } from "../types/steward-error.ts";

/** Content of a file of this machine. Looks at its size first. Throws FIL-404, FIL-400 or FIL-413. */
export function readLocalFile(
  cwd: string,
  path: string,
): { readonly name: string; readonly content: Uint8Array } {
  const full = resolve(cwd, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) throw new StewardError("FIL-404", `There is no file '${path}'.`);
  if (!stat.isFile()) throw new StewardError("FIL-400", `'${path}' is not a file.`);
  if (stat.size > MAX_FILE_BYTES) {
    throw new StewardError("FIL-413", `'${path}' has ${Math.ceil(stat.size / 1e6)} MB.`);
  }
  if (stat.size === 0) throw new StewardError("FIL-400", `'${path}' is empty.`);
  return { name: basename(full), content: readFileSync(full) };
}

/**
 * The files under these paths in order, without hidden ones and without following links out of them. `source`
 * is the path as given, so that the same call later replaces the same documents. Throws FIL-404.
 */
export function listFiles(
  cwd: string,
  paths: readonly string[],
): readonly { readonly path: string; readonly source: string }[] {
  return paths.flatMap((given) => {
    const full = resolve(cwd, given);
    if (!statSync(full, { throwIfNoEntry: false }))
      throw new StewardError("FIL-404", `There is nothing at '${given}'.`);
    return [...walk(full)].map((path) => ({
      path,
      source: (relative(cwd, path).startsWith("..") ? path : relative(cwd, path)).split(sep).join("/"),
    }));
  });
}

function* walk(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    const inside = join(path, name);
    if (!name.startsWith(".") && !lstatSync(inside).isSymbolicLink()) yield* walk(inside);
  }
}
