import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StewardError } from "../../../src/types/steward-error.ts";
import { card, cardItem, cardOut, openSlackRoom, type SlackRoom } from "./slack-room.ts";

const NORA = "nora@acme.example";
const done = () =>
  card({ items: [cardItem({ status: "succeeded", mayDecide: false, outcome: "Changed to €48,000." })] });

describe("deciding in Slack", () => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await openSlackRoom();
    await room.nora.says("@steward", "hello");
    room.cards.set("trn_1", card());
    room.will.approve = async () => ({ card: done(), message: "Approved: the deal is changed." });
    const thread = { channel: "slack", conversation: NORA, thread: "approvals" } as const;
    await room.channel.post(cardOut(thread, card(), { viewer: NORA }));
  });
  afterEach(async () => await room.close());
  const did = (name: string) => room.calls.filter((call) => call.name === name).map(({ args }) => args);

  it("approves exactly what was shown, and shows the outcome where it was clicked", async () => {
    await room.nora.clicks("@steward", "Approve");
    expect(did("approve")).toEqual([[NORA, "apr_1", null, { digest: "d1" }]]);
    await expect
      .poll(() => room.nora.sees("@steward", "Approved: the deal is changed."), { timeout: 4_000 })
      .not.toBeNull();
    expect(room.nora.sees("@steward", "Approve")?.buttons.map(({ label }) => label) ?? []).not.toContain(
      "Approve",
    );
  });

  it("puts nothing into a button but an opaque id", () => {
    const shown = room.nora.sees("@steward", "Approve");
    const values = shown?.buttons.flatMap(({ value }) => (value === null ? [] : [value])) ?? [];
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) expect(value).toMatch(/^[a-z0-9]{33}\.\d+$/);
  });

  it("asks for a reason before it refuses", async () => {
    await room.nora.clicks("@steward", "Refuse");
    expect(did("refuse")).toEqual([]);
    await room.nora.submits({ "Why do you refuse?": "Too much for this year." });
    expect(did("refuse")).toEqual([[NORA, "apr_1", "Too much for this year."]]);
    await expect
      .poll(() => room.nora.sees("@steward", "Approved: the deal is changed."), { timeout: 4_000 })
      .not.toBeNull();
  });

  it("says to the clicker alone why they may not, in the house's words", async () => {
    room.will.approve = async () => {
      throw new StewardError("APR-403", "This needs a sales manager: ask Ben Weber.");
    };
    await room.nora.clicks("@steward", "Approve");
    expect(room.nora.sees("@steward", "This needs a sales manager: ask Ben Weber.")).not.toBeNull();
  });

  it("refuses whoever is nobody of the directory any more", async () => {
    room.will.isKnown = () => false;
    await room.nora.clicks("@steward", "Approve");
    expect(did("approve")).toEqual([]);
    await expect
      .poll(() => room.nora.sees("@steward", "I do not know who you are here."), { timeout: 4_000 })
      .not.toBeNull();
  });

  it("answers a made-up button calmly and does nothing", async () => {
    const button = room.nora.sees("@steward", "Approve")?.buttons.find(({ label }) => label === "Approve");
    const element = button?.element as { value: string };
    element.value = `${"0".repeat(33)}.0`;
    if (button) (button as { value: string | null }).value = element.value;
    const shown = room.platform.world
      .messagesOf(
        room.nora.sees("@steward", "Approve")
          ? (room.received[0]?.thread.conversation.split("/")[1] ?? "")
          : "",
      )
      .findLast(({ blocks }) => JSON.stringify(blocks).includes("Approve"));
    if (!shown) throw new Error("There is no card.");
    shown.blocks = JSON.parse(
      JSON.stringify(shown.blocks).replace(/[a-z0-9]{33}\.\d+/g, `${"0".repeat(33)}.0`),
    );
    const ack = await room.nora.clicks("@steward", "Approve");
    expect(ack.isAcked).toBe(true);
    expect(did("approve")).toEqual([]);
    expect(room.nora.sees("@steward", "not valid any more")).not.toBeNull();
  });

  it("does not take a button into another workspace", async () => {
    const { createSheets } = await import("../../../channels/slack/sheets.ts");
    const sheets = createSheets(room.host);
    const sheet = sheets.open("T1", NORA);
    const id = sheet.idFor({ kind: "undo", card: "trn_1", action: "act_1" });
    await sheet.save();
    expect(await sheets.read(id, "T2")).toBeNull();
    expect((await sheets.read(id, "T1"))?.intent.kind).toBe("undo");
  });

  it("shows in the home tab what waits, and decides there", async () => {
    await room.nora.opensHome();
    await expect.poll(() => room.nora.home()?.text ?? "").toContain("Waiting for you");
  });

  it("suggests things to try when the conversation is opened", async () => {
    const root = await room.nora.opensAssistant();
    await expect.poll(() => room.nora.prompts("@steward", root).length).toBe(2);
    await room.nora.opensHome("messages");
    await expect.poll(() => room.nora.prompts("@steward").length).toBe(2);
  });
});

describe("deciding in the thread where it was asked", () => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await openSlackRoom();
  });
  afterEach(async () => await room.close());
  const label = { sensitivity: "internal", readers: ["everyone"] } as const;

  it("lets whoever may decide do it there, and says to others alone why not", async () => {
    await room.ben.says("sales", "@steward raise the renewal to 48k");
    await room.nora.says("@steward", "hello");
    const thread = room.received[0]?.thread;
    if (!thread) throw new Error();
    const group = {
      ...{ group: "sales-managers", title: "a sales manager", needed: 1, given: [] },
      candidates: [{ id: NORA, name: "Nora" }],
    };
    const asked = card({
      items: [cardItem({ mayDecide: false, mayNotBecause: "You asked.", approvers: [group] })],
    });
    room.cards.set("trn_1", card());
    room.will.approve = async (as) => {
      if (as !== NORA) throw new StewardError("APR-403", "This needs a sales manager: ask Nora.");
      return { card: done(), message: "Approved: the deal is changed." };
    };
    await room.channel.post(cardOut(thread, asked, { viewer: "ben@acme.example", label }));
    expect(await room.channel.isOpenTo?.(thread, NORA)).toBe(true);
    expect(await room.channel.isOpenTo?.(thread, "somebody@acme.example")).toBe(false);
    await room.ben.clicks("sales", "Approve");
    await expect.poll(() => room.ben.sees("sales", "ask Nora"), { timeout: 4_000 }).not.toBeNull();
    expect(room.nora.sees("sales", "ask Nora")).toBeNull();
    await room.nora.clicks("sales", "Approve");
    await expect.poll(() => room.nora.sees("sales", "Approved: the deal"), { timeout: 4_000 }).not.toBeNull();
  });

  it("is no place for deciding when the card cannot be shown there", async () => {
    await room.ben.says("sales", "@steward raise it");
    await room.nora.says("@steward", "hello");
    const thread = room.received[0]?.thread;
    if (!thread) throw new Error();
    room.will.mayAllSee = () => false;
    await room.channel.post(cardOut(thread, card(), { viewer: "ben@acme.example", label }));
    expect(await room.channel.isOpenTo?.(thread, NORA)).toBe(false);
    expect(room.nora.sees("sales", "Renewal 2027")).toBeNull();
  });

  it("makes a reminder noticed, once", async () => {
    await room.nora.says("@steward", "hello");
    const thread = { channel: "slack", conversation: NORA, thread: "approvals" } as const;
    const out = cardOut(thread, card(), { viewer: NORA });
    await room.channel.post(out);
    const again = { ...out, id: "out_reminder", isReminder: true };
    await room.channel.post(again);
    await room.channel.post(again);
    expect(room.nora.seen("@steward").filter(({ text }) => text.includes("still waits"))).toHaveLength(1);
  });
});

describe("deciding from the home tab", () => {
  it("reviews a card in a window and decides there, by edit of the window itself", async () => {
    const room = await openSlackRoom();
    try {
      await room.nora.says("@steward", "hello");
      room.cards.set("trn_1", card());
      room.will.approve = async () => ({ card: done(), message: "Approved: the deal is changed." });
      await room.nora.opensHome();
      await expect.poll(() => room.nora.home()?.buttons.map(({ label }) => label) ?? []).toContain("Review");
      await room.nora.clicksAtHome("Review");
      await expect.poll(() => room.nora.modal()?.text ?? "").toContain("Renewal 2027");
      await room.nora.clicksInModal("Approve");
      expect(room.calls.filter(({ name }) => name === "approve")).toHaveLength(1);
      await expect.poll(() => room.nora.modal()?.text ?? "").toContain("Approved: the deal is changed.");
      expect(room.nora.modal()?.buttons.map(({ label }) => label)).not.toContain("Approve");
    } finally {
      await room.close();
    }
  });
});

describe("a card that only its viewer sees", () => {
  it("loses its buttons when it was decided", async () => {
    const room = await openSlackRoom();
    try {
      await room.nora.says("sales", "@steward pay the invoice");
      const thread = room.received[0]?.thread;
      if (!thread) throw new Error();
      room.cards.set("trn_1", card());
      room.will.mayAllSee = () => false;
      room.will.approve = async () => ({ card: done(), message: "Approved: the deal is changed." });
      await room.channel.post(cardOut(thread, card(), { viewer: NORA }));
      await room.nora.clicks("sales", "Show it to me");
      await expect.poll(() => room.nora.sees("sales", "Approve")).not.toBeNull();
      await room.nora.clicks("sales", "Approve");
      expect(room.calls.filter(({ name }) => name === "approve")).toHaveLength(1);
      const labels = () =>
        room.nora.seen("sales").flatMap(({ buttons }) => buttons.map(({ label }) => label));
      await expect.poll(labels, { timeout: 4_000 }).not.toContain("Approve");
      expect(room.ben.sees("sales", "Renewal")).toBeNull();
    } finally {
      await room.close();
    }
  });
});
