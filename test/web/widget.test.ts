import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, say } from "./browser.ts";
import { dealItem, meetingItem, paymentItem } from "./cards.ts";
import { SUGGESTIONS } from "./fake-server.ts";
import { BEN, INES, SOFIA } from "./people.ts";
import { playScenes } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("the web page in a browser");

describe.skipIf(chromiumPath === null)("requests, approvals and recovery on the web page", () => {
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
    await right.getByLabel(/Why do you refuse/).waitFor();
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

  test("where sockets are forbidden the conversation goes on over HTTP, without a warning that stays", async () => {
    const server = await browser.serve({ reply: playScenes(2) });
    server.down.hasNoSockets = true;
    const { left, right } = await browser.open(server);
    await left.getByText("Good to see you, Ben").waitFor();
    await say(left, "Change the deal");
    await left.getByText("Waiting for a sales manager").waitFor();
    await right.getByRole("button", { name: "Approve" }).click();
    await left.getByText("Approved by Sofia Marin").waitFor();
    expect(await left.getByText("Connecting to Steward").count()).toBe(0);
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
});
