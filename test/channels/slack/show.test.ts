import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answer, card, cardOut, openSlackRoom, type SlackRoom } from "./slack-room.ts";

const NORA = "nora@acme.example";

describe("what Steward shows in Slack", () => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await openSlackRoom();
  });
  afterEach(async () => await room.close());
  const ask = async (text = "hello there") => {
    const said = await room.nora.says("@steward", text);
    const thread = room.received.at(-1)?.thread;
    if (!thread) throw new Error("Nothing was received.");
    return { ...said, thread };
  };
  const own = (channel: string) =>
    room.platform.world.messagesOf(channel).filter(({ user }) => user === room.platform.team().botUser);
  const callsOf = (method: string) => room.platform.calls.filter((call) => call.method === method);

  it("shows an outbound once that comes twice, and edits in place what comes again", async () => {
    const { thread, channel } = await ask();
    const out = answer(thread, "First wording.", { viewer: NORA });
    await room.channel.post(out);
    await room.channel.post(out);
    expect(own(channel)).toHaveLength(1);
    if (out.item.kind !== "message") throw new Error();
    await room.channel.post({ ...out, id: "out_again", item: { ...out.item, text: "Second wording." } });
    expect(own(channel)).toHaveLength(1);
    expect(room.nora.sees("@steward", "Second wording.")).not.toBeNull();
  });

  it("finds what it had posted before a crash instead of posting it again", async () => {
    const { thread, channel } = await ask();
    const out = answer(thread, "Said once.", { viewer: NORA });
    const { save } = room.host.posts;
    let saves = 0;
    (room.host.posts as { save: typeof save }).save = async (post) => {
      saves += 1;
      if (saves > 1) throw new Error("The database went away.");
      await save(post);
    };
    await expect(room.channel.post(out)).rejects.toThrow("went away");
    (room.host.posts as { save: typeof save }).save = save;
    await room.channel.post(out);
    expect(own(channel)).toHaveLength(1);
  });

  it("shows a long answer whole in several messages, and takes away what a shorter one leaves", async () => {
    const { thread, channel } = await ask();
    const long = Array.from({ length: 900 }, (_, i) => `Line ${i} of the long answer that goes on.`).join(
      "\n\n",
    );
    const out = answer(thread, long, { viewer: NORA });
    await room.channel.post(out);
    const count = own(channel).length;
    expect(count).toBeGreaterThan(1);
    const shown = room.nora
      .seen("@steward")
      .map(({ text }) => text)
      .join("\n");
    for (const i of [0, 450, 899]) expect(shown).toContain(`Line ${i} of`);
    if (out.item.kind !== "message") throw new Error();
    await room.channel.post({ ...out, id: "out_short", item: { ...out.item, text: "Short." } });
    expect(own(channel)).toHaveLength(1);
  }, 30_000);

  it("posts anew what somebody deleted, and gives up on a place that is gone", async () => {
    const { thread, channel } = await ask();
    const out = answer(thread, "Once.", { viewer: NORA });
    await room.channel.post(out);
    const [message] = own(channel);
    if (message) room.platform.world.remove(message);
    await room.channel.post({ ...out, id: "out_b" });
    expect(own(channel)).toHaveLength(1);
    const gone = { ...thread, conversation: `${room.platform.team().id}/C0GONE` };
    const failure = room.channel.post(answer(gone, "Nobody reads this.", { viewer: NORA }));
    await expect(failure).rejects.toMatchObject({ isPermanent: true, code: "channel_not_found" });
  });

  it("says once that a token is refused, asks for patience, and goes on when it works again", async () => {
    const { thread } = await ask();
    await room.platform.revoke("silently");
    const out = answer(thread, "Later.", { viewer: NORA });
    for (const _ of [1, 2]) {
      await expect(room.channel.post(out)).rejects.toMatchObject({
        isPermanent: false,
        retryAfterMs: 600_000,
      });
    }
    expect(room.logs.filter(({ what }) => what.includes("refuses the workspace's token"))).toHaveLength(1);
    room.platform.restore();
    await room.channel.post(out);
    expect(room.nora.sees("@steward", "Later.")).not.toBeNull();
  });

  it("streams words in a direct message, and the answer takes their place", async () => {
    const { thread, channel } = await ask();
    room.channel.stream?.({ session: "ses_1", turn: "trn_1", text: "Trains ", step: null });
    room.channel.stream?.({ session: "ses_1", turn: "trn_1", text: "first <!channel>", step: null });
    await expect.poll(() => own(channel)[0]?.text, { timeout: 4_000 }).toContain("Trains first");
    expect(own(channel)[0]?.text).not.toContain("<!channel>");
    room.channel.stream?.({ session: "ses_1", turn: "trn_1", text: ", and then", step: null });
    await room.channel.post(answer(thread, "Trains first, then planes.", { viewer: NORA, turn: "trn_1" }));
    expect(own(channel)).toHaveLength(1);
    expect(own(channel)[0]?.streaming?.state).toBe("completed");
    expect(room.nora.seen("@steward").filter(({ text }) => text.includes("Trains first"))).toHaveLength(1);
  });

  it("takes up the place of a stream that another process began", async () => {
    const { thread, channel } = await ask();
    room.channel.stream?.({ session: "ses_1", turn: "trn_1", text: "Half a sent", step: null });
    await expect.poll(() => own(channel).length, { timeout: 4_000 }).toBe(1);
    const { createSlackChannel } = await import("../../../channels/slack/slack-channel.ts");
    const other = await createSlackChannel(
      {
        ...{
          mode: "http",
          botToken: room.platform.botToken(),
          appToken: null,
          signingSecret: "x".repeat(32),
        },
        ...{
          clientId: null,
          clientSecret: null,
          workspaces: [],
          apiUrl: room.platform.apiUrl,
          publicUrl: null,
        },
      },
      room.host,
      () => undefined,
    );
    await other.post(answer(thread, "A whole sentence.", { viewer: NORA, turn: "trn_1" }));
    await other.stop();
    expect(own(channel)).toHaveLength(1);
    expect(room.nora.sees("@steward", "A whole sentence.")).not.toBeNull();
  });

  it("never streams where others read along, and never throws for a session nobody knows", async () => {
    await room.nora.says("sales", "@steward hello");
    room.channel.stream?.({
      session: "ses_1",
      turn: "trn_1",
      text: "secret words",
      step: "Reading payroll.pdf",
    });
    room.channel.stream?.({ session: "ses_none", turn: "trn_9", text: "x", step: null });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(callsOf("chat.startStream")).toEqual([]);
    expect(JSON.stringify(room.platform.calls)).not.toContain("payroll");
  });

  it("shows an answer in a channel only when everybody there may see it", async () => {
    const said = await room.nora.says("sales", "@steward what does Ben earn?");
    const thread = room.received[0]?.thread;
    if (!thread) throw new Error();
    const label = { sensitivity: "confidential", readers: ["hr"] } as const;
    let asked: readonly (string | null)[] = [];
    room.will.mayAllSee = (_label, people) => {
      asked = people;
      return false;
    };
    await room.channel.post(answer(thread, "Ben earns 5,000.", { viewer: NORA, label }));
    expect([...asked].sort()).toEqual(["ben@acme.example", NORA]);
    expect(room.ben.sees("sales", "5,000")).toBeNull();
    expect(JSON.stringify(own(said.channel))).not.toContain("5,000");
    await room.ben.clicks("sales", "Show it to me");
    expect(room.ben.sees("sales", "5,000")).toBeNull();
    expect(room.ben.sees("sales", "for the person who asked")).not.toBeNull();
    await room.nora.clicks("sales", "Show it to me");
    expect(room.nora.sees("sales", "Ben earns 5,000.")).not.toBeNull();
    expect(room.ben.sees("sales", "5,000")).toBeNull();
  });

  it("shows a long private answer whole, to its reader alone", async () => {
    await room.nora.says("sales", "@steward tell me all");
    const thread = room.received[0]?.thread;
    if (!thread) throw new Error();
    room.will.mayAllSee = () => false;
    const lines = Array.from(
      { length: 250 },
      (_, n) => `Line ${n} with an emoji 👩‍👩‍👧 and \0 nothing. ${"long ".repeat(25)}`,
    );
    await room.channel.post(answer(thread, lines.join("\n\n"), { viewer: NORA }));
    const done = room.nora.clicks("sales", "Show it to me");
    const said = () =>
      room.nora
        .seen("sales")
        .map(({ text }) => text)
        .join("\n");
    await expect.poll(said, { timeout: 20_000 }).toContain("Line 249 with");
    await done;
    expect([...said().matchAll(/Line (\d+) with an emoji 👩‍👩‍👧/g)].map(([, n]) => Number(n))).toEqual(
      lines.map((_, n) => n),
    );
    expect(room.ben.sees("sales", "Line 1")).toBeNull();
  }, 30_000);

  it("shows it where all may see it, and in private where a guest reads along or the label is unknown", async () => {
    await room.nora.says("sales", "@steward policy?");
    await room.nora.says("mixed", "@steward policy?");
    room.will.mayAllSee = (_label, people) => !people.includes(null);
    const [open, mixed] = room.received.map(({ thread }) => thread);
    if (!open || !mixed) throw new Error();
    const label = { sensitivity: "internal", readers: ["everyone"] } as const;
    await room.channel.post(answer(open, "Trains first.", { viewer: NORA, label }));
    expect(room.ben.sees("sales", "Trains first.")).not.toBeNull();
    await room.channel.post(answer(open, "Unlabelled words.", { viewer: NORA }));
    expect(room.ben.sees("sales", "Unlabelled words.")).toBeNull();
    await room.channel.post(answer(mixed, "Trains first.", { viewer: NORA, label }));
    expect(room.platform.person("guest").sees("mixed", "Trains first.")).toBeNull();
  });

  it("shows what waits in the person's direct message, or in the channel that they chose, once for all", async () => {
    await room.nora.says("@steward", "hello");
    const place = { channel: "slack", conversation: NORA, thread: "approvals" } as const;
    const label = { sensitivity: "internal", readers: ["everyone"] } as const;
    await room.channel.post(cardOut(place, card(), { viewer: NORA, label }));
    expect(room.nora.sees("@steward", "Renewal 2027")).not.toBeNull();
    const approvals = room.platform.channel("approvals").id;
    for (const who of [NORA, "ben@acme.example"]) {
      room.places.set(who, { kind: "channel", channel: "slack", id: approvals });
    }
    const other = card({ id: "trn_2" });
    await Promise.all(
      [NORA, "ben@acme.example"].map(
        async (who) =>
          await room.channel.post(cardOut({ ...place, conversation: who }, other, { viewer: who, label })),
      ),
    );
    expect(own(approvals)).toHaveLength(1);
    expect([...room.posts.values()].filter(({ item }) => item === "trn_2")).toHaveLength(2);
  });

  it("waits as Slack says when it came too fast, and stays within the limits in a burst", async () => {
    await room.close();
    room = await openSlackRoom({ limits: "on" });
    const { thread, channel } = await ask();
    await Promise.all(
      [1, 2, 3].map(async (n) => await room.channel.post(answer(thread, `Answer ${n}.`, { viewer: NORA }))),
    );
    expect(own(channel)).toHaveLength(3);
    expect(room.platform.limits.violations).toEqual([]);
  }, 15_000);
});
