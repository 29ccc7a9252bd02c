import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest } from "./browser.ts";
import { dealItem } from "./cards.ts";
import type { FakeServer } from "./fake-server.ts";
import type { FakeSession } from "./fake-store.ts";
import { createHostPage } from "./host-page.ts";
import { BEN } from "./people.ts";
import { XSS_VECTORS } from "./xss-vectors.ts";

const chromiumPath = await chromiumOrSkip("that no kind of hostile text runs anything");
/** Vectors shown together; fewer than the rows that the page draws. */
const BATCH = 45;
const BATCHES = XSS_VECTORS.flatMap(({ kind, texts }) =>
  Array.from({ length: Math.ceil(texts.length / BATCH) }, (_, i) => ({
    name: `${kind}, part ${i + 1}`,
    texts: texts.slice(i * BATCH, (i + 1) * BATCH),
  })),
);

type Caught = { pwned: number; reports: string[]; foreign: string[] };

/** Leaves a mark when anything runs, and keeps every report of a policy and every request to elsewhere. */
async function watch(page: Page, own: readonly string[]): Promise<Caught> {
  const caught: Caught = { pwned: 0, reports: [], foreign: [] };
  await page.exposeFunction("__mark", () => caught.pwned++);
  await page.exposeFunction("__report", (text: string) => caught.reports.push(text));
  await page.addInitScript(() => {
    const here = globalThis as unknown as Record<string, (text?: string) => void>;
    for (const name of ["__pwned", "alert", "confirm", "prompt"]) here[name] = () => here.__mark?.();
    addEventListener("securitypolicyviolation", (event) =>
      here.__report?.(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!own.some((origin) => url.startsWith(origin))) caught.foreign.push(url.slice(0, 200));
  });
  return caught;
}

/** Elements, attributes and addresses that can only come from text that was taken for more. */
async function foreignParts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const roots: ParentNode[] = [
      document,
      ...[...document.querySelectorAll("*")].flatMap((each) => each.shadowRoot ?? []),
    ];
    const inChat = roots
      .flatMap((root) => [...root.querySelectorAll("*")])
      .filter((each) => each.closest(".chat"));
    for (const each of inChat) {
      for (const type of ["mouseover", "pointerenter", "focusin", "animationstart", "toggle"])
        each.dispatchEvent(new Event(type, { bubbles: false }));
    }
    const known = new Set(
      `a article aside b bdi blockquote br button canvas code dd div dl dt em figure footer form h2 h3 h4 h5 h6 header hr
       input label li mark ol option p path pre progress rect s section select span strong svg table tbody td text
       textarea th thead time tr ul`.split(/\s+/),
    );
    return inChat
      .filter((each) => {
        const names = each.getAttributeNames();
        if (!known.has(each.localName)) return true;
        if (names.some((name) => /^on|^srcdoc$|^src|^action$|^formaction$|^ping$|^xlink|^is$/.test(name)))
          return true;
        if (names.includes("style") && each.localName !== "textarea") return true;
        const isLink = each.localName === "a";
        if (names.includes("href") && !isLink) return true;
        return isLink && !/^(?:https?:\/\/(?!\w+@)|mailto:)/.test(each.getAttribute("href") ?? "");
      })
      .map((each) => each.outerHTML.slice(0, 160));
  });
}

/** Puts the texts wherever words from elsewhere are shown. */
async function fill(server: FakeServer, session: FakeSession, texts: readonly string[]): Promise<void> {
  const all = texts.join("\n\n");
  for (const text of texts) {
    await server.say(session, "t", text, {
      note: text,
      citations: [{ document: "d", title: text, passage: "p", quote: text }],
      files: [{ id: newId("fil"), name: text, mediaType: "application/pdf", bytes: 1 }],
    });
  }
  await server.say(session, "t", all, { author: { id: all, name: all, isAssistant: false } });
  await server.turn(session, newId("trn"), "failed", null, { code: texts[0] ?? "", message: all });
  const items = texts.slice(0, 12).map((text, i) =>
    dealItem({
      ...{ action: newId("act"), approval: newId("apr"), line: text, amountText: text, undoText: text },
      changes: [{ field: text, before: text, after: text }],
      arguments: [
        { name: text, label: text, text, origin: text, integrity: "external", isGrounded: i % 2 === 0 },
      ],
      reasons: [text],
      rules: [text],
      outcome: text,
      editable: [{ name: "a", label: text, input: "select", value: text, options: [text] }],
      decidedBy: [{ id: text, name: text, verdict: "refuse", reason: text, at: new Date().toISOString() }],
      ...(i % 3 === 0 ? { status: "refused" as const } : {}),
    }),
  );
  await server.card(session, newId("trn"), all, items);
  await server.turn(session, "live", "running", all);
  for (const piece of all.match(/[\s\S]{1,300}/g) ?? []) server.stream(session, "live", piece, piece);
}

describe.skipIf(chromiumPath === null)("no kind of hostile text runs anything", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  test.each(BATCHES)("on the page, even where no policy would stop it: $name", async ({ texts }) => {
    const server = await browser.serve({ reply: () => {}, suggestions: texts.slice(0, 8) });
    const context = await browser.browser.newContext({
      viewport: { width: 1_280, height: 900 },
      reducedMotion: "reduce",
      bypassCSP: true,
    });
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    const caught = await watch(page, [server.url, "blob:"]);
    const session = server.store.begin(BEN.id, texts.join(" ").slice(0, 3_000));
    for (const text of texts.slice(0, 10)) server.store.begin(BEN.id, text);
    await page.addInitScript(
      ([as, id]) => localStorage.setItem(`steward.session:${as}`, id ?? ""),
      [BEN.id, session.id],
    );
    const all = texts.join("\n\n");
    server.documents.set("d", {
      title: all,
      passages: [
        { id: "p", headings: texts.slice(0, 5), text: all },
        { id: "q", headings: [], text: all },
      ],
    });
    server.views.set("x", {
      fields: texts.slice(0, 14).map((text, i) => ({
        name: i === 0 ? "number" : text,
        kind: "text",
        value: text,
        currency: null,
        page: i % 2 ? 1 : null,
        box: i % 2 ? [1, 1, 9, 9] : null,
        path: text,
      })),
      lines: texts.slice(0, 5).map((text) => ({ text, amount: null })),
      pages: [
        {
          number: 1,
          width: 595,
          height: 842,
          texts: texts.map((text, i) => ({ text, box: [5, i * 10, 90, i * 10 + 9] })),
        },
      ],
      checks: texts.slice(0, 5).map((text) => ({ ok: false, text })),
      problem: all,
    });
    await page.goto(server.url);
    const left = page.locator("#pane-left .chat > :not([role=log])");
    await left.getByLabel("Message to Steward").waitFor();
    await fill(server, session, texts);
    await left.locator(".working .md").waitFor();
    await left.getByLabel("Message to Steward").fill("/");
    expect(await foreignParts(page)).toEqual([]);

    const dialog = page.getByRole("dialog");
    const look = async () => {
      expect(await foreignParts(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    };
    await left.locator(".source").first().click();
    await dialog.locator(".passage").first().waitFor();
    await look();
    await left.getByRole("button", { name: "Conversations" }).click();
    await dialog.locator(".row-button").nth(5).waitFor();
    await look();
    const right = page.locator("#pane-right .chat > :not([role=log])");
    await right.getByRole("button", { name: "See the whole request" }).first().click();
    await dialog.getByRole("button", { name: /invoice\.pdf/ }).waitFor();
    expect(await foreignParts(page)).toEqual([]);
    await dialog.getByRole("button", { name: /invoice\.pdf/ }).click();
    await dialog.locator(".paper").waitFor();
    expect(await foreignParts(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: /invoice\.pdf/ }).waitFor();
    await look();
    expect(caught).toEqual({ pwned: 0, reports: [], foreign: [] });
    expect(await page.evaluate(() => "isPwned" in {})).toBe(false);
  });

  test.each(BATCHES)("in the widget on a page of somebody else: $name", async ({ texts }) => {
    const host = await createHostPage();
    try {
      host.state.person = BEN.id;
      const server = await browser.serve({ mode: "token", sites: [host.origin], reply: () => {} });
      const session = server.store.begin(BEN.id, texts.join(" ").slice(0, 3_000));
      host.state.html = `<script nonce="n1">window.Steward = window.Steward || [];
          Steward.push(["identify", async () => (await fetch("/token")).text()]);</script>
        <script nonce="n1" async src="${server.url}/widget.js" data-steward></script></head><body><h1>Intranet</h1>`;
      const context = await browser.browser.newContext({
        viewport: { width: 1_000, height: 800 },
        reducedMotion: "reduce",
        bypassCSP: true,
      });
      context.setDefaultTimeout(12_000);
      const page = await context.newPage();
      const caught = await watch(page, [server.url, host.origin, "blob:"]);
      await page.goto(host.origin);
      await page.locator("steward-chat .launcher").first().click();
      await page.getByLabel("Message to Steward").waitFor();
      await fill(server, session, texts);
      await page.getByRole("button", { name: "Conversations" }).click();
      await page.getByRole("dialog").locator(".row-button").first().click();
      await page.locator("steward-chat .working .md").waitFor();
      expect(await foreignParts(page)).toEqual([]);
      expect(caught).toEqual({ pwned: 0, reports: [], foreign: [] });
    } finally {
      await host.close();
    }
  });

  test("the suite itself would notice: markup that is taken for more is caught", async () => {
    const server = await browser.serve({ reply: () => {} });
    const context = await browser.browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const caught = await watch(page, [server.url]);
    await page.goto(server.url);
    await page.locator("#pane-left textarea").waitFor();
    await page.locator("#pane-left .column").evaluate((element) => {
      element.innerHTML += "<img src=x onerror=__pwned(1)><a href=javascript:x>x</a>";
    });
    await expect.poll(() => caught.pwned).toBeGreaterThan(0);
    expect(await foreignParts(page)).toHaveLength(2);
  });
});
