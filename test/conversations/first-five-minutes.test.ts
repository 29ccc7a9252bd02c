import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumOrSkip, launchChromium } from "../setup/chromium.ts";
import { type Running, startRunning } from "./running.ts";

const chromiumPath = await chromiumOrSkip("the first five minutes in a browser, on the real server");

/** Where pictures are kept when asked for (the README's is docs/images/demo.png); else none is taken. */
const PICTURES = process.env.STEWARD_PICTURES;

describe.skipIf(chromiumPath === null)("the README's first five minutes", () => {
  let running: Running;
  let browser: Browser;
  beforeAll(async () => {
    running = await startRunning();
    browser = await launchChromium(chromiumPath ?? "");
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    running.stop();
  });

  async function open(colorScheme: "light" | "dark" = "light") {
    const context = await browser.newContext({
      viewport: { width: 1_360, height: 860 },
      colorScheme,
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(running.url);
    const pane = (side: string) => page.locator(`#pane-${side} .chat > :not([role=log])`);
    return { page, faults, left: pane("left"), right: pane("right") };
  }

  async function say(pane: Locator, text: string) {
    await pane.locator("textarea").fill(text);
    await pane.locator("textarea").press("Enter");
  }

  async function picture(page: Page, name: string) {
    if (!PICTURES) return;
    const path = join(PICTURES, name);
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path });
  }

  test("asks, books, moves, undoes, and sees a request cross from one to the other", async () => {
    const { page, faults, left, right } = await open();
    await say(left, "How many days a week may I work from home?");
    await left
      .getByText(/three days a week/)
      .last()
      .waitFor();
    await say(left, "Change the Renewal 2027 deal of Globex to 52,000");
    await left
      .getByText(/Waiting for a sales manager/)
      .first()
      .waitFor();
    await right.getByRole("button", { name: "Approve", exact: true }).waitFor();
    await page.waitForTimeout(400);
    await picture(page, "demo.png");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForTimeout(200);
    await picture(page, "demo-dark.png");
    await page.emulateMedia({ colorScheme: "light" });
    await right.getByRole("button", { name: "Approve", exact: true }).click();
    await left
      .getByText(/Changed the deal/)
      .first()
      .waitFor();
    await say(left, "Book a meeting with Sofia tomorrow at 10 about the Globex renewal");
    await left
      .getByText(/Booked/)
      .first()
      .waitFor();
    await say(left, "move it to 11");
    await left.getByText(/Moved/).first().waitFor();
    await left.getByRole("button", { name: "Undo" }).last().click();
    await left
      .getByText(/back at its earlier time|Undone/)
      .first()
      .waitFor();
    await say(left, "Set up a call with jane@client.example on Thursday at 3pm");
    await left
      .getByText(/need your yes/)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
});
