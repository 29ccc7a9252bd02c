import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { IRouter, Request, Response } from "express";
import { type Bundle, buildBundle } from "./bundle.ts";

export type PageOptions = {
  /** `demo`: two personas, chosen freely. `token`: one person who signs in. */
  readonly mode: "demo" | "token";
  /** E-mail addresses of the two personas to begin with; others can be chosen on the page. */
  readonly personas?: readonly [string, string] | undefined;
  /** Mints a token for the example of an embedding page, as a host page's own server does; null shows no example. */
  readonly exampleToken?: ((request: IncomingMessage) => Promise<string>) | null | undefined;
};

/**
 * Nothing inline, nothing from elsewhere, no eval. `connect-src 'self'` covers the socket on the same origin;
 * `base-uri` and `form-action` close the ways around it.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** What host pages load from here; it holds nothing of anybody's. */
const PUBLIC = {
  "X-Content-Type-Options": "nosniff",
  "Access-Control-Allow-Origin": "*",
  "Cross-Origin-Resource-Policy": "cross-origin",
} as const;

const FOREVER = "public, max-age=31536000, immutable";
/** The loader's name stays, its content does not: host pages get a new one within minutes. */
const MINUTES = "public, max-age=300, stale-while-revalidate=86400";
const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css" };

/** The best compression of what draws a PDF would take seconds, for 5 % less. */
const LARGE_CHARS = 500_000;

const compress = {
  br: async (text: string) =>
    await promisify(brotliCompress)(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: text.length > LARGE_CHARS ? 9 : 11 },
    }),
  gzip: async (text: string) => await promisify(gzip)(text, { level: 9 }),
};
type Encoding = keyof typeof compress;

/** Compresses a file the first time that somebody asks for it so, and keeps it: they are few and never change. */
function createCompressed() {
  const kept = new Map<string, Promise<Buffer>>();
  return (name: string, encoding: Encoding, text: string): Promise<Buffer> => {
    const key = `${encoding} ${name}`;
    const known = kept.get(key) ?? compress[encoding](text);
    kept.set(key, known);
    return known;
  };
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The strictest policy under which the widget works; what a careful host page would send. */
export function examplePolicy(nonce: string, steward = "'self'"): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${steward}`,
    `connect-src ${steward}`,
    "style-src 'none'",
    `img-src ${steward}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The page with the names of its parts and where it begins. */
export function renderPage(
  template: string,
  bundle: Pick<Bundle, "page" | "css">,
  page: PageOptions,
): string {
  const data: Record<string, string> = { mode: page.mode };
  if (page.personas) [data.left = "", data.right = ""] = page.personas;
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escapeHtml(value)}"`);
  const values: Record<string, string> = {
    "/assets/page.js": `/assets/${bundle.page}`,
    "/assets/page.css": `/assets/${bundle.css}`,
    'data-page=""': attributes.join(" "),
  };
  return template.replace(/\/assets\/page\.(?:js|css)|data-page=""/g, (name) => values[name] ?? name);
}

/** Builds the bundle at once and serves it; a request that comes earlier waits for it. */
export function createAssets(cacheDir: string, page: PageOptions) {
  const read = (name: string) => readFile(new URL(`./${name}`, import.meta.url), "utf8");
  const ready = Promise.all([
    buildBundle(cacheDir),
    read("widget/page.html"),
    read("widget/look/icon.svg"),
    read("loader/example.html"),
  ]);
  // Told to whoever asks for it; without this line an early failure would end the process.
  ready.catch(() => {});

  const send = (response: Response, type: string, cache: string, body: string) => {
    response.set({ ...HEADERS, "Content-Type": `${type}; charset=utf-8`, "Cache-Control": cache });
    response.send(body);
  };

  const compressed = createCompressed();
  /** A file for any page, in the smallest form that the browser reads. */
  const sendFile = async (
    request: Request,
    response: Response,
    type: string,
    cache: string,
    name: string,
    text: string,
  ) => {
    const found = request.acceptsEncodings("br", "gzip");
    response.set({ ...PUBLIC, "Content-Type": `${type}; charset=utf-8`, "Cache-Control": cache });
    response.vary("Accept-Encoding");
    if (found !== "br" && found !== "gzip") return void response.send(text);
    response.set("Content-Encoding", found);
    response.send(await compressed(name, found, text));
  };

  return {
    /** Resolves when the page can be served; rejects when the widget cannot be bundled. */
    ready: ready.then(([bundle]) => bundle),
    mount(app: IRouter): void {
      app.get("/", async (_request, response) => {
        const [bundle, template] = await ready;
        response.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        send(response, "text/html", "no-cache", renderPage(template, bundle, page));
      });
      app.get("/widget.js", async (request, response) => {
        const [bundle] = await ready;
        await sendFile(request, response, "text/javascript", MINUTES, "widget.js", bundle.loader);
      });
      app.get("/assets/:name", async (request, response, next) => {
        const [bundle, , icon] = await ready;
        const { name } = request.params;
        if (name === "icon.svg") {
          // An SVG opened by itself is a document: it may load and run nothing.
          response.set("Content-Security-Policy", "default-src 'none'; sandbox");
          return send(response, "image/svg+xml", "public, max-age=86400", icon);
        }
        const file = Object.hasOwn(bundle.files, name) ? bundle.files[name] : undefined;
        const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
        if (file === undefined || type === undefined) return next();
        await sendFile(request, response, type, FOREVER, name, file);
      });
      const { exampleToken } = page;
      if (!exampleToken) return;
      app.get("/widget-example", async (_request, response) => {
        const [, , , template] = await ready;
        const nonce = randomBytes(16).toString("base64");
        response.set("Content-Security-Policy", examplePolicy(nonce));
        send(response, "text/html", "no-store", template.replaceAll("NONCE", nonce));
      });
      app.get("/widget-example/token", async (request, response) => {
        send(response, "text/plain", "no-store", await exampleToken(request));
      });
    },
  };
}
