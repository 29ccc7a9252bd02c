import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

/** The page's script and style sheet, ready to be served. */
export type Bundle = { readonly hash: string; readonly js: string; readonly css: string };

const WIDGET = fileURLToPath(new URL("./widget/", import.meta.url));
const PACKAGES = ["esbuild", "preact", "socket.io-client"];

/**
 * Bundles the widget in memory, or takes it from the cache when its sources and the packages in it are the same
 * as then. `cacheDir` is made when it is missing; a cache that cannot be written only costs time.
 */
export async function buildBundle(cacheDir: string): Promise<Bundle> {
  const hash = await hashOfSources();
  const cached = join(cacheDir, `widget-${hash}.json`);
  const known = await readCache(cached, hash);
  if (known) return known;
  const made = { hash, ...(await bundle()) };
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
    const { js, css } = JSON.parse(await readFile(path, "utf8")) as Partial<Bundle>;
    return typeof js === "string" && typeof css === "string" ? { hash, js, css } : null;
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
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  const entries = await readdir(WIDGET, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(`${file.slice(WIDGET.length)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 20);
}

/**
 * Parts of socket.io-client that this page never uses: WebTransport and polling, which the server does not speak,
 * and binary messages, which neither side sends. Leaving them out saves 3 kB of what everybody loads.
 */
const withoutUnused: Plugin = {
  name: "without-unused",
  setup(build) {
    const leaveOut = (filter: RegExp, contents: string) => build.onLoad({ filter }, () => ({ contents }));
    leaveOut(
      /engine\.io-client[\\/]build[\\/]esm[\\/]transports[\\/]webtransport\.js$/,
      "export class WT {}",
    );
    leaveOut(
      /engine\.io-client[\\/]build[\\/]esm[\\/]transports[\\/]polling-xhr\.js$/,
      "export class XHR {}",
    );
    leaveOut(
      /socket\.io-parser[\\/]build[\\/]esm[\\/]is-binary\.js$/,
      "export const isBinary = () => false; export const hasBinary = isBinary;",
    );
    leaveOut(
      /socket\.io-parser[\\/]build[\\/]esm[\\/]binary\.js$/,
      "export const deconstructPacket = (packet) => ({ packet, buffers: [] }); export const reconstructPacket = (packet) => packet;",
    );
  },
};

async function bundle(): Promise<Omit<Bundle, "hash">> {
  // Only loaded when there is something to bundle: it runs as a process of its own and costs 10 MB while it does.
  const esbuild = await import("esbuild");
  const common: BuildOptions = {
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "silent",
    absWorkingDir: WIDGET,
  };
  const text = (result: { outputFiles?: readonly { text: string }[] }) => result.outputFiles?.[0]?.text ?? "";
  try {
    const sheet = async (name: string) =>
      text(await esbuild.build({ ...common, entryPoints: [`look/${name}.css`] }));
    const [chatCss, css] = await Promise.all([sheet("chat"), sheet("page")]);
    const script = await esbuild.build({
      ...common,
      entryPoints: ["page.tsx"],
      format: "esm",
      jsx: "automatic",
      jsxImportSource: "preact",
      define: { "process.env.NODE_ENV": '"production"' },
      plugins: [
        withoutUnused,
        {
          // The chat's own style sheet as text, for its shadow root.
          name: "chat-css",
          setup(build) {
            build.onResolve({ filter: /^steward:chat\.css$/ }, ({ path }) => ({
              path,
              namespace: "steward",
            }));
            build.onLoad({ filter: /.*/, namespace: "steward" }, () => ({
              contents: `export const css = ${JSON.stringify(chatCss)};`,
            }));
          },
        },
      ],
    });
    return { js: text(script), css };
  } finally {
    await esbuild.stop();
  }
}
