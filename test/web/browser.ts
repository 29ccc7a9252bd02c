import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchChromium } from "../setup/chromium.ts";
import { createFakeServer, type FakeOptions, type FakeServer } from "./fake-server.ts";

export type OpenPage = {
  readonly page: Page;
  readonly left: Locator;
  readonly right: Locator;
  /** What went wrong in the page: thrown errors, refused scripts and styles, console errors. */
  readonly faults: string[];
  /** Requests that went anywhere but to the server under test. */
  readonly foreign: string[];
};

/** A browser with the stand-in server, for one test file. */
export async function createBrowserTest(chromiumPath: string) {
  const cacheDir = await mkdtemp(join(tmpdir(), "steward-widget-"));
  const browser: Browser = await launchChromium(chromiumPath);
  const servers: FakeServer[] = [];
  return {
    browser,
    async serve(options: Omit<FakeOptions, "cacheDir"> = {}): Promise<FakeServer> {
      const server = await createFakeServer({ ...options, cacheDir });
      servers.push(server);
      return server;
    },
    async open(server: FakeServer, options: BrowserContextOptions = {}, path = "/"): Promise<OpenPage> {
      const context = await browser.newContext({
        viewport: { width: 1_280, height: 860 },
        colorScheme: "light",
        reducedMotion: "reduce",
        locale: "en-GB",
        ...options,
      });
      context.setDefaultTimeout(12_000);
      const page = await context.newPage();
      const faults: string[] = [];
      const foreign: string[] = [];
      page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
      page.on("dialog", (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("console", (message) => {
        // Chromium itself reports every answer from 400 on; the page tells these in its own words.
        const isAnswer = /Failed to load resource|WebSocket connection|net::ERR/.test(message.text());
        if (message.type() === "error" && !isAnswer) faults.push(`console: ${message.text()}`);
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith("blob:"))
          foreign.push(request.url());
      });
      await page.goto(server.url + path);
      // Without what is only read aloud, which says the same once more.
      const left = page.locator("#pane-left .chat > :not([role=log])");
      const right = page.locator("#pane-right .chat > :not([role=log])");
      return { page, left, right, faults, foreign };
    },
    async closePages(): Promise<void> {
      for (const context of browser.contexts()) await context.close();
      for (const server of servers.splice(0)) await server.close();
    },
    async close(): Promise<void> {
      await browser.close();
      await rm(cacheDir, { recursive: true });
    },
  };
}

export type BrowserTest = Awaited<ReturnType<typeof createBrowserTest>>;

/** Writes a message in a pane and sends it by keyboard. */
export async function say(pane: Locator, text: string): Promise<void> {
  const field = pane.getByLabel("Message to Steward");
  await field.fill(text);
  await field.press("Enter");
}
