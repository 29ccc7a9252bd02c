import { lstat, readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { endingOf, FORMAT_OF_ENDING } from "./detect-format.ts";
import type { DocumentSource } from "./ingest.ts";

const MAX_FILES = 100_000;

/**
 * The documents under some paths, in order of name: a file as it is, a directory with all below it but hidden
 * entries, symbolic links (which may lead anywhere) and files of other kinds. A path that is not there comes
 * back as it is, so that reading it in reports it.
 * @param base folder that sources are named from, for what may move as a whole; null for absolute paths
 */
export async function collectSources(
  paths: readonly string[],
  labels: Pick<DocumentSource, "readers" | "sensitivity" | "integrity"> = {},
  base: string | null = null,
): Promise<readonly DocumentSource[]> {
  const files = new Set<string>();
  const walk = async (path: string, isGiven: boolean): Promise<void> => {
    if (files.size >= MAX_FILES) return;
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory()) {
      const names = await readdir(path).catch(() => []);
      for (const name of names.sort()) if (!name.startsWith(".")) await walk(join(path, name), false);
    } else if (isGiven || (found?.isFile() && FORMAT_OF_ENDING[endingOf(path)])) files.add(path);
  };
  for (const path of paths) await walk(resolve(path), true);
  return [...files].map((path) => ({
    ...labels,
    source: base === null ? path : relative(base, path).replaceAll("\\", "/"),
    path,
  }));
}
