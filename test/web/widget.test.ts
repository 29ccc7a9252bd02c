import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, say } from "./browser.ts";
import { dealItem, meetingItem, paymentItem } from "./cards.ts";
import { SUGGESTIONS, TOKEN } from "./fake-server.ts";
import { BEN, INES, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("the web page in a browser");

describe.skipIf(chromiumPath === null)("the web page", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());
  const decisions = (server: { requests: { method: string; path: string; body: unknown }[] }) =>
    server.requests.filter((request) => request.method === "DECIDE");

  test("a request crosses from the one who asks to the one who approves, and back", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { left, right, faults, foreign } = await browser.open(server);
    await say(left, "Change the Globex renewal to €48,000");
    await left.getByText("Waiting for a sales manager").waitFor();
    await right.getByText("Ben Okafor asks").waitFor();
    expect(await left.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await right.getByRole("button", { name: "Approve" }).click();
    await right.getByText("Approved by you").waitFor();
    await left.getByText("Approved by Sofia Marin").waitFor();
    await left.getByText("is now at €48,000.00").waitFor();
    expect(await right.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await left.getByRole("button", { name: /^Undo/ }).click();
    await left.getByText("The deal is back at €38,000.00.").waitFor();
    expect([faults, foreign]).toEqual([[], []]);
    expect(decisions(server).map((each) => each.path)).toEqual(["approve", "undo"]);
  });

  test("an answer is written word by word, then stands with its sources, and a source opens at the quoted words", async () => {
    const server = await browser.serve({ reply: playScenes(8) });
    const { page, left, faults } = await browser.open(server);
    await left.getByRole("button", { name: SUGGESTIONS[0] ?? "" }).click();
    await left.locator(".working .md").getByText("You have").waitFor();
    await left.getByRole("list", { name: "Sources" }).waitFor();
    expect(await left.getByText("25 days of leave", { exact: false }).count()).toBe(1);
    expect(await left.locator(".working").count()).toBe(0);
    await left.getByRole("button", { name: "Source 1" }).click();
    const panel = page.getByRole("dialog", { name: "Leave and absence" });
    await panel.locator("mark").waitFor();
    expect(await panel.locator("mark").textContent()).toBe(
      "25 days of paid leave in the first calendar year",
    );
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await vi.waitFor(async () => {
      const focused = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.ariaLabel);
      expect(focused).toBe("Source 1");
    });
    expect(faults).toEqual([]);
  });

  test("a wider payment asks once more and names the amount, and two people are counted", async () => {
    const server = await browser.serve();
    const { left, right, page } = await browser.open(server, {}, `/?left=${INES.id}&right=${SOFIA.id}`);
    const session = server.store.begin(BEN.id, "pay");
    await server.card(session, newId("trn"), "Pay the Lumo invoice", [paymentItem()]);
    await left.getByText("from invoice LG-2211.pdf, page 1, from outside, unverified").waitFor();
    await left.getByRole("button", { name: "Approve" }).click();
    expect(decisions(server)).toEqual([]);
    await left.getByText("Cannot be undone.").last().waitFor();
    await page.keyboard.press("Escape");
    await left.getByRole("button", { name: "Approve" }).click();
    await left.getByRole("button", { name: "Yes, approve €12,400.00" }).click();
    await left.getByText("1 of 2").waitFor();
    await right.getByText("1 of 2").waitFor();
    await right.getByRole("button", { name: "Approve" }).click();
    await right.getByRole("button", { name: "Yes, approve €12,400.00" }).click();
    await left.getByText("Approved by Sofia Marin").waitFor();
    expect(decisions(server)).toHaveLength(2);
  });

  test("an edited approval sends only what was changed, in the tool's own units", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Change it", [dealItem()]);
    await right.getByRole("button", { name: "Edit" }).click();
    const amount = right.getByLabel("Amount (EUR)");
    expect(await amount.inputValue()).toBe("48000.00");
    await amount.fill("forty");
    await right.getByRole("button", { name: "Approve with changes" }).click();
    await right.getByText("Write one amount").waitFor();
    await amount.fill("45,500.50");
    await amount.press("Enter");
    await right.getByText("Approved by you").waitFor();
    expect(decisions(server)[0]?.body).toEqual({ edit: { amountMinor: 4_550_050 } });
  });

  test("a refusal needs a reason, and the requester reads it", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { left, right } = await browser.open(server);
    await say(left, "Change the deal");
    await right.getByRole("button", { name: "Refuse" }).click();
    const refuse = right.getByRole("button", { name: "Refuse" });
    expect(await refuse.isDisabled()).toBe(true);
    await right.getByLabel(/Why do you refuse/).fill("The customer has not signed.");
    await refuse.click();
    await left.getByText("Refused by Sofia Marin").first().waitFor();
    await left.getByText("The customer has not signed.").waitFor();
  });

  test("who may not decide any more is told why, and the card is kept", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    const turn = newId("trn");
    await server.card(server.store.begin(BEN.id, "x"), turn, "Change it", [dealItem()]);
    const approve = right.getByRole("button", { name: "Approve" });
    await approve.waitFor();
    const card = server.store.cards.get(turn);
    if (!card?.items[0]) throw new Error("no card");
    server.store.change(card, card.items[0].action, {
      approvers: [
        {
          group: "g",
          title: "a director",
          needed: 1,
          given: [],
          candidates: [{ id: "nora", name: "Nora Lindqvist" }],
        },
      ],
    });
    await approve.click();
    await right.getByText("ask Nora Lindqvist").waitFor();
    await right.getByText("Code APR-403").waitFor();
  });

  test("twenty clicks at once decide once", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    server.down.approveDelayMs = 200;
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Change it", [dealItem()]);
    const approve = right.getByRole("button", { name: "Approve" });
    await approve.waitFor();
    await approve.evaluate((button: HTMLButtonElement) => {
      for (let i = 0; i < 20; i++) button.click();
    });
    await right.getByText("Approved by you").waitFor();
    expect(server.requests.filter((request) => request.path.endsWith("/approve"))).toHaveLength(1);
  });

  test("what is written while Steward is away is kept and sent once, and what was missed arrives", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { left } = await browser.open(server);
    await say(left, "hello");
    await left.getByText("I found nothing about that").waitFor();
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    server.down.isDown = true;
    server.dropSockets();
    await left.getByText("Reconnecting.").waitFor();
    await say(left, "are you there");
    await left.getByText("Not sent yet.").waitFor();
    await server.say(session, "t9", "Said while you were away.");
    server.down.isDown = false;
    await left.getByText("Said while you were away.").waitFor();
    await left.getByText("Not sent yet.").waitFor({ state: "detached" });
    await vi.waitFor(() => {
      const mine = [...session.items.values()].filter(
        (item) => item.kind === "message" && item.text === "are you there",
      );
      expect(mine).toHaveLength(1);
    });
    await vi.waitFor(async () => expect(await left.getByText("are you there").count()).toBe(1));
    expect(await left.getByText("Reconnecting.").count()).toBe(0);
  });

  test("a drop in the middle of an answer does not garble it", async () => {
    const server = await browser.serve({ reply: () => {} });
    const { left } = await browser.open(server);
    await say(left, "hello");
    await left.locator(".bubble:not(.faint)").waitFor();
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    await server.turn(session, "t1", "running", "Writing");
    server.stream(session, "t1", "One two ");
    await left.getByText("One two").waitFor();
    server.dropSockets();
    server.stream(session, "t1", "three ");
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.stream(session, "t1", "four");
    await left.getByText("One two three four").waitFor();
    await server.say(session, "t1", "One two three four.");
    await server.turn(session, "t1", "done");
    await left.getByText("One two three four.").waitFor();
    expect(await left.getByText("One two three").count()).toBe(1);
  });

  test("a reload shows the same conversation again", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left } = await browser.open(server);
    await say(left, "Change the deal");
    await left.getByText("Waiting for a sales manager").waitFor();
    await page.reload();
    await left.getByText("Waiting for a sales manager").waitFor();
    await left.getByRole("button", { name: "New conversation" }).click();
    await left.getByText("Good to see you, Ben").waitFor();
    await left.getByRole("button", { name: "Conversations" }).click();
    await page
      .getByRole("dialog", { name: "Conversations" })
      .getByRole("button", { name: /Change the deal/ })
      .click();
    await left.getByText("Waiting for a sales manager").waitFor();
  });

  test("files are sent by choosing, dropping and pasting; a refused one says why", async () => {
    const server = await browser.serve();
    const { page, left } = await browser.open(server);
    await left.locator("input[type=file]").setInputFiles([
      { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") },
      { name: "bad.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
      { name: "huge.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(4_100_000) },
    ]);
    await left.getByText("8 B").waitFor();
    await left.getByText("This kind of file cannot be read.").waitFor();
    await left.getByText("“huge.bin” is larger than 4 MB").waitFor();
    await left.getByRole("button", { name: "Remove bad.exe" }).click();
    for (const [type, name] of [
      ["drop", "dropped.pdf"],
      ["paste", "pasted.png"],
    ] as const) {
      await page.locator(type === "drop" ? "#pane-left .chat" : "#pane-left textarea").evaluate(
        (element, [kind, file]) => {
          const data = new DataTransfer();
          data.items.add(new File(["abc"], file));
          element.dispatchEvent(
            kind === "drop"
              ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
          );
        },
        [type, name] as const,
      );
      await left.getByText(name).waitFor();
    }
    await vi.waitFor(async () => expect(await left.getByText("3 B").count()).toBe(2));
    await say(left, "Book these");
    await left.locator(".said.mine").getByText("pasted.png").waitFor();
    const message = [...server.store.sessions.values()][0]?.items.values().next().value;
    expect(message?.kind === "message" && message.files.map((file) => file.name)).toEqual([
      "invoice.pdf",
      "dropped.pdf",
      "pasted.png",
    ]);
  });

  test("the keyboard alone sends, breaks lines, takes up the last message and shows prompts", async () => {
    const server = await browser.serve();
    const { page, left } = await browser.open(server);
    const field = left.getByLabel("Message to Steward");
    await field.focus();
    await page.keyboard.type("first line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await left.locator(".bubble:not(.faint)").waitFor();
    expect(await field.inputValue()).toBe("");
    await page.keyboard.press("ArrowUp");
    expect(await field.inputValue()).toBe("first line\nsecond line");
    await field.fill("/glob");
    await left.getByRole("option", { name: "Change the Globex renewal to €48,000" }).waitFor();
    await page.keyboard.press("Enter");
    expect(await field.inputValue()).toBe("Change the Globex renewal to €48,000");
    await field.fill("/");
    await page.keyboard.press("Escape");
    await left.getByRole("listbox").waitFor({ state: "detached" });
  });

  test("the keyboard alone reaches and decides an approval, with the focus always in sight", async () => {
    const server = await browser.serve();
    const { page, right } = await browser.open(server);
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
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        const visible = element.closest("label") ?? element;
        const style = getComputedStyle(
          element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? visible : element,
        );
        const field = element.closest(".field");
        const isMarked =
          style.outlineStyle !== "none" || (field !== null && getComputedStyle(field).boxShadow !== "none");
        return {
          name: element.getAttribute("aria-label") || element.textContent || element.tagName,
          isMarked,
        };
      });
    const seen: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const now = await focused();
      if (now === null) continue;
      expect(now, `focus on ${now.name}`).toMatchObject({ isMarked: true });
      seen.push(now.name);
      if (now.name === "Approve") break;
    }
    expect(seen).toContain("Approve");
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect((await focused())?.name).toBe("Yes, approve €12,400.00"));
    await page.keyboard.press("Enter");
    await right.getByText("Approved by you").waitFor();
    await vi.waitFor(async () => expect((await focused())?.name).toContain("Done: Pay"));
  });

  test("every target is at least 24 pixels each way", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left, right } = await browser.open(server);
    await say(left, "How many days of leave?");
    await left.getByRole("list", { name: "Sources" }).waitFor();
    await say(left, "Change the deal");
    await right.getByRole("button", { name: "Approve" }).waitFor();
    const small = await page.evaluate(() => {
      const roots = [
        document,
        ...[...document.querySelectorAll("*")].flatMap((each) => each.shadowRoot ?? []),
      ];
      return roots
        .flatMap((root) => [
          ...root.querySelectorAll<HTMLElement>("button, select, textarea, label.icon-button"),
        ])
        .filter((each) => each.offsetParent !== null && !each.classList.contains("cite"))
        .map((each) => ({ name: each.textContent || each.ariaLabel, box: each.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ name, box }) => `${name}: ${box.width}×${box.height}`);
    });
    expect(small).toEqual([]);
  });

  test("a screen reader hears finished messages and new approvals, never words as they are written", async () => {
    const server = await browser.serve({ reply: playScenes(10) });
    const { page, left } = await browser.open(server);
    await left.getByText("Good to see you").waitFor();
    const log = page.locator("#pane-left").getByRole("log");
    const heard: string[] = [];
    await say(left, "How many days of leave?");
    await left.locator(".working .md").waitFor();
    heard.push(await log.textContent());
    await left.getByRole("list", { name: "Sources" }).waitFor();
    await vi.waitFor(async () =>
      expect(await log.textContent()).toContain("Steward: You have 25 days of leave"),
    );
    expect(heard.join("")).toBe("");
    expect(await log.textContent()).not.toContain("**");
    await say(left, "Change the deal");
    await vi.waitFor(async () =>
      expect(await page.locator("#pane-right").getByRole("log").textContent()).toContain(
        "Waiting for you: Ben Okafor asks.",
      ),
    );
  });

  test("every state has words", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left } = await browser.open(server);
    await say(left, "please fail");
    await left.getByText("I couldn't reach the calendar. Nothing was booked.").waitFor();
    await say(left, "refuse this");
    await left.getByText("This was not sent.").waitFor();
    await left.getByText("Code MSG-400").waitFor();
    await left.getByRole("button", { name: "Discard" }).click();
    await say(left, "slow one");
    await left.getByText("Looking at Sofia's calendar").waitFor();
    await left.getByRole("button", { name: "Stop" }).click();
    await left.getByText("Looking at Sofia's calendar").waitFor({ state: "detached" });
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    await server.card(session, newId("trn"), "x", [
      dealItem({ status: "unknown", outcome: "It is not known whether this took effect." }),
      dealItem({ status: "expired" }),
      dealItem({
        status: "forbidden",
        reasons: ["Without a purchase order nothing is paid."],
        rules: ["pay-needs-po"],
      }),
      dealItem({ expiresAt: new Date(Date.now() - 1_000).toISOString() }),
      meetingItem({ undoUntil: new Date(Date.now() + 3_000).toISOString() }),
    ]);
    for (const words of [
      "Outcome unknown",
      "Expired",
      "Not allowed",
      "Time is up",
      "Without a purchase order nothing is paid.",
      "pay-needs-po",
    ]) {
      await left.getByText(words).first().waitFor();
    }
    await left.getByRole("button", { name: /^Undo/ }).waitFor({ state: "detached" });
    await left.getByRole("button", { name: "Check" }).click();
    await left.getByText("It had not arrived.").waitFor();
    await left.getByRole("button", { name: "Why?" }).first().click();
    await left.getByText("a sales manager", { exact: true }).last().waitFor();
    await page.keyboard.press("Escape");
    await page.context().setOffline(true);
    await left.getByText("You are offline.").waitFor();
  });

  test("the reader who scrolled up stays there and is told of what is new", async () => {
    const server = await browser.serve({ reply: () => {} });
    const { left } = await browser.open(server);
    await say(left, "hello");
    await left.locator(".bubble:not(.faint)").waitFor();
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    for (let i = 0; i < 40; i++) await server.say(session, "t", `Line ${i}`);
    await left.getByText("Line 39").waitFor();
    const thread = left.locator(".thread");
    await thread.evaluate((element) => element.scrollTo(0, 0));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.say(session, "t", "The newest");
    await left.getByRole("button", { name: "New messages" }).click();
    await vi.waitFor(async () => {
      expect(
        await thread.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight),
      ).toBeLessThan(4);
    });
    await left.getByRole("button", { name: "New messages" }).waitFor({ state: "detached" });
  });

  test("another persona is another chat, and the address keeps the choice", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left } = await browser.open(server);
    await say(left, "mine alone");
    await left.getByText("I found nothing").waitFor();
    await left.getByLabel("Speak as").selectOption(INES.id);
    await left.getByText("Good to see you, Inês").waitFor();
    expect(await left.getByText("mine alone").count()).toBe(0);
    expect(page.url()).toContain(encodeURIComponent(INES.id));
  });

  test("on a narrow screen the two are tabs, with a count of what waits", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    const { page, left, right } = await browser.open(server, { viewport: { width: 400, height: 780 } });
    await say(left, "Change the deal");
    await page.getByRole("tab", { name: /Sofia Marin 1 waiting/ }).click();
    await right.getByRole("button", { name: "Approve" }).waitFor();
    expect(await page.locator("#pane-left").isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
  });

  test("with tokens one signs in, and approvals stand beside the conversation", async () => {
    const server = await browser.serve({ mode: "token", reply: playScenes(2) });
    const { page } = await browser.open(server);
    await page.getByLabel("Token").fill("stw_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("You are not signed in, or the token is not valid.").waitFor();
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Good to see you, Ben").waitFor();
    await page.getByText("What needs your approval appears here.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
  });
});
