import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, say } from "./browser.ts";
import { dealItem, paymentItem } from "./cards.ts";
import { TOKEN } from "./fake-server.ts";
import { BEN, INES, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("the web page in a browser");

describe.skipIf(chromiumPath === null)("using the web page", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

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
      .getByRole("button", { name: /^Change the deal/ })
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
    await left.locator(".said.mine .bubble:not(.faint)").getByText("pasted.png").waitFor();
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

  test("one click says yes to all that is open on a card, each by the digest that was seen", async () => {
    const server = await browser.serve();
    const { right } = await browser.open(server);
    const two = ["a", "b"].map((letter) =>
      dealItem({ action: `act_${letter}`, approval: `apr_${letter}`, digest: letter.repeat(64) }),
    );
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Both", two);
    await right.getByRole("button", { name: "Approve all 2" }).click();
    await vi.waitFor(() =>
      expect(server.requests.findLast((one) => one.method === "DECIDE")?.body).toEqual([
        { id: "apr_a", digest: "a".repeat(64) },
        { id: "apr_b", digest: "b".repeat(64) },
      ]),
    );
    await right
      .getByRole("button", { name: /^Approve/ })
      .first()
      .waitFor({ state: "detached" });
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
    // A key that is held or pressed twice asks, and does not answer.
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect((await focused())?.name).toContain("Approve €12,400.00?"));
    await page.keyboard.press("Enter");
    expect(server.requests.filter((one) => one.method === "DECIDE")).toEqual([]);
    await page.keyboard.press("Escape");
    await vi.waitFor(async () => expect((await focused())?.name).toBe("Approve"));
    await page.keyboard.press("Tab");
    expect((await focused())?.name).toBe("Refuse");
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect((await focused())?.name).toBe("INPUT"));
    await page.keyboard.press("Escape");
    // Back where it came from, not on the yes.
    await vi.waitFor(async () => expect((await focused())?.name).toBe("Refuse"));
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect((await focused())?.name).toContain("Approve €12,400.00?"));
    await page.keyboard.press("Tab");
    expect((await focused())?.name).toBe("Yes, approve €12,400.00");
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
    heard.push((await log.textContent()) ?? "");
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
