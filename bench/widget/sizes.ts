import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildBundle } from "../../channels/web/bundle.ts";

const run = promisify(execFile);
const INSTALL_MS = 240_000;
const gzipped = (text: string | Uint8Array) => gzipSync(text, { level: 9 }).length;

/** Other widgets, and how a page begins one. */
const PEERS = [
  { name: "deep-chat", packages: ["deep-chat@2.4.2"], code: 'import "deep-chat";' },
  {
    name: "@botpress/webchat",
    packages: ["@botpress/webchat@4.5.2", "react@18", "react-dom@18"],
    code: 'import * as webchat from "@botpress/webchat"; import { createRoot } from "react-dom/client"; globalThis.x = [webchat, createRoot];',
  },
  {
    name: "botframework-webchat",
    // Its own build replaces some packages by older spellings of them, which are not on the registry.
    packages: [
      ...["botframework-webchat@4.18.1", "react@18", "react-dom@18", "p-defer@4", "punycode@2"],
      ...["markdown-it-attrs@4", "abort-controller@3"],
    ],
    code: 'import * as webchat from "botframework-webchat"; globalThis.x = webchat;',
  },
] as const;

export async function measureSizes(home: string) {
  const { files, first, loader } = await buildBundle(join(home, "bundle"));
  const scripts = Object.entries(files).filter(([name]) => name.startsWith("part-"));
  const later = scripts.filter(([name]) => !first.includes(name));
  // A language is texts alone: a default export that stands on nothing.
  const isLanguage = (text: string) => !/^import/.test(text) && text.includes("as default");
  const of = (name: string) => gzipped(files[name] ?? "");
  /** What draws the pages of a PDF as they look; comes with the first PDF that somebody opens. */
  const drawing = Object.keys(files).filter((name) => name.startsWith("pdfjs-"));
  return {
    loader: gzipped(loader),
    first: first.reduce((sum, name) => sum + of(name), gzipped(loader)),
    drawing: drawing.reduce((sum, name) => sum + of(name), 0),
    later: later.filter(([, text]) => !isLanguage(text)).reduce((sum, [name]) => sum + of(name), 0),
    languages: Math.max(0, ...later.filter(([, text]) => isLanguage(text)).map(([name]) => of(name))),
  };
}

/** Sizes of other widgets; one that cannot be installed here is null. */
export async function measurePeers(home: string, notes: string[]): Promise<Record<string, number | null>> {
  const measured: Record<string, number | null> = {};
  for (const { name, packages, code } of PEERS) {
    const place = join(home, name.replaceAll(/\W/g, "-"));
    try {
      await mkdir(place, { recursive: true });
      await writeFile(join(place, "package.json"), '{"private":true}');
      await writeFile(join(place, "entry.js"), code);
      const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];
      await run("npm", ["install", ...flags, ...packages], { cwd: place, timeout: INSTALL_MS });
      const { outputFiles } = await build({
        absWorkingDir: place,
        entryPoints: ["entry.js"],
        bundle: true,
        minify: true,
        write: false,
        format: "esm",
        outdir: join(place, "out"),
        legalComments: "none",
        target: ["chrome123", "firefox120", "safari17.5"],
        define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
        alias: {
          "p-defer-es5": "p-defer",
          "markdown-it-attrs-es5": "markdown-it-attrs",
          "abort-controller-es5": "abort-controller",
        },
        loader: { ".svg": "text", ".woff2": "empty", ".png": "empty" },
        logLevel: "silent",
      });
      measured[name] = outputFiles.reduce((sum, file) => sum + gzipped(file.contents), 0);
    } catch (error) {
      measured[name] = null;
      notes.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  return measured;
}
