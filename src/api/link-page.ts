import { readFileSync } from "node:fs";
import express, { type Router } from "express";

const read = (name: string): string => readFileSync(new URL(`./link-page/${name}`, import.meta.url), "utf8");

/**
 * The page behind a one-time link (`/link/CODE`). It holds nothing of the link: whoever opens it signs in, asks the API
 * whose account it is, and confirms with a request that only this page can make.
 */
export function createLinkPage({ isDemo }: { readonly isDemo: boolean }): Router {
  const page = read("link.html").replace('data-mode="token"', `data-mode="${isDemo ? "demo" : "token"}"`);
  const files = [
    ["/link-assets/link.js", "text/javascript; charset=utf-8", read("link.js")],
    ["/link-assets/link.css", "text/css; charset=utf-8", read("link.css")],
    ["/link/:code", "text/html; charset=utf-8", page],
  ] as const;
  const router = express.Router();
  for (const [path, type, body] of files) {
    router.get(path, (_request, response) => {
      response.locals.route = path;
      response.set({ "Content-Type": type, "Cache-Control": "no-store" });
      // The window in which somebody signs in with a company account must be able to tell this page.
      if (type.startsWith("text/html"))
        response.set("Cross-Origin-Opener-Policy", "same-origin-allow-popups");
      response.send(body);
    });
  }
  return router;
}
