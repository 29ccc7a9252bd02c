import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ERRORS, type ErrorEntry } from "../src/types/error-catalogue.ts";

const FILE = new URL("./errors.md", import.meta.url);

/** The page of all error codes, made from the catalogue. */
export function errorsPage(): string {
  const rows = Object.entries<ErrorEntry>(ERRORS).map(
    ([code, { status, title, remedy }]) =>
      `| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${status} | ${cell(title)} | ${cell(remedy)} |`,
  );
  return [
    "# Error codes",
    "",
    "Every error that Steward shows carries one of these codes: in a problem+json answer as `code`, on the command",
    "line in brackets at the end. This page is written from `src/types/error-catalogue.ts` by",
    "`node bin/run.js docs/write-errors.ts`; `npm run check` fails when the two differ.",
    "",
    "| code | HTTP | what happened | what to do |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const cell = (text: string) => text.replaceAll("|", "\\|");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (!process.argv.includes("--check")) writeFileSync(FILE, errorsPage());
  else if (readFileSync(FILE, "utf8") !== errorsPage()) {
    process.stderr.write("docs/errors.md is out of step: run `node bin/run.js docs/write-errors.ts`.\n");
    process.exitCode = 1;
  }
}
