import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, startRunning } from "../conversations/running.ts";
import { chromiumOrSkip, launchChromium } from "../setup/chromium.ts";
import { HOSTILE_SVG, pdfBomb, xmlBomb, zipBomb } from "./hostile-files.ts";

const chromiumPath = await chromiumOrSkip("hostile files, on the real server");

/** Generous, because the machine may be busy; unbounded work would take far longer. */
const BOUND_MS = 30_000;

describe.skipIf(chromiumPath === null)("files that nobody should send, on the real server", () => {
  let running: Running;
  let browser: Browser;
  let page: Page;
  let left: Locator;
  const faults: string[] = [];
  beforeAll(async () => {
    running = await startRunning();
    browser = await launchChromium(chromiumPath ?? "");
    const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    context.setDefaultTimeout(BOUND_MS);
    page = await context.newPage();
    page.on("dialog", (dialog) => {
      faults.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(running.url);
    left = page.locator("#pane-left .chat > :not([role=log])");
    await left.locator("textarea").waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    running.stop();
  });

  const attach = async (name: string, buffer: Buffer) =>
    await left
      .locator("input[type=file]")
      .setInputFiles({ name, buffer, mimeType: "application/octet-stream" });
  const chips = () => left.locator(".composer .files li");
  const width = async (what: Locator) => (await what.boundingBox())?.width ?? 0;

  test.each([
    ["an empty file", "empty.txt", Buffer.alloc(0), /Not attached: The file is empty\. Choose another file/],
    [
      "a name of 300 characters that turns its direction",
      `${"n".repeat(150)}\u202Efdp.${"x".repeat(140)}.exe`,
      Buffer.from("MZ"),
      /Not attached: The file's name is empty, too long or not text\. Choose another file/,
    ],
  ])("%s is told of at the file, without moving the page", async (_, name, content, told) => {
    const before = await width(left.locator(".field"));
    await attach(name, content);
    await chips().getByText(told).waitFor();
    expect(await chips().textContent()).not.toMatch(/[\u202a-\u202e]/);
    expect(await width(left.locator(".field"))).toBe(before);
    expect(await width(chips())).toBeLessThanOrEqual(before);
    await chips().getByRole("button").click();
    await chips().waitFor({ state: "detached" });
  });

  test("a file of 25 MB is left out before it is sent, with the size that may be", async () => {
    await attach("large.bin", Buffer.alloc(25_000_000, 7));
    await left.getByRole("alert").getByText("“large.bin” is larger than 20 MB and was left out.").waitFor();
    expect(await chips().count()).toBe(0);
  });

  test("drawings with scripts, archives that grow, and programs are never opened, and are refused in bounded time", async () => {
    const files: [string, Buffer][] = [
      ["drawing.svg", HOSTILE_SVG],
      ["bomb.docx", zipBomb("word/document.xml", 2_000)],
      ["bomb.xlsx", zipBomb("xl/workbook.xml", 2_000)],
      ["bomb.pdf", pdfBomb(2_000)],
      ["bomb.xml", xmlBomb()],
      ["invoice.pdf", Buffer.from("MZ\x90\0 not a document at all\0\xff", "latin1")],
    ];
    for (const [name, content] of files) await attach(name, content);
    // Sent while they are on their way: the message goes with them.
    await left.locator("textarea").fill("What is in these files?");
    await left.locator("textarea").press("Enter");
    await left.locator(".said.assistant").first().waitFor();
    await left.locator(".working").waitFor({ state: "detached" });
    const names = await left.locator(".said.mine .files .name").allTextContents();
    expect(names).toEqual(files.map(([name]) => name));
    const told = [
      [/^drawing\.svg/, /does not look like an invoice/],
      [/^bomb\.pdf/, /too large to be read as an invoice|unpack/],
      [/^bomb\.xml/, /declares a document type or entities/],
    ] as const;
    for (const [name, words] of told) {
      await left.locator(".said.mine").getByRole("button", { name }).click();
      await page.getByRole("dialog").getByText(words).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    expect(await page.evaluate(() => document.querySelectorAll("iframe, object, embed").length)).toBe(0);
    expect(await left.locator("img, iframe, object, embed").count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
