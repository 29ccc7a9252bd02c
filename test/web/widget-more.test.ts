import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, say } from "./browser.ts";
import { dealItem, paymentItem } from "./cards.ts";
import { BEN, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("what else the chat can do");

/** Whether an element has the focus of its shadow tree. */
const isFocused = (element: Element) => (element.getRootNode() as ShadowRoot).activeElement === element;

describe.skipIf(chromiumPath === null)("what else the chat can do", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  test("conversations are found, renamed and taken along as a file", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left } = await browser.open(server);
    await say(left, "first about leave");
    await left.getByRole("list", { name: "Sources" }).waitFor();
    await left.getByRole("button", { name: "New conversation" }).click();
    await say(left, "second about pay");
    await left.getByText("Pay").first().waitFor();
    const opener = left.getByRole("button", { name: "Conversations" });
    await opener.click();
    const dialog = page.getByRole("dialog", { name: "Conversations" });
    await dialog.getByRole("button", { name: /^second/ }).waitFor();
    await dialog.getByLabel("Search your conversations").fill("leave");
    await dialog.getByText("1 conversation found").waitFor();
    await dialog.getByRole("button", { name: "Rename “first about leave”" }).click();
    await dialog.getByLabel("New name").fill("Holidays & leave");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: /^Holidays & leave/ }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Save “Holidays & leave” as a file" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("talk.md");
    expect(await readFile(await download.path(), "utf8")).toBe("# Holidays & leave\n");
    await page.keyboard.press("Escape");
    await vi.waitFor(async () =>
      expect(
        await opener.evaluate((each) => each.getRootNode() instanceof ShadowRoot && each.matches(":focus")),
      ).toBe(true),
    );
  });

  test("an answer takes thumbs with a word on why, and gives them back", async () => {
    const server = await browser.serve({ reply: playScenes(1) });
    const { left } = await browser.open(server);
    await say(left, "How many days of leave?");
    await left.getByRole("list", { name: "Sources" }).waitFor();
    const down = left.getByRole("button", { name: "This did not help" });
    const given = () => server.requests.filter((one) => one.method === "FEEDBACK").map((one) => one.body);
    await down.click();
    await left.getByLabel(/What was wrong/).fill("the wrong country");
    await left.getByLabel(/What was wrong/).press("Enter");
    await left.getByText("Noted").waitFor();
    expect(await down.getAttribute("aria-pressed")).toBe("true");
    await down.click();
    await vi.waitFor(() =>
      expect(given()).toEqual([
        { verdict: "down", comment: null },
        { verdict: "down", comment: "the wrong country" },
        { verdict: null, comment: null },
      ]),
    );
    expect(await down.getAttribute("aria-pressed")).toBe("false");
  });

  test("a yes can stand for a while, for what was seen and no more", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Change", [
      dealItem({ digest: "d".repeat(64) }),
    ]);
    await right.getByRole("button", { name: "Do not ask again" }).click();
    await right.getByLabel(/do not ask again for the like until/).selectOption("1");
    await right.getByRole("button", { name: "Approve until then" }).click();
    await right.getByText("Approved by you").waitFor();
    const body = server.requests.findLast((one) => one.method === "DECIDE")?.body as Record<string, string>;
    expect(body.digest).toBe("d".repeat(64));
    const ms = Date.parse(body.grantUntil ?? "") - Date.now();
    expect(ms).toBeGreaterThan(23 * 3_600_000);
    expect(ms).toBeLessThan(86_400_000);
  });

  test("a standing yes stands in the settings of who gave it, and is taken back there", async () => {
    const server = await browser.serve();
    const { page, left, right } = await browser.open(server);
    await left.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog").getByLabel("Language").waitFor();
    expect(await page.getByRole("button", { name: "Take back" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await right.getByRole("button", { name: "Settings" }).click();
    await page.getByText("for Ben Okafor, until").waitFor();
    await page.getByRole("button", { name: "Take back" }).click();
    await page.getByText("Standing yeses (0)").waitFor();
  });

  test("no standing yes is offered for what is risky or stands on words from outside", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Pay", [
      paymentItem({
        approvers: [
          {
            group: "g",
            title: "a manager",
            needed: 1,
            given: [],
            candidates: [{ id: SOFIA.id, name: "Sofia" }],
          },
        ],
      }),
    ]);
    await right.getByRole("button", { name: "Approve" }).waitFor();
    expect(await right.getByRole("button", { name: "Do not ask again" }).count()).toBe(0);
  });

  test("who decides reads the request and its files, and an invoice beside its page with each place marked", async () => {
    const server = await browser.serve();
    const { page, right, faults } = await browser.open(server);
    server.views.set("invoice.pdf", {
      fields: [
        {
          name: "gross",
          kind: "money",
          value: "1234.50",
          currency: "EUR",
          page: 1,
          box: [50, 100, 120, 112],
          path: null,
        },
        {
          name: "issueDate",
          kind: "date",
          value: "2026-11-16",
          currency: null,
          page: null,
          box: null,
          path: "/Invoice/IssueDate",
        },
      ],
      lines: [{ text: "Cable", amount: "1234.50" }],
      pages: [
        {
          number: 1,
          width: 595,
          height: 842,
          texts: [{ text: "Total 1.234,50 EUR", box: [50, 100, 120, 112] }],
        },
      ],
      checks: [{ ok: false, text: "The lines do not add up." }],
      problem: null,
    });
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Book this, the whole request", [
      dealItem(),
    ]);
    await right.getByRole("button", { name: "See the whole request" }).click();
    const request = page.getByRole("dialog", { name: "Request of Ben Okafor" });
    await request.getByText("The rest of the conversation is only for Ben Okafor.").waitFor();
    await request.getByRole("button", { name: /invoice\.pdf/ }).click();
    const file = page.getByRole("dialog", { name: "invoice.pdf" });
    await file.getByRole("button", { name: "€1,234.50" }).click();
    expect(await file.locator("rect.place.on").getAttribute("data-field")).toBe("gross");
    await file.getByText("16 November 2026").waitFor();
    await file.getByText("The lines do not add up.").waitFor();
    await page.keyboard.press("Escape");
    await file.waitFor({ state: "detached" });
    // Back to where it was opened from.
    await expect.poll(() => request.getByRole("button", { name: "Close" }).evaluate(isFocused)).toBe(true);
    await page.keyboard.press("Escape");
    await request.waitFor({ state: "detached" });
    // The focus is where it was before the first of them.
    await expect
      .poll(() => right.getByRole("button", { name: "See the whole request" }).evaluate(isFocused))
      .toBe(true);
    expect(faults).toEqual([]);
  });

  test("the conversation behind a request is shown as far as its reader may read it, and decided beside it", async () => {
    const server = await browser.serve();
    const { page, right, faults } = await browser.open(server);
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Raise the deal", [dealItem()]);
    await right.getByRole("button", { name: "See the whole request" }).click();
    const request = page.getByRole("dialog", { name: "Request of Ben Okafor" });
    await request.getByText("draws on what you may not read").waitFor();
    await request.getByText("This waits for a sales manager.").waitFor();
    expect(await request.locator("textarea, input").count()).toBe(0);
    await request.getByRole("button", { name: "Approve" }).focus();
    await page.keyboard.press("Enter");
    await request.getByText("Approved by you").waitFor();
    expect(await request.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test("the language is the person's own choice, else the page's, else theirs; the layout turns with it", async () => {
    const server = await browser.serve({ reply: playScenes(1) });
    const { page, left } = await browser.open(server, {}, "/?language=ar");
    await left.getByPlaceholder("اسأل، أو قل ما ينبغي عمله").waitFor();
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    const brand = await left.locator(".brand").first().boundingBox();
    const actions = await left.locator(".actions").first().boundingBox();
    expect(brand?.x ?? 0).toBeGreaterThan(actions?.x ?? 0);
    await left.getByRole("button", { name: "الإعدادات" }).click();
    await page.getByLabel("اللغة").selectOption({ label: "Deutsch" });
    await page.getByRole("dialog", { name: "Einstellungen" }).waitFor();
    await page.reload();
    await left.getByPlaceholder("Fragen Sie, oder sagen Sie, was zu tun ist").waitFor();
    await left.locator("textarea").fill("How many days of leave?");
    await left.locator("textarea").press("Enter");
    // What Steward says stays as Steward says it.
    await left.getByText("You have").first().waitFor();
    await left.getByRole("list", { name: "Quellen" }).waitFor();
  });

  test("fixed words of the server are in the page's language; what people and rules of the house say is not", async () => {
    const server = await browser.serve();
    const { page, right, faults } = await browser.open(server, {}, "/?language=de");
    const turn = newId("trn");
    const item = dealItem({
      reasons: ["Deal changes over 10,000 need a sales manager.", "Oslo wants to know of it."],
      undoText: "Cannot be undone.",
    });
    await server.card(server.store.begin(BEN.id, "x"), turn, "Raise the deal", [item]);
    await right.getByText("eine Vertriebsleitung").first().waitFor();
    const words = ((await right.locator(".card").first().textContent()) ?? "").replace(/\s+/g, " ");
    for (const said of [
      "Änderungen an Geschäften um mehr als 10.000 brauchen eine Vertriebsleitung. Oslo wants to know of it.",
      "Kann nicht rückgängig gemacht werden.",
      "Betrag",
      item.line,
    ])
      expect(words).toContain(said);
    // Somebody else was first: the refusal by its code, and no English beside it.
    const found = server.store.findItem(item.action, "action");
    if (found) server.store.change(found.card, item.action, { status: "refused" });
    await right.getByRole("button", { name: "Zustimmen" }).click();
    const alert = right.getByRole("alert");
    await alert.getByText("Das ist inzwischen entschieden oder hat sich geändert.").waitFor();
    expect(await alert.textContent()).not.toMatch(/closed|changed|Ask/);
    await alert.getByText("Code APR-409").waitFor();
    await page.goto(`${server.url}/?language=de&document=doc_secret&passage=p1`);
    await page.getByRole("dialog").getByText("Dieses Dokument gibt es nicht").waitFor();
    expect(faults).toEqual([]);
  });

  test("what comes while nobody looks is counted in the title, and read when they look again", async () => {
    const server = await browser.serve({ reply: () => {} });
    const { page, left } = await browser.open(server);
    await say(left, "hello");
    await left.locator(".bubble:not(.faint)").waitFor();
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    const hide = (isHidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, isHidden);
    await hide(true);
    await server.say(session, "t", "One");
    await server.say(session, "t", "Two");
    await vi.waitFor(async () => expect(await page.title()).toBe("(2) Steward"));
    await hide(false);
    await vi.waitFor(async () => expect(await page.title()).toBe("Steward"));
  });

  test("a browser is asked for notices only on a click, and sound is off until it is wished for", async () => {
    const server = await browser.serve();
    const { page, left } = await browser.open(server);
    await page.evaluate(() => {
      const asked = { count: 0 };
      Object.assign(globalThis, { asked });
      const fake = Object.assign(function Notification() {}, {
        permission: "default",
        requestPermission: async () => {
          asked.count++;
          return "denied";
        },
      });
      Object.defineProperty(globalThis, "Notification", { value: fake, configurable: true });
    });
    const asked = () =>
      page.evaluate(() => (globalThis as unknown as { asked: { count: number } }).asked.count);
    await left.getByRole("button", { name: "Settings" }).click();
    expect(await page.getByLabel(/Play a quiet tone/).isChecked()).toBe(false);
    expect(await asked()).toBe(0);
    await page.getByLabel(/Show a notice/).click();
    await page.getByText("This browser does not allow notices from this page.").waitFor();
    expect(await asked()).toBe(1);
    expect(await page.getByLabel(/Show a notice/).isChecked()).toBe(false);
  });

  test("of 5,000 messages only the rows in sight are in the page, and what is read stays where it is", async () => {
    const server = await browser.serve({ reply: () => {} });
    const session = server.store.begin(BEN.id, "long");
    for (let i = 0; i < 5_000; i++) {
      server.store.append(session, {
        kind: "message",
        id: `msg_${i}`,
        author:
          i % 2 ? { id: "steward", name: "Steward", isAssistant: true } : { ...BEN, isAssistant: false },
        text: `Number ${i}. ${"Words of some length. ".repeat(i % 7)}`,
        files: [],
        citations: [],
        turn: i % 2 ? `t${i}` : null,
        note: null,
      });
    }
    const { page, left } = await browser.open(server);
    await left.getByText("Good to see you").waitFor();
    await page.evaluate(
      ([as, id]) => localStorage.setItem(`steward.session:${as}`, id ?? ""),
      [BEN.id, session.id],
    );
    await page.reload();
    await left.getByText("Number 4999.").waitFor();
    const thread = left.locator(".thread");
    const rows = () => left.locator("[data-row]").count();
    expect(await rows()).toBeLessThanOrEqual(100);
    // Up by wheel, page by page; the row at the top of the view may not jump.
    await thread.hover();
    let smallest = 5_000;
    for (let i = 0; i < 60; i++) {
      await page.mouse.wheel(0, -700);
      await page.waitForTimeout(15);
      const seen = await thread.evaluate((element) => {
        const top = element.getBoundingClientRect().top;
        const row = [...element.querySelectorAll<HTMLElement>("[data-row]")].find(
          (each) => each.getBoundingClientRect().bottom > top,
        );
        return Number(row?.dataset.row?.slice(4));
      });
      expect(seen).toBeLessThanOrEqual(smallest);
      // A wheel of 700 px passes fewer than forty rows.
      expect(smallest - seen === 5_000 || smallest - seen < 40 || smallest === 5_000).toBe(true);
      smallest = seen;
      expect(await rows()).toBeLessThanOrEqual(100);
    }
    expect(smallest).toBeLessThan(4_900);
    await server.say(session, "t", "The newest of all");
    await left.getByRole("button", { name: "New messages" }).click();
    await left.getByText("The newest of all").waitFor();
    await vi.waitFor(async () =>
      expect(
        await thread.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight),
      ).toBeLessThan(4),
    );
  });
});
