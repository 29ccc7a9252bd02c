import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export type SourceFile = {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
};

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The project's own TypeScript and JavaScript under these folders. */
export function sourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => [...walk(join(ROOT, folder))]);
}

function* walk(folder: string): Generator<SourceFile> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // bench/peers is other projects' code, installed for a comparison.
      if (entry.name !== "node_modules" && relative(ROOT, path) !== join("bench", "peers")) yield* walk(path);
    } else if (/\.[cm]?[jt]sx?$/.test(entry.name)) {
      yield { path: relative(ROOT, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
    }
  }
}
