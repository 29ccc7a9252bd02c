import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bundle, buildBundle } from "../../channels/web/bundle.ts";

let cacheDir: string;
let bundle: Bundle;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "steward-size-"));
  bundle = await buildBundle(cacheDir);
});
afterAll(async () => await rm(cacheDir, { recursive: true }));

const gzipped = (text: string | undefined) => gzipSync(text ?? "", { level: 9 }).length;

test("the script that a host page loads is at most 3 kB", () => {
  expect(gzipped(bundle.loader)).toBeLessThanOrEqual(3_000);
});
test("opening the widget loads at most 40 kB, the loader included", () => {
  const first = bundle.first.map((name) => gzipped(bundle.files[name]));
  expect(first.reduce((a, b) => a + b, gzipped(bundle.loader))).toBeLessThanOrEqual(40_000);
});
test("each file's name changes with what is in it, and the first ones are all there", () => {
  for (const name of Object.keys(bundle.files)) expect(name).toMatch(/^[a-z-]+-[0-9A-Za-z]{8}\.(?:js|css)$/);
  expect(bundle.first[0]).toBe(bundle.embed);
  for (const name of [bundle.page, bundle.css, ...bundle.first]) expect(bundle.files[name]).toBeTruthy();
  for (const name of bundle.first) expect(bundle.loader).toContain(name);
});
test("what draws a PDF comes with the first one that is opened, in a part of its own", () => {
  const parts = Object.keys(bundle.files).filter((name) =>
    bundle.files[name]?.includes("AnnotationEditorLayer"),
  );
  expect(parts).toHaveLength(1);
  for (const name of [bundle.page, ...bundle.first]) expect(parts).not.toContain(name);
});
test("what only the demo page needs is not loaded by the widget", () => {
  const first = bundle.first.map((name) => bundle.files[name]).join("");
  expect(first.includes("personas-of-the-demo-page") || /"tablist"/.test(first)).toBe(false);
});
