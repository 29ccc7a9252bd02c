import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, type OpenPage, say } from "./browser.ts";
import { dealItem, meetingItem, paymentItem } from "./cards.ts";
import type { FakeServer } from "./fake-server.ts";
import { BEN, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("accessibility of the web page");

/** Violations of WCAG 2.2 A and AA and of best practice, one line each. */
async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, not added to the page: its policy lets no other script in.
  await page.evaluate(axe.source);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}

type State = { name: string; mode?: "token"; show: (page: OpenPage, server: FakeServer) => Promise<void> };

const sofiaOnly = {
  approvers: [
    {
      group: "g",
      title: "a manager",
      needed: 1,
      given: [],
      candidates: [{ id: SOFIA.id, name: "Sofia Marin" }],
    },
  ],
};
const ask = (server: FakeServer, items = [dealItem()]) =>
  server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Change the deal", items);

const STATES: readonly State[] = [
  { name: "first visit", show: ({ left }) => left.getByText("Good to see you").waitFor() },
  {
    name: "an answer with a table and its source",
    show: async ({ left, page }) => {
      await say(left, "How many days of leave?");
      await left.getByRole("list", { name: "Sources" }).waitFor();
      await left.getByRole("button", { name: "Source 1" }).click();
      await page.locator("mark").waitFor();
    },
  },
  {
    name: "a card that waits, and one that is done",
    show: async ({ left, right }) => {
      await say(left, "Book a meeting");
      await left.getByRole("button", { name: /^Undo/ }).waitFor();
      await say(left, "Pay the invoice");
      await right.getByRole("button", { name: "Approve" }).waitFor();
    },
  },
  {
    name: "the second question of a high risk",
    show: async ({ right }, server) => {
      await ask(server, [paymentItem(sofiaOnly)]);
      await right.getByRole("button", { name: "Approve" }).click();
      await right.getByRole("button", { name: /^Yes/ }).waitFor();
    },
  },
  {
    name: "editing, with a value that is wrong",
    show: async ({ right }, server) => {
      await ask(server);
      await right.getByRole("button", { name: "Edit" }).click();
      await right.getByLabel("Amount (EUR)").fill("x");
      await right.getByRole("button", { name: "Approve with changes" }).click();
      await right.getByText("Write one amount").waitFor();
    },
  },
  {
    name: "refusing",
    show: async ({ right }, server) => {
      await ask(server);
      await right.getByRole("button", { name: "Refuse" }).click();
      await right.getByLabel(/Why do you refuse/).fill("No");
    },
  },
  {
    name: "every end of an action",
    show: async ({ left, page }, server) => {
      await say(left, "please fail");
      await left.getByText("couldn't reach").waitFor();
      const [session] = server.store.sessions.values();
      if (!session) throw new Error("no session");
      await server.card(session, newId("trn"), "x", [
        dealItem({ status: "unknown", outcome: "It is not known whether this took effect." }),
        dealItem({ status: "expired" }),
        dealItem({ status: "forbidden" }),
        dealItem({ status: "running" }),
        dealItem({ status: "undone", outcome: "Undone." }),
        dealItem({
          status: "refused",
          decidedBy: [
            {
              id: SOFIA.id,
              name: "Sofia Marin",
              verdict: "refuse",
              reason: "No",
              at: new Date().toISOString(),
            },
          ],
        }),
        meetingItem(),
      ]);
      await left.getByText("Outcome unknown").waitFor();
      await page.locator("#pane-left .thread").evaluate((element) => element.scrollTo(0, 0));
    },
  },
  {
    name: "working, and prompts",
    show: async ({ left, right }) => {
      await say(left, "slow one");
      await left.getByText("Looking at Sofia's calendar").waitFor();
      await right.getByLabel("Message to Steward").fill("/");
      await right.getByRole("listbox").waitFor();
    },
  },
  {
    name: "files, one refused",
    show: async ({ left }) => {
      await left.locator("input[type=file]").setInputFiles([
        { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF") },
        { name: "bad.exe", mimeType: "application/pdf", buffer: Buffer.from("MZ") },
      ]);
      await left.getByText("This kind of file cannot be read.").waitFor();
    },
  },
  {
    name: "cut off, with a message that is kept",
    show: async ({ left }, server) => {
      await left.getByText("Good to see you").waitFor();
      server.down.isDown = true;
      server.dropSockets();
      await say(left, "are you there");
      await left.getByText("Reconnecting.").waitFor();
      await left.getByText("Not sent yet.").waitFor();
    },
  },
  {
    name: "a message that was not sent",
    show: async ({ left }) => {
      await say(left, "refuse this");
      await left.getByRole("button", { name: "Send again" }).waitFor();
    },
  },
  {
    name: "conversations",
    show: async ({ left, page }) => {
      await say(left, "hello");
      await left.getByText("I found nothing").waitFor();
      await left.getByRole("button", { name: "Conversations" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^hello/ })
        .waitFor();
    },
  },
  {
    name: "a conversation that is renamed, and what was found",
    show: async ({ left, page }) => {
      await say(left, "hello");
      await left.getByText("I found nothing").waitFor();
      await left.getByRole("button", { name: "Conversations" }).click();
      await page.getByLabel("Search your conversations").fill("hel");
      await page.getByText("1 conversation found").waitFor();
      await page.getByRole("button", { name: /^Rename/ }).click();
      await page.getByLabel("New name").waitFor();
    },
  },
  {
    name: "settings",
    show: async ({ right, page }) => {
      await right.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("button", { name: "Take back" }).waitFor();
    },
  },
  {
    name: "a word on an answer",
    show: async ({ left }) => {
      await say(left, "How many days of leave?");
      await left.getByRole("list", { name: "Sources" }).waitFor();
      await left.getByRole("button", { name: "This helped" }).click();
      await left.getByLabel(/What helped/).waitFor();
    },
  },
  {
    name: "a standing yes",
    show: async ({ right }, server) => {
      await ask(server);
      await right.getByRole("button", { name: "Do not ask again" }).click();
      await right.getByRole("button", { name: "Approve until then" }).waitFor();
    },
  },
  {
    name: "the request behind a card",
    show: async ({ right, page }, server) => {
      await ask(server);
      await right.getByRole("button", { name: "See the whole request" }).click();
      await page.getByText("The rest of the conversation is only for").waitFor();
    },
  },
  {
    name: "an invoice beside its page",
    show: async ({ right, page }, server) => {
      const box = [50, 100, 120, 112];
      server.views.set("invoice.pdf", {
        fields: [
          { name: "gross", kind: "money", value: "12.50", currency: "EUR", page: 1, box, path: null },
          { name: "number", kind: "text", value: "4", currency: null, page: null, box: null, path: "/a" },
        ],
        lines: [{ text: "Cable", amount: "12.50" }],
        pages: [{ number: 1, width: 595, height: 842, texts: [{ text: "Total 12.50", box }] }],
        checks: [{ ok: false, text: "No order." }],
        problem: null,
      });
      await ask(server);
      await right.getByRole("button", { name: "See the whole request" }).click();
      await page.getByRole("button", { name: /invoice\.pdf/ }).click();
      await page.getByRole("button", { name: "€12.50" }).click();
      await page.locator("rect.place.on").waitFor();
    },
  },
  { name: "signing in", mode: "token", show: ({ page }) => page.getByLabel("Token").waitFor() },
];

describe.skipIf(chromiumPath === null)("accessibility of the web page", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  test.each(STATES)("axe finds nothing in light, dark and on a phone: $name", async ({ mode, show }) => {
    const server = await browser.serve({ reply: playScenes(1), ...(mode ? { mode } : {}) });
    const open = await browser.open(server);
    await show(open, server);
    for (const [scheme, width] of [
      ["light", 1_280],
      ["dark", 1_280],
      ["dark", 400],
      ["light", 400],
    ] as const) {
      await open.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await open.page.setViewportSize({ width, height: 860 });
      expect(await violations(open.page), `${scheme}, ${width} px`).toEqual([]);
    }
    // From right to left the same state has the same parts: only the direction and the mirrored layout differ.
    await open.page.evaluate(() => {
      document.documentElement.dir = "rtl";
      for (const each of document.querySelectorAll("*"))
        for (const chat of each.shadowRoot?.querySelectorAll<HTMLElement>(".chat") ?? []) chat.dir = "rtl";
    });
    expect(await violations(open.page), "right to left").toEqual([]);
    expect(open.faults).toEqual([]);
  });

  test.each(["ar", "de"])("axe finds nothing in the page in '%s'", async (language) => {
    const server = await browser.serve({ reply: playScenes(1) });
    const open = await browser.open(server, { locale: language }, `/?language=${language}`);
    await open.left.locator("textarea").fill("Change the deal");
    await open.left.locator("textarea").press("Enter");
    await open.right.locator(".decision .button.primary").waitFor();
    await open.right.locator(".asker .link").click();
    await open.page.getByRole("dialog").locator(".card").waitFor();
    expect(await violations(open.page)).toEqual([]);
    expect(open.faults).toEqual([]);
  });

  test("at 400 % zoom nothing needs scrolling in two directions", async () => {
    const server = await browser.serve({ reply: playScenes(1) });
    const { page, left } = await browser.open(server, { viewport: { width: 320, height: 256 } });
    await say(left, "Pay the invoice");
    await left.getByText("from outside, unverified").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(
      await page
        .locator("#pane-left .thread")
        .evaluate((element) => element.scrollWidth - element.clientWidth),
    ).toBe(0);
  });
});
