import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorsPage } from "../../docs/write-errors.ts";
import { ERRORS, type ErrorEntry } from "../../src/types/error-catalogue.ts";
import { sourceFiles } from "./source-files.ts";

const entries = Object.entries<ErrorEntry>(ERRORS);

test("docs/errors.md is in step with the catalogue", () => {
  const written = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  expect(written === errorsPage(), "run: node bin/run.js docs/write-errors.ts").toBe(true);
});

test("every code has its form, a fitting status, and words for people", () => {
  for (const [code, { status, title, remedy }] of entries) {
    expect(code).toMatch(/^[A-Z]{3,4}-\d{3}$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    for (const text of [title, remedy]) {
      expect(text).toMatch(/^[A-Z`].*\.$/);
      expect(text).not.toContain("!");
    }
  }
  expect(entries.map(([code]) => code)).toEqual(entries.map(([code]) => code).sort());
});

test("every code is used, and every code used is in the catalogue", () => {
  const known = new Set(entries.map(([code]) => code));
  const used = new Set<string>();
  const prefixes = new Set(entries.map(([code]) => code.split("-")[0]));
  for (const { path, text } of sourceFiles(["src", "channels", "tools"])) {
    if (path.endsWith("error-catalogue.ts")) continue;
    for (const [code] of text.matchAll(/\b[A-Z]{3,4}-\d{3}\b/g)) {
      if (prefixes.has(code.split("-")[0] ?? "")) used.add(code);
    }
  }
  expect([...used].filter((code) => !known.has(code))).toEqual([]);
  expect([...known].filter((code) => !used.has(code))).toEqual([]);
});
