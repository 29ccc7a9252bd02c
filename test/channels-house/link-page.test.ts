import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLinkPage } from "../../src/api/link-page.ts";
import { startServer, type TestServer } from "../api/start-server.ts";
import { ALICE, BOB } from "../approvals/company.ts";
import { chromiumOrSkip, launchChromium } from "../setup/chromium.ts";
import { openPlatforms, type Platforms, WORKSPACE } from "./open-platforms.ts";

const chromium = await chromiumOrSkip("the page behind a one-time link");

describe("the page behind a one-time link", () => {
  let all: Platforms;
  let server: TestServer;
  beforeAll(async () => {
    all = await openPlatforms("pglite");
    server = await startServer(all.house.db, all.ports, { pages: createLinkPage({ isDemo: true }) });
  });
  afterAll(async () => {
    await server.close();
    await all.close();
  });

  const asTold = (account: string) => ({
    ...all.account("slack", ALICE, { account, email: null }),
    name: "Mallory\u202e (it is you)",
    workspaceName: "Acme",
  });
  const newCode = async (account: string): Promise<string> => {
    const who = await all.slack.host().identify(asTold(account));
    return who.kind === "unmapped" ? (who.linkUrl?.split("/link/")[1] ?? "") : "";
  };
  const known = async (account: string) =>
    (await all.slack.host().identify(asTold(account), { link: false })).kind;
  const say = async (account: string, text: string) =>
    await all.slack.host().confirmLink(asTold(account), text);

  it("is the same for every code, runs only its own script, and is kept by nobody", async () => {
    const [real, made] = [await newCode("U-page"), "x".repeat(32)];
    const pages = await Promise.all(
      [real, made].map(async (code) => await server.call("GET", `/link/${code}`)),
    );
    expect(pages[0]?.text).toBe(pages[1]?.text);
    expect(pages[0]?.text).not.toContain(real);
    expect(pages[0]?.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    expect(pages[0]?.headers["content-security-policy"]).toContain("script-src 'self'");
    expect(pages[0]?.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
  });

  it("ties nothing by being opened, nor by a request that another site could make", async () => {
    const code = await newCode("U-forged");
    const path = `/api/links/${code}/confirm`;
    await server.call("GET", `/link/${code}`);
    expect((await server.call("GET", path, { headers: server.as(ALICE.id) })).status).toBe(404);
    expect((await server.call("POST", path, { headers: { "X-Steward-As": ALICE.id } })).body.code).toBe(
      "API-428",
    );
    expect(
      (await server.call("POST", path, { headers: { "Idempotency-Key": randomUUID() } })).body.code,
    ).toBe("AUTH-400");
    const foreign = { ...server.as(ALICE.id), Origin: "https://elsewhere.example" };
    expect((await server.call("POST", path, { headers: foreign })).body.code).toBe("API-403");
    expect(await known("U-forged")).toBe("unmapped");
  });

  it("shows its number once, keeps it nowhere, and ties the account when that says the number", async () => {
    const code = await newCode("U-once");
    const headers = server.as(BOB.id);
    const offer = await server.call("GET", `/api/links/${code}`, { headers });
    expect(offer.body).toMatchObject({ name: "Mallory (it is you)", email: null, workspaceName: "Acme" });
    const first = await server.call("POST", `/api/links/${code}/confirm`, { headers });
    expect(first).toMatchObject({ status: 200, body: { account: "U-once" } });
    const { number, ...rest } = first.body as { number: string };
    expect(number).toMatch(/^\d{6}$/);
    expect((await server.call("POST", `/api/links/${code}/confirm`, { headers })).body).toEqual(rest);
    const again = await server.call("POST", `/api/links/${code}/confirm`, { headers: server.as(ALICE.id) });
    expect(again).toMatchObject({ status: 410, body: { code: "CHN-410" } });
    for (const table of ["link_codes", "idempotency", "audit"]) {
      const rows = await all.house.db.query<{ row: string }>(`select t::text as row from ${table} t`);
      expect(rows.filter(({ row }) => new RegExp(`(?<![\\da-f.])${number}(?![\\da-f])`).test(row))).toEqual(
        [],
      );
    }
    expect(await known("U-once")).toBe("unmapped");
    expect(await say("U-once", number)).toMatchObject({ kind: "known", principal: { id: BOB.id } });
    expect(await known("U-once")).toBe("known");
    const mine = await server.call("GET", "/api/accounts", { headers: server.as(BOB.id) });
    expect(mine.body.accounts).toMatchObject([{ account: "U-once", workspace: WORKSPACE }]);
    const removed = { channel: "slack", workspace: WORKSPACE, account: "U-once" };
    const answer = await server.call("POST", "/api/accounts/remove", {
      headers: server.as(BOB.id),
      body: removed,
    });
    expect(answer.body).toEqual({ removed: true });
    expect(await known("U-once")).toBe("unmapped");
  });

  it("takes nothing that is no code", async () => {
    for (const code of ["short", "x".repeat(33), "%2e%2e%2fetc", `${"x".repeat(31)}!`])
      expect((await server.call("GET", `/api/links/${code}`, { headers: server.as(BOB.id) })).status).toBe(
        400,
      );
  });

  it("asks the platform for administrators only", async () => {
    expect(
      (await server.call("GET", "/api/channels/slack/check", { headers: server.as(BOB.id) })).status,
    ).toBe(403);
  });

  it.skipIf(chromium === null)(
    "shows whose account it is, then the number that the account is to say",
    async () => {
      const browser = await launchChromium(chromium ?? "");
      try {
        const code = await newCode("U-clicked");
        const page = await browser.newPage();
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(error.message));
        page.on("console", (line) => line.type() === "error" && problems.push(line.text()));
        await page.goto(`${server.url}/link/${code}`);
        await page.selectOption("#person", BOB.id);
        await page.click("#sign-in button");
        await page.waitForSelector("#confirm:not([hidden])");
        expect(await page.textContent("#offer")).toContain("a Slack account in the workspace Acme.");
        expect(await page.textContent("#offer")).toContain("Bob");
        const facts = await page.$$eval("#told dt, #told dd", (all) => all.map((one) => one.textContent));
        expect(facts).toEqual([
          ...["Name, says Slack", "Mallory (it is you)", "Account", "U-clicked"],
          ...["Workspace", WORKSPACE],
        ]);
        expect(await page.textContent("#yes")).toBe("This is my Slack account in Acme");
        await page.click("#yes");
        await page.waitForSelector("#finish:not([hidden])");
        const number = (await page.textContent("#number")) ?? "";
        expect(await page.textContent("#todo")).toContain(`Type ${number} to Steward in Slack to finish`);
        expect(await known("U-clicked")).toBe("unmapped");
        expect(await say("U-clicked", number)).toMatchObject({ kind: "known", principal: { id: BOB.id } });
        await page.reload();
        await page.click("#sign-in button");
        await page.waitForSelector("#problem:not([hidden])");
        expect(await page.textContent("#problem")).toContain("CHN-410");
        expect(problems.filter((one) => !one.includes("410"))).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
