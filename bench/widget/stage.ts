import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { createFakeServer, type FakeOptions, type FakeServer } from "../../test/web/fake-server.ts";
import { createHostPage, type HostPage } from "../../test/web/host-page.ts";
import { BEN } from "../../test/web/people.ts";

export type Stage = {
  readonly server: FakeServer;
  readonly host: HostPage;
  /** A page of the host with the widget on it, not yet gone to. */
  page(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
};

/** A stand-in server, and somebody else's page that shows the widget from it. */
export async function createStage(
  browser: Browser,
  home: string,
  {
    attributes = "data-open",
    person = BEN.id,
    ...options
  }: Partial<FakeOptions> & { attributes?: string; person?: string } = {},
): Promise<Stage> {
  const host = await createHostPage();
  const server = await createFakeServer({
    mode: "token",
    sites: [host.origin],
    cacheDir: join(home, "bundle"),
    ...options,
  });
  host.state.person = person;
  host.state.html = widgetHtml(server.url, attributes);
  return {
    server,
    host,
    page: async (given = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1_000, height: 800 },
        locale: "en-GB",
        ...given,
      });
      context.setDefaultTimeout(30_000);
      return await context.newPage();
    },
    close: async () => {
      for (const context of browser.contexts()) await context.close();
      await server.close();
      await host.close();
    },
  };
}

export const widgetHtml = (url: string, attributes: string) => `
  <script>window.seen = []; window.Steward = [
    ["identify", async () => (await fetch("/token")).text()],
    ["on", "message", (message) => seen.push(message.id)]];</script>
  <script async src="${url}/widget.js" data-steward ${attributes}></script></head><body><main><h1>Intranet</h1></main></body>`;
