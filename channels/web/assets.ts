import { readFile } from "node:fs/promises";
import type { IRouter, Response } from "express";
import { type Bundle, buildBundle } from "./bundle.ts";

export type PageOptions = {
  /** `demo`: two personas, chosen freely. `token`: one person who signs in. */
  readonly mode: "demo" | "token";
  /** E-mail addresses of the two personas to begin with; others can be chosen on the page. */
  readonly personas?: readonly [string, string] | undefined;
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

const FOREVER = "public, max-age=31536000, immutable";

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The page with the names of its parts and where it begins. */
export function renderPage(template: string, bundle: Bundle, page: PageOptions): string {
  const data: Record<string, string> = { mode: page.mode };
  if (page.personas) [data.left = "", data.right = ""] = page.personas;
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escapeHtml(value)}"`);
  const values: Record<string, string> = {
    "/assets/page.js": `/assets/page-${bundle.hash}.js`,
    "/assets/page.css": `/assets/page-${bundle.hash}.css`,
    'data-page=""': attributes.join(" "),
  };
  return template.replace(/\/assets\/page\.(?:js|css)|data-page=""/g, (name) => values[name] ?? name);
}

/** Builds the bundle at once and serves it; a request that comes earlier waits for it. */
export function createAssets(cacheDir: string, page: PageOptions) {
  const read = (name: string) => readFile(new URL(`./widget/${name}`, import.meta.url), "utf8");
  const ready = Promise.all([buildBundle(cacheDir), read("page.html"), read("look/icon.svg")]);
  // Told to whoever asks for it; without this line an early failure would end the process.
  ready.catch(() => {});

  const send = (response: Response, type: string, cache: string, body: string) => {
    response.set({ ...HEADERS, "Content-Type": type, "Cache-Control": cache });
    response.send(body);
  };

  return {
    /** Resolves when the page can be served; rejects when the widget cannot be bundled. */
    ready: ready.then(([bundle]) => bundle),
    mount(app: IRouter): void {
      app.get("/", async (_request, response) => {
        const [bundle, template] = await ready;
        response.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        send(response, "text/html; charset=utf-8", "no-cache", renderPage(template, bundle, page));
      });
      app.get("/assets/:name", async (request, response, next) => {
        const [bundle, , icon] = await ready;
        switch (request.params.name) {
          case `page-${bundle.hash}.js`:
            return send(response, "text/javascript; charset=utf-8", FOREVER, bundle.js);
          case `page-${bundle.hash}.css`:
            return send(response, "text/css; charset=utf-8", FOREVER, bundle.css);
          case "icon.svg":
            // An SVG opened by itself is a document: it may load and run nothing.
            response.set("Content-Security-Policy", "default-src 'none'; sandbox");
            return send(response, "image/svg+xml", "public, max-age=86400", icon);
          default:
            return next();
        }
      });
    },
  };
}
