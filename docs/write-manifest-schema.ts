import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { manifestJsonSchema } from "../src/policy/manifest-schema.ts";

const FILE = new URL("./tool-manifest.schema.json", import.meta.url);

/** The published schema as the file holds it. */
export function manifestSchemaPage(): string {
  return `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (!process.argv.includes("--check")) writeFileSync(FILE, manifestSchemaPage());
  else if (readFileSync(FILE, "utf8") !== manifestSchemaPage()) {
    process.stderr.write(
      "docs/tool-manifest.schema.json is out of step: run `node bin/run.js docs/write-manifest-schema.ts`.\n",
    );
    process.exitCode = 1;
  }
}
