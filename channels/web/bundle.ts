import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, BuildResult, Metafile, Plugin } from "esbuild";
import { z } from "zod";

const bundle = z.strictObject({
  hash: z.string(),
  /** Everything under `/assets/`, by names that change with the content. */
  files: z.record(z.string(), z.string()),
  /** Names of the files that something begins with. */
  page: z.string(),
  css: z.string(),
  embed: z.string(),
  /** What `embed` loads at once, itself included; the rest comes when it is first needed. */
  first: z.array(z.string()),
  /** The script that host pages name; it has no hash, because their pages do not change with ours. */
  loader: z.string(),
});
/** The page and the widget, ready to be served. */
export type Bundle = z.infer<typeof bundle>;

const HERE = fileURLToPath(new URL("./", import.meta.url));
const SOURCES = ["widget", "loader"];
const PACKAGES = ["esbuild", "preact"];
const PDF_LIBRARY = fileURLToPath(import.meta.resolve("unpdf/pdfjs"));

/**
 * Bundles the widget in memory, or takes it from the cache when its sources and the packages in it are the same
 * as then. `cacheDir` is made when it is missing; a cache that cannot be written only costs time.
 */
export async function buildBundle(cacheDir: string): Promise<Bundle> {
  const hash = await hashOfSources();
  const cached = join(cacheDir, `widget-${hash}.json`);
  const known = await readCache(cached, hash);
  if (known) return known;
  const made = { hash, ...(await build()) };
  try {
    await mkdir(cacheDir, { recursive: true });
    // Written beside and renamed: a crash or a second server never leaves half a bundle.
    const beside = `${cached}.${process.pid}`;
    await writeFile(beside, JSON.stringify(made));
    await rename(beside, cached);
  } catch {
    // A read-only directory is no reason not to serve.
  }
  return made;
}

async function readCache(path: string, hash: string): Promise<Bundle | null> {
  try {
    const read = bundle.safeParse(JSON.parse(await readFile(path, "utf8")));
    return read.success && read.data.hash === hash ? read.data : null;
  } catch {
    return null;
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    const { version } = require(`${name}/package.json`) as { version: string };
    hash.update(`${name}@${version}\n`);
  }
  // It does not show its version to others.
  hash.update(await readFile(PDF_LIBRARY));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  const lists = await Promise.all(
    SOURCES.map(async (name) => await readdir(join(HERE, name), { recursive: true, withFileTypes: true })),
  );
  const files = lists.flat().flatMap((each) => (each.isFile() ? [join(each.parentPath, each.name)] : []));
  for (const file of files.sort()) {
    hash.update(`${file.slice(HERE.length)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 20);
}

/**
 * A part that comes later is made to stand on the whole chat, not on the few modules that it shares with it. Left to
 * itself, the bundler would cut the chat into one file for each set of parts that share something: more requests, and
 * 2 kB more after compression.
 */
const partsStandOnTheChat: Plugin = {
  name: "parts-stand-on-the-chat",
  setup(build) {
    const chat = join(HERE, "widget/embed.tsx");
    const parts = new Set([join(HERE, "widget/page.tsx")]);
    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind === "dynamic-import" && /\.tsx?$/.test(path)) parts.add(join(resolveDir, path));
      return null;
    });
    build.onLoad({ filter: /widget[\\/].*\.tsx?$/ }, async ({ path }) => {
      if (!parts.has(path)) return null;
      const contents = `${await readFile(path, "utf8")}\nimport ${JSON.stringify(chat)};`;
      return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};

async function build(): Promise<Omit<Bundle, "hash">> {
  // Only loaded when there is something to bundle: it runs as a process of its own and costs 10 MB while it does.
  const esbuild = await import("esbuild");
  const common = {
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "silent",
    absWorkingDir: HERE,
  } satisfies BuildOptions;
  const text = (result: BuildResult) => result.outputFiles?.[0]?.text ?? "";
  try {
    const sheet = async (name: string) =>
      text(await esbuild.build({ ...common, entryPoints: [`widget/look/${name}.css`] }));
    const sheets = { chat: await sheet("chat"), panel: await sheet("panel") };
    const css = await sheet("page");
    const pdf = await readFile(PDF_LIBRARY, "utf8");
    const pdfName = `pdfjs-${createHash("sha256").update(pdf).digest("hex").slice(0, 8)}.js`;
    const script = await esbuild.build({
      ...common,
      entryPoints: ["widget/page.tsx", "widget/embed.tsx"],
      format: "esm",
      splitting: true,
      outdir: "out",
      entryNames: "[name]-[hash]",
      chunkNames: "part-[hash]",
      metafile: true,
      jsx: "automatic",
      jsxImportSource: "preact",
      define: { "process.env.NODE_ENV": '"production"' },
      plugins: [
        partsStandOnTheChat,
        {
          // Minified already: served as it is, since going through its 1.6 MB would take most of the bundler's time.
          name: "pdf-library",
          setup(build) {
            build.onResolve({ filter: /^unpdf\/pdfjs$/ }, () => ({ path: `./${pdfName}`, external: true }));
          },
        },
        {
          // Style sheets as text, for the chat's shadow root.
          name: "sheets",
          setup(build) {
            build.onResolve({ filter: /^steward:(?:chat|panel)\.css$/ }, ({ path }) => ({
              path,
              namespace: "steward",
            }));
            build.onLoad({ filter: /.*/, namespace: "steward" }, ({ path }) => ({
              contents: `export const css = ${JSON.stringify(path.includes("chat") ? sheets.chat : sheets.panel)};`,
            }));
          },
        },
      ],
    });
    const files = Object.fromEntries(script.outputFiles.map((file) => [basename(file.path), file.text]));
    const cssName = `page-${createHash("sha256").update(css).digest("hex").slice(0, 8)}.css`;
    const first = loadedFirst(script.metafile, "widget/embed.tsx");
    const loader = await esbuild.build({
      ...common,
      entryPoints: ["loader/loader.ts"],
      format: "iife",
      define: { FILES: JSON.stringify(first) },
    });
    return {
      files: { ...files, [cssName]: css, [pdfName]: pdf },
      page: loadedFirst(script.metafile, "widget/page.tsx")[0] ?? "",
      css: cssName,
      embed: first[0] ?? "",
      first,
      loader: text(loader),
    };
  } finally {
    await esbuild.stop();
  }
}

/** Names of the files that an entry loads before it does anything; the entry's own is the first. */
function loadedFirst(metafile: Metafile, entry: string): string[] {
  const [start = ""] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
  const found = new Set<string>();
  const follow = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement") follow(next);
    }
  };
  follow(start);
  return [...found].map((path) => basename(path));
}
