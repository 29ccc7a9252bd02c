import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, say } from "./browser.ts";
import { dealItem } from "./cards.ts";
import { type FakeServer, TOKEN } from "./fake-server.ts";
import { BEN, SOFIA } from "./people.ts";
import { addDocuments } from "./scenes.ts";

const chromiumPath = await chromiumOrSkip("links to the web page, and messages that survive a reload");

/** A conversation of two messages. */
async function conversation(server: FakeServer, owner: string, words: string) {
  const session = server.store.begin(owner, words);
  await server.say(session, newId("trn"), words);
  return session;
}

describe.skipIf(chromiumPath === null)("the web page", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  const signIn = async (page: Page) => {
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
  };

  test("a link to a conversation opens it after the sign-in, and a reload stays where one went since", async () => {
    const server = await browser.serve({ mode: "token" });
    await conversation(server, BEN.id, "the other one");
    const { id } = await conversation(server, BEN.id, "the linked one");
    const { page } = await browser.open(server, {}, `/?session=${id}&language=en`);
    expect(new URL(page.url()).searchParams.get("session")).toBe(id);
    await signIn(page);
    await page.getByText("the linked one").waitFor();
    expect(page.url()).toBe(`${server.url}/?language=en`);
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByText("Good to see you").waitFor();
    await page.reload();
    await page.getByText("Good to see you").waitFor();
  });

  test("a link to somebody else's conversation says so calmly, and shows nothing of it", async () => {
    const server = await browser.serve({ mode: "token" });
    const { id } = await conversation(server, SOFIA.id, "only for Sofia");
    for (const asked of [id, "ses_nothing", "..%2Fme", "javascript:alert(1)"]) {
      const { page, faults } = await browser.open(server, {}, `/?session=${asked}`);
      await signIn(page);
      await page.getByText("Good to see you").waitFor();
      if (asked.startsWith("ses_"))
        await page.getByRole("status").getByText("is not there, or it is not yours").waitFor();
      expect(await page.getByText("only for Sofia").count()).toBe(0);
      expect(faults).toEqual([]);
      await page.getByLabel("Message to Steward").fill("still works");
      await page.getByLabel("Message to Steward").press("Enter");
      await page.locator(".bubble:not(.faint)").getByText("still works").waitFor();
      expect(await page.getByText("is not there, or it is not yours").count()).toBe(0);
    }
  });

  test.each(["named by the link", "found by what waits"])(
    "a card's link shows its decider the request, %s, and nothing else of that conversation",
    async (how) => {
      const server = await browser.serve({ mode: "token" });
      const theirs = await conversation(server, SOFIA.id, "only for Sofia");
      const turn = newId("trn");
      const candidates = [{ id: BEN.id, name: BEN.name }];
      const approvers = [{ group: "sales", title: "someone in sales", needed: 1, given: [], candidates }];
      await server.card(theirs, turn, "Raise the deal", [dealItem({ approvers })]);
      const about = how === "named by the link" ? `&turn=${turn}` : "";
      const { page, faults } = await browser.open(server, {}, `/?session=${theirs.id}${about}&language=en`);
      await signIn(page);
      const request = page.getByRole("dialog", { name: "Request of Sofia Marin" });
      await request.getByText("Raise the deal").first().waitFor();
      await request.getByText("The rest of the conversation is only for Sofia Marin.").waitFor();
      expect(await page.getByText("only for Sofia", { exact: true }).count()).toBe(0);
      expect(page.url()).toBe(`${server.url}/?language=en`);
      await page.keyboard.press("Escape");
      // No word that something is gone: it is where they are.
      await page.getByText("Good to see you").waitFor();
      expect(await page.getByText("is not there, or it is not yours").count()).toBe(0);
      expect(faults).toEqual([]);
    },
  );

  test("a link to a passage opens it with what it says marked, over one's own conversation", async () => {
    const server = await browser.serve({ mode: "token" });
    addDocuments(server);
    const quote = encodeURIComponent("one day is added");
    const { page } = await browser.open(server, {}, `/?document=doc_leave&passage=p2&quote=${quote}`);
    await signIn(page);
    const dialog = page.getByRole("dialog", { name: "Leave and absence" });
    await dialog.locator("mark").getByText("one day is added").waitFor();
    expect(await dialog.locator(".cited").getByText("Quoted passage").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByText("Good to see you").waitFor();
    await page.goto(`${server.url}/?document=doc_leave&passage=p3`);
    await dialog.locator(".cited").getByText("Enter it in the calendar").waitFor();
    // One that may not be read, or is gone.
    await page.goto(`${server.url}/?document=doc_secret&passage=p1`);
    await page.getByRole("dialog").getByText("There is no such document, or you may not read it.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Message to Steward").waitFor();
  });

  test("on the demo page a link opens for the person on the left alone", async () => {
    const server = await browser.serve();
    addDocuments(server);
    const { id } = await conversation(server, BEN.id, "the linked one");
    const { page, left, right } = await browser.open(server, {}, `/?session=${id}`);
    await left.getByText("the linked one").waitFor();
    expect(await right.getByText("the linked one").count()).toBe(0);
    await page.goto(`${server.url}/?document=doc_leave&passage=p2`);
    await left.getByText("Everyone has 25 days").waitFor();
    await page.keyboard.press("Escape");
    await left.getByLabel("Speak as").selectOption(SOFIA.id);
    await left.getByText("Good to see you, Sofia").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  /** The page comes, but nothing reaches Steward. */
  const cutOff = async (server: FakeServer, page: Page) => {
    await page.route("**/api/**", (route) => route.abort());
    server.down.hasNoSockets = true;
    server.dropSockets();
  };
  const reconnect = async (server: FakeServer, page: Page) => {
    await page.unroute("**/api/**");
    server.down.hasNoSockets = false;
  };
  const textsOf = (server: FakeServer) =>
    [...server.store.sessions.values()].map((session) =>
      [...session.items.values()].flatMap((item) => (item.kind === "message" ? [item.text] : [])),
    );

  test("what was written offline goes once and in order, though the page was loaded anew meanwhile", async () => {
    const server = await browser.serve({ mode: "token" });
    const { page } = await browser.open(server);
    await signIn(page);
    const all = page.locator(".full");
    await say(all, "before");
    await all.locator(".bubble:not(.faint)").getByText("before").waitFor();
    await cutOff(server, page);
    await say(all, "first");
    await say(all, "second");
    await all.getByText("Not sent yet").first().waitFor();
    await page.reload();
    await reconnect(server, page);
    await vi.waitFor(() => expect(textsOf(server)).toEqual([["before", "first", "second"]]), 15_000);
    await all.locator(".bubble:not(.faint)").getByText("second").waitFor();
    expect(await all.locator(".bubble").allInnerTexts()).toEqual(["before", "first", "second"]);
    await page.reload();
    await all.getByText("second").waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(["steward.token"]);
    expect(textsOf(server)).toEqual([["before", "first", "second"]]);
  });

  test("two first messages of a new conversation become one conversation", async () => {
    const server = await browser.serve();
    const { page, left } = await browser.open(server);
    await left.getByText("Good to see you").waitFor();
    await cutOff(server, page);
    await say(left, "first");
    await say(left, "second");
    await page.reload();
    await reconnect(server, page);
    await vi.waitFor(() => expect(textsOf(server)).toEqual([["first", "second"]]), 15_000);
    await left.locator(".bubble:not(.faint)").getByText("second").waitFor();
  });

  test("what was written goes to the conversation it was written in, also from another one", async () => {
    const server = await browser.serve();
    const { page, left } = await browser.open(server);
    await say(left, "one");
    await left.locator(".bubble:not(.faint)").getByText("one").waitFor();
    await cutOff(server, page);
    await say(left, "one more");
    await left.getByText("Not sent yet").waitFor();
    await left.getByRole("button", { name: "New conversation" }).click();
    await left.getByText("Good to see you").waitFor();
    expect(await left.getByText("one more").count()).toBe(0);
    await say(left, "elsewhere");
    await reconnect(server, page);
    await vi.waitFor(() => expect(textsOf(server)).toEqual([["one", "one more"], ["elsewhere"]]), 15_000);
  });

  test("nobody sends what another wrote in the same tab, and nothing old goes without being asked", async () => {
    const server = await browser.serve({ mode: "token" });
    const { page } = await browser.open(server);
    await page.evaluate(
      ([ben, sofia]) => {
        const keep = (person: string, text: string, at: number, letter: string) => {
          const id = `msg_${letter.repeat(26)}`;
          const value = { id, to: "new_x", text, files: [], at: new Date(at).toISOString() };
          sessionStorage.setItem(`steward.unsent:${person}:${id}`, JSON.stringify(value));
        };
        keep(sofia ?? "", "from Sofia", Date.now(), "a");
        keep(ben ?? "", "from yesterday", Date.now() - 86_400_000, "b");
        keep(ben ?? "", "from now", Date.now(), "c");
        sessionStorage.setItem(`steward.unsent:${ben}:msg_broken`, "{");
      },
      [BEN.id, SOFIA.id],
    );
    await signIn(page);
    await page.getByText("This was not sent.").waitFor();
    await vi.waitFor(() => expect(textsOf(server)).toEqual([["from now"]]));
    await page.getByRole("button", { name: "Send again" }).click();
    await vi.waitFor(() => expect(textsOf(server)).toEqual([["from now", "from yesterday"]]));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
  });
});
