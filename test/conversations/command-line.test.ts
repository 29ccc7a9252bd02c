import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at } from "./house.ts";
import { type Running, startRunning } from "./running.ts";
import { iso, spoken } from "./step.ts";

let running: Running;
beforeAll(async () => {
  running = await startRunning();
}, 120_000);
afterAll(() => running.stop());

const INVOICE = join("demo", "invoices", "lichtwerk-glas-LG-2026-1180.pdf");

test("questions are answered from the documents that the asker may read", async () => {
  const mine = await running.ask("How many days a week may I work from home?", "ben.okafor");
  expect(mine).toMatchObject({ status: "done", error: null, actions: [] });
  expect(mine.citations.map((c) => c.title)).toEqual(["Working from home and abroad"]);
  const secret = await running.ask("what are the salary bands?", "ben.okafor");
  expect(secret.citations.map((c) => c.title)).not.toContain("Salary bands");
  expect(secret.reply).not.toMatch(/74,000/);
}, 60_000);

test("a meeting is booked and moved in one session, and taken back", async () => {
  const booked = await running.ask(`book a call with Omar on ${spoken()} at 10`, "ben.okafor");
  expect(booked.actions).toMatchObject([
    { tool: "calendar.createEvent", decision: "permit", status: "succeeded" },
  ]);
  const moved = await running.ask("move it to 11", "ben.okafor", "--session", booked.session);
  expect(moved.actions).toMatchObject([{ tool: "calendar.moveEvent", decision: "permit" }]);
  const shown = await running.ask(
    `what's on my calendar on ${spoken()}?`,
    "ben.okafor",
    "--session",
    booked.session,
  );
  expect(shown.actions).toMatchObject([{ tool: "calendar.listEvents", args: { day: iso() } }]);
  const undone = await running.steward("undo", moved.actions[0]?.id ?? "", "--as", at("ben.okafor"));
  expect(undone.code).toBe(0);
}, 60_000);

test("a deal above the limit waits for a sales manager and for nobody else", async () => {
  const asked = await running.ask("Change the Renewal 2027 deal of Globex to 52,000", "ben.okafor");
  expect(asked).toMatchObject({
    status: "waiting",
    actions: [{ decision: "ask", rules: ["crm-big-change"] }],
  });
  const approval = asked.actions[0]?.approval ?? "";
  const wrong = await running.steward("approve", approval, "--as", at("julia.weiss"));
  expect(wrong.code).toBe(1);
  expect(JSON.stringify(wrong.json)).toMatch(/Sofia Marin|sales manager/);
  const right = await running.steward("approve", approval, "--as", at("sofia.marin"));
  expect(right.code).toBe(0);
  const deals = await running.ask("which deals do we have with Globex?", "ben.okafor");
  expect(deals.reply).toContain("€52,000");
}, 60_000);

test("an attached invoice is booked after finance has looked, and its payment needs two", async () => {
  const asked = await running.ask("book it and pay it", "grace.liu", "--attach", INVOICE);
  expect(asked).toMatchObject({ status: "waiting", actions: [{ tool: "invoice.book", decision: "ask" }] });
  await running.steward("approve", asked.actions[0]?.approval ?? "", "--as", at("marek.novak"));
  const waiting = await running.steward("approvals", "--as", at("julia.weiss"));
  expect(JSON.stringify(waiting.json)).toMatch(/Pay /);
}, 60_000);

test("an ambiguous name is asked back, and the answer goes on", async () => {
  const asked = await running.ask(`book half an hour with Ben on ${spoken()} at 2`, "grace.liu");
  expect(asked.actions).toEqual([]);
  expect(asked.reply).toMatch(/Ben Okafor.*Ben Carter|Ben Carter.*Ben Okafor/s);
  const done = await running.ask("Carter", "grace.liu", "--session", asked.session);
  expect(done.actions).toMatchObject([{ args: { attendees: [at("ben.carter")] }, status: "succeeded" }]);
}, 60_000);

test("a reminder keeps what was said, and what waits is told", async () => {
  const set = await running.ask("remind me tomorrow at 9 to call Karin", "ana.costa");
  expect(set.actions).toMatchObject([{ tool: "reminder.create", args: { text: "call Karin" } }]);
  const waits = await running.ask("is anything waiting for me?", "ana.costa");
  expect(waits.actions).toMatchObject([{ tool: "steward.listApprovals" }]);
}, 60_000);
