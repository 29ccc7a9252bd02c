import { readFile } from "node:fs/promises";
import type axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest } from "./browser.ts";
import { dealItem } from "./cards.ts";
import type { FakeServer } from "./fake-server.ts";
import { createHostPage, type HostPage, pageToken, strictPolicy } from "./host-page.ts";
import { BEN, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("the widget on other people's pages");
const HOSTILE =
  "* { all: unset !important; font-size: 40px !important } div, steward-chat, button { display: none !important } html { font-size: 60px }";

describe.skipIf(chromiumPath === null)("the widget on a host page", () => {
  let browser: BrowserTest;
  let host: HostPage;
  let server: FakeServer;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  beforeEach(async () => {
    host = await createHostPage();
    host.state.person = BEN.id;
    server = await browser.serve({ mode: "token", sites: [host.origin], reply: playScenes(2) });
  });
  afterEach(async () => {
    await browser.closePages();
    await host.close();
  });
  afterAll(() => browser.close());

  /** A page with the script tag as docs/widget.md has it. */
  async function open(
    {
      attributes = "",
      before = "",
      head = "",
      body = "<main><h1>Intranet</h1><button id=own>Own</button></main>",
    } = {},
    options: BrowserContextOptions = {},
  ) {
    host.state.html = `${head}
      <script nonce="n1">window.Steward = window.Steward || []; window.seen = [];
        Steward.push(["identify", async () => (await fetch("/token")).text()]);
        for (const name of ["ready", "open", "close", "message", "approval", "unread", "error"])
          Steward.push(["on", name, (detail) => seen.push([name, detail])]); ${before}</script>
      <script nonce="n1" async src="${server.url}/widget.js" data-steward ${attributes}></script></head><body>${body}`;
    const context = await browser.browser.newContext({
      viewport: { width: 1_000, height: 800 },
      locale: "en-GB",
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      const isAnswer = /Failed to load resource|WebSocket connection|net::ERR/.test(message.text());
      if (message.type() === "error" && !isAnswer) faults.push(message.text());
    });
    await page.goto(host.origin);
    return {
      page,
      faults,
      seen: () => page.evaluate(() => (globalThis as unknown as { seen: [string, unknown][] }).seen),
    };
  }
  const launcher = (page: Page) =>
    page.locator("steward-chat > button.launcher, steward-chat .launcher").first();
  const field = (page: Page) => page.getByLabel("Message to Steward");
  const names = async (seen: () => Promise<[string, unknown][]>) => (await seen()).map(([name]) => name);

  test("works under the strictest policy: no inline style, no eval, Trusted Types, no exception", async () => {
    host.state.policy = strictPolicy(server.url);
    const { page, faults, seen } = await open();
    await launcher(page).click();
    await field(page).fill("How many days of leave?");
    await field(page).press("Enter");
    await page.getByRole("list", { name: "Sources" }).waitFor();
    await page.getByRole("button", { name: "Source 1" }).click();
    await page.locator("mark").waitFor();
    expect(faults).toEqual([]);
    expect(await names(seen)).toEqual(expect.arrayContaining(["open", "ready", "message"]));
    const [, ready] = (await seen()).find(([name]) => name === "ready") ?? [];
    expect(ready).toEqual({ person: BEN.id });
    // What happened before the page was opened is not told as new; what is said now is told once.
    const told = (await seen())
      .filter(([name]) => name === "message")
      .map(([, detail]) => (detail as { id: string }).id);
    expect(new Set(told).size).toBe(told.length);
  });

  test("a page with hostile style does not harm it, nor the button, nor the host element", async () => {
    const { page } = await open({ head: `<style>${HOSTILE}</style>` });
    const box = await launcher(page).boundingBox();
    expect(box).toMatchObject({ width: 56, height: 56 });
    expect((box?.x ?? 0) + 56).toBeGreaterThan(900);
    await launcher(page).click();
    await field(page).waitFor();
    const look = await field(page).evaluate((element) => {
      const style = getComputedStyle(element);
      return [style.fontSize, style.display, element.getBoundingClientRect().width > 200];
    });
    expect(look).toEqual(["15px", expect.stringMatching(/block/), true]);
    const panel = await page.locator("steward-chat .panel").boundingBox();
    expect(panel).toMatchObject({ width: 400 });
  });

  test("the keyboard alone opens it, stays inside, and Esc gives the focus back", async () => {
    const { page, seen } = await open();
    await launcher(page).focus();
    await page.keyboard.press("Enter");
    await field(page).waitFor();
    await vi.waitFor(async () => expect(await field(page).evaluate((e) => e.matches(":focus"))).toBe(true));
    for (let i = 0; i < 25; i++) await page.keyboard.press(i % 7 === 6 ? "Shift+Tab" : "Tab");
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("steward-chat");
    await page.keyboard.press("Escape");
    expect(await launcher(page).evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await page.locator("steward-chat .panel").isVisible()).toBe(false);
    expect(await launcher(page).getAttribute("aria-expanded")).toBe("false");
    expect(await names(seen)).toContain("close");
  });

  test("calls from before it was there are done in order, and sending opens it", async () => {
    const { page, seen } = await open({ before: 'Steward.push(["send", "How many days of leave?"]);' });
    await page.getByRole("list", { name: "Sources" }).waitFor();
    await page.evaluate(() => {
      const { Steward } = globalThis as unknown as { Steward: { toggle(): void; close(): void } };
      Steward.toggle();
    });
    expect(await page.locator("steward-chat .panel").isVisible()).toBe(false);
    expect(await names(seen)).toEqual(expect.arrayContaining(["open", "message", "close"]));
    expect(server.store.sessions.size).toBe(1);
  });

  test("what comes while it is closed is counted on the button until it is opened", async () => {
    const { page } = await open();
    await launcher(page).click();
    await field(page).fill("How many days of leave?");
    await field(page).press("Enter");
    await page.getByRole("list", { name: "Sources" }).waitFor();
    await page.keyboard.press("Escape");
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    await server.say(session, newId("trn"), "One more thing.");
    await page.getByRole("button", { name: "Steward (1)" }).click();
    await page.getByText("One more thing.").first().waitFor();
    await vi.waitFor(async () => expect(await launcher(page).getAttribute("aria-label")).toBe("Steward"));
  });

  test("a token is renewed by itself before it ends, and nobody notices", async () => {
    host.state.seconds = 7;
    const { page, faults } = await open({ attributes: "data-open" });
    await field(page).waitFor();
    await vi.waitFor(() => expect(host.state.asked).toBeGreaterThan(1), 9_000);
    await field(page).fill("How many days of leave?");
    await field(page).press("Enter");
    await page.getByRole("list", { name: "Sources" }).waitFor();
    expect(faults).toEqual([]);
    expect(await page.getByText("no longer signed in").count()).toBe(0);
  });

  test("an ended token is replaced on the way, and what was sent goes once", async () => {
    const { page } = await open({ attributes: "data-open" });
    await field(page).waitFor();
    await page.evaluate(
      (token) => {
        let first = true;
        const { Steward } = globalThis as unknown as {
          Steward: { identify(get: () => Promise<string>): void };
        };
        Steward.identify(async () => {
          if (first) {
            first = false;
            return token;
          }
          return await (await fetch("/token")).text();
        });
      },
      pageToken(BEN.id, -100),
    );
    await field(page).fill("How many days of leave?");
    await field(page).press("Enter");
    await page.getByRole("list", { name: "Sources" }).waitFor();
    expect(
      server.requests.filter((each) => each.path.endsWith("/messages") && each.method === "POST").length,
    ).toBeLessThan(3);
    expect([...server.store.sessions.values()]).toHaveLength(1);
  });

  test("signing out takes everything away; somebody else sees their own", async () => {
    const { page } = await open({ attributes: "data-open" });
    await field(page).fill("How many days of leave?");
    await field(page).press("Enter");
    await page.getByRole("list", { name: "Sources" }).waitFor();
    await page.evaluate(() =>
      (globalThis as unknown as { Steward: { identify(x: null): void } }).Steward.identify(null),
    );
    await vi.waitFor(async () => expect(await field(page).count()).toBe(0));
    expect(await page.getByText("How many days").count()).toBe(0);
    await page.evaluate(
      (token) =>
        (globalThis as unknown as { Steward: { identify(x: string): void } }).Steward.identify(token),
      pageToken(SOFIA.id),
    );
    await page.getByText("Good to see you, Sofia").waitFor();
    expect(await page.getByText("How many days of leave?", { exact: true }).count()).toBeLessThan(2);
  });

  test("a page that says nobody's name, and one that may not show it, are told so in words", async () => {
    host.state.html = `<script nonce="n1">window.seen = []; window.Steward = [["on", "error", (e) => seen.push(e.code)]]</script>
      <script async src="${server.url}/widget.js" data-steward data-open></script></head><body>`;
    const page = await browser.browser.newPage();
    await page.goto(host.origin);
    await page.getByText("has not said who you are").waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([
      "IDN-400",
    ]);
  });

  test("several chats stand on one page, each for itself", async () => {
    const { page } = await open({
      body: '<div id="a"></div><div id="b"></div>',
      head: "<style>#a,#b{height:360px;width:420px}</style>",
      before: `Steward.push(["mount", "#a", { title: "One" }]);`,
    });
    await page.evaluate(
      ([ben, sofia]) => {
        type Mounted = { identify(token: string): void; destroy(): void };
        const place = globalThis as unknown as {
          Steward: { mount(at: string, options: object): Mounted };
          made: Mounted;
        };
        place.Steward.mount("#a", {}).identify(ben);
        place.made = place.Steward.mount("#b", {});
        place.made.identify(sofia);
      },
      [pageToken(BEN.id), pageToken(SOFIA.id)] as const,
    );
    await page.locator("#a").getByText("Good to see you, Ben").waitFor();
    await page.locator("#b").getByText("Good to see you, Sofia").waitFor();
    await page.evaluate(() => (globalThis as unknown as { made: { destroy(): void } }).made.destroy());
    expect(await page.locator("#b steward-chat").count()).toBe(0);
    expect(await page.locator("#a").getByText("Good to see you, Ben").count()).toBe(1);
  });

  test("on a phone it fills the screen and can be closed", async () => {
    const { page } = await open(
      {},
      { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true },
    );
    await launcher(page).tap();
    await field(page).waitFor();
    expect(await page.locator("steward-chat .panel").boundingBox()).toEqual({
      x: 0,
      y: 0,
      width: 375,
      height: 700,
    });
    await page.getByRole("button", { name: "Close" }).first().click();
    expect(await page.locator("steward-chat .panel").isVisible()).toBe(false);
  });

  test("attributes choose side, palette, colour, language and title, and the colour can be read on", async () => {
    const { page } = await open({
      attributes:
        'data-position="left" data-theme="dark" data-accent="#ffe066" data-language="de" data-title="Frag Steward" data-open',
    });
    await page.getByRole("dialog", { name: "Frag Steward" }).waitFor();
    const look = await launcher(page).evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return { left: element.getBoundingClientRect().left, backgroundColor, color };
    });
    expect(look.left).toBeLessThan(40);
    expect(look.backgroundColor).toBe("rgb(255, 224, 102)");
    expect(look.color).toMatch(/oklch\(0 |rgb\(0, 0, 0\)/);
    await page.getByLabel("Nachricht an Steward").waitFor();
  });

  test("an approval is decided on the host page, and the page is told how many wait", async () => {
    host.state.person = SOFIA.id;
    const { page, seen } = await open({ attributes: "data-open" });
    await field(page).waitFor();
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Change the deal", [dealItem()]);
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("Approved by you").waitFor();
    expect((await seen()).filter(([name]) => name === "approval").map(([, count]) => count)).toContain(1);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`nothing of it breaks a rule of accessibility, ${colorScheme}`, async () => {
      const { page } = await open({}, { colorScheme });
      await page.evaluate(await readFile(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
      const check = () =>
        page.evaluate(async () => {
          const run = await (globalThis as unknown as { axe: typeof axe }).axe.run("steward-chat", {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            rules: { region: { enabled: false } },
          });
          return run.violations.flatMap((each) =>
            each.nodes.map((node) => `${each.id} ${node.target.join(" ")}`),
          );
        });
      await launcher(page).waitFor();
      expect(await check()).toEqual([]);
      await launcher(page).click();
      await page.getByText("Good to see you").waitFor();
      expect(await check()).toEqual([]);
    });
  }
});
