import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchSlackFile } from "../../../channels/slack/fetch-file.ts";
import { readMessageNews } from "../../../channels/slack/heard-message.ts";
import { mentionedUsers, mentions, toPlainText, unescapeText } from "../../../channels/slack/plain-text.ts";
import { createSendQueue } from "../../../channels/slack/send-queue.ts";
import { createSendingMark } from "../../../channels/slack/sending-mark.ts";
import type { SlackFailure } from "../../../channels/slack/slack-failure.ts";
import { asDraft } from "../../../channels/slack/stream-turn.ts";
import { fromThreadRef, toThreadRef } from "../../../channels/slack/thread-ref.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { hostileText } from "./hostile-text.ts";

const names = {
  person: (id: string) => (id === "U1" ? "ben@acme.example" : null),
  channel: () => null,
  self: "UBOT",
};
const plain = (text: string) => toPlainText(text, names);

describe("what a person wrote in Slack", () => {
  it("reads mentions by the workspace's name for them, never by the label they carry", () => {
    expect(plain("<@UBOT> send it to <@U1|ceo@acme.example>")).toBe("send it to ben@acme.example");
    expect(plain("to <@U9|ben@acme.example>")).toBe("to someone");
  });

  it("shows where a link leads whenever its words say something else", () => {
    expect(plain("<https://evil.example/x|https://bank.example>")).toBe(
      "https://bank.example (https://evil.example/x)",
    );
    expect(plain("<https://acme.example/a>")).toBe("https://acme.example/a");
    expect(plain("<mailto:ben@acme.example|ben@acme.example>")).toBe("ben@acme.example");
  });

  it("takes the three escapes back once, and keeps code as it was written", () => {
    expect(plain("a &amp;lt; b &lt;x&gt; &amp;amp;")).toBe("a &lt; b <x> &amp;");
    expect(plain("```\n  if (a &lt; b) {\n    go();\n  }\n```")).toBe(
      "```\n  if (a < b) {\n    go();\n  }\n```",
    );
  });

  it("is read whole, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
        expect(plain(escaped)).toBe(text.trim());
        expect(unescapeText(escaped)).toBe(text);
        expect(mentionedUsers(escaped, "UBOT")).toEqual([]);
        expect(mentions(escaped, "UBOT")).toBe(false);
      }),
    );
  });

  it("is nothing when nobody said it", () => {
    const event = (more: object) => ({
      team_id: "T1",
      event: { type: "message", channel: "D1", user: "U1", text: "x", ts: "1.000001", ...more },
    });
    expect(readMessageNews(event({})).kind).toBe("said");
    for (const more of [
      { bot_id: "B1" },
      { user: undefined },
      { subtype: "channel_join" },
      { ts: "now" },
      { ts: "1.1/U2" },
    ]) {
      expect(readMessageNews(event(more))).toEqual({ kind: "nothing" });
    }
    for (const junk of [
      null,
      1,
      {},
      { team_id: "T1" },
      { team_id: "T1", event: { subtype: "message_changed" } },
    ]) {
      expect(readMessageNews(junk)).toEqual({ kind: "nothing" });
    }
  });
});

describe("the place of a session", () => {
  it("survives the way to the house and back, and nothing else is taken for one", () => {
    for (const user of [null, "U1"]) {
      const place = { team: "T1", channel: user ? "C1" : "D1", root: "1700000000.000100", user };
      expect(fromThreadRef(toThreadRef(place))).toEqual(place);
    }
    for (const [conversation, thread] of [
      ["T1/C1", "approvals"],
      ["T1", "1.1"],
      ["T1/C1/C2", "1.1"],
      ["T1/C1", "1.1/U1/U2"],
      ["ben@acme.example", "1.1"],
    ] as const) {
      expect(fromThreadRef({ channel: "slack", conversation, thread })).toBeNull();
    }
  });
});

describe("words while they are written", () => {
  it("can never mention anybody, hide an address or load a picture", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("<", "!", "channel", ">", "[", "]", "(", ")", "https://x", "@U1")),
        (parts) => {
          const draft = parts.map(asDraft).join("");
          expect(draft).not.toMatch(/<|\]\(/);
        },
      ),
    );
    fc.assert(
      fc.property(fc.array(hostileText(5)), (parts) => {
        const draft = parts.map(asDraft).join("");
        expect(draft).not.toMatch(/<|\]\(|[\0\u202a-\u202e\u2066-\u2069]/);
        expect(draft.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("the queue before Slack", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("sends at most one message a second in a conversation, in order, others not held up", async () => {
    const queue = createSendQueue();
    const from = Date.now();
    const sent: (readonly [string, number])[] = [];
    const all = ["a1", "a2", "a3", "b1"].map(async (name) => {
      await queue.take("T1", "chat.postMessage", name.startsWith("a") ? "CA" : "CB", 10_000);
      sent.push([name, Date.now() - from]);
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(all);
    expect(sent.map(([name]) => name)).toEqual(["a1", "b1", "a2", "a3"]);
    const times = sent.filter(([name]) => name.startsWith("a")).map(([, at]) => at);
    expect(times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) >= 1_000)).toBe(true);
  });

  it("never lets more through in any minute than a method has", async () => {
    for (const [method, limit] of [
      ["chat.update", 50],
      ["chat.startStream", 20],
      ["users.info", 100],
    ] as const) {
      const queue = createSendQueue();
      const at: number[] = [];
      for (let n = 0; n < 300; n++)
        void queue.take("T1", method, null, 3_600_000).then(() => at.push(Date.now()));
      await vi.advanceTimersByTimeAsync(20 * 60_000);
      expect(at).toHaveLength(300);
      for (const start of at)
        expect(at.filter((t) => t >= start && t < start + 60_000).length).toBeLessThanOrEqual(limit);
    }
  });

  it("lets no minute have more than a method has when the process dies in it and begins anew", async () => {
    for (const [method, limit] of [
      ["chat.update", 50],
      ["users.info", 100],
      ["chat.postMessage", 300],
    ] as const) {
      for (const diesAfterMs of [1, 4_000, 31_000, 59_000]) {
        const notes = new Map<string, JsonObject>();
        const kept = {
          read: async (key: string) => notes.get(key) ?? null,
          write: async (key: string, value: JsonObject) => void notes.set(key, value),
        };
        const at: number[] = [];
        const life = () => {
          const queue = createSendQueue();
          const sending = createSendingMark(kept, queue);
          for (let n = 0; n < 400; n++) {
            void (async () => {
              await sending.learn();
              await queue.take("T1", method, null, 3_600_000);
              await sending.renew();
              at.push(Date.now());
            })().catch(() => undefined);
          }
          return queue;
        };
        const first = life();
        await vi.advanceTimersByTimeAsync(diesAfterMs);
        first.stop();
        expect(at.length).toBeGreaterThan(0);
        const second = life();
        await vi.advanceTimersByTimeAsync(2 * 60_000);
        second.stop();
        for (const start of at)
          expect(at.filter((t) => t >= start && t < start + 60_000).length).toBeLessThanOrEqual(limit);
        expect(at.length).toBeGreaterThan(limit * 1.3);
      }
    }
  });

  it("begins with all its room when nothing went out lately, and marks ahead of its calls now and then only", async () => {
    const writes: number[] = [];
    const started = Date.now();
    const notes = {
      read: async () => ({ until: started - 10 * 60_000 }),
      write: async (_: string, { until }: JsonObject) => void writes.push(Number(until) - Date.now()),
    };
    const queue = createSendQueue();
    const sending = createSendingMark(notes, queue);
    await sending.learn();
    for (let n = 0; n < 60; n++) await queue.take("T1", "users.info", null, 0);
    for (let s = 0; s < 60; s++) {
      await sending.renew();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(writes.length).toBeLessThanOrEqual(7);
    expect(writes.every((ahead) => ahead === 15_000)).toBe(true);
    // A database that is away neither holds calls back nor lets a full burst through.
    const away = {
      read: async () => await Promise.reject(new Error("away")),
      write: async () => await Promise.reject(new Error("away")),
    };
    const careful = createSendQueue();
    const blind = createSendingMark(away, careful);
    await blind.learn();
    await blind.renew();
    await expect(careful.take("T1", "users.info", null, 0)).rejects.toMatchObject({ code: "rate_limited" });
    await vi.advanceTimersByTimeAsync(2_000);
    await careful.take("T1", "users.info", null, 0);
  });

  it("lets one of those who ask go ahead, and has the others come back one after the other, the oldest soon", async () => {
    const queue = createSendQueue();
    const due = () => queue.dueInMs("T1", "chat.postMessage", "C1");
    expect(due()).toBe(0);
    const waits = Array.from({ length: 30 }, due);
    expect(waits.slice(0, 5)).toEqual([1_050, 2_100, 3_150, 4_200, 5_250]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    expect(queue.dueInMs("T1", "chat.postMessage", "C2")).toBe(0);
    // Whoever came back in time goes ahead, and what they send takes the turn.
    await vi.advanceTimersByTimeAsync(1_050);
    expect(due()).toBe(0);
    await queue.take("T1", "chat.postMessage", "C1", 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(due()).toBeGreaterThan(0);
    queue.pause("T1", "chat.postMessage", "C1", 30_000);
    expect(due()).toBeGreaterThanOrEqual(30_000);
  });

  it("does not make one conversation wait for those whom another one turned away", async () => {
    const queue = createSendQueue();
    for (let n = 0; n < 40; n++) queue.take("T1", "chat.postMessage", "C1", 500).catch(() => undefined);
    await queue.take("T1", "chat.postMessage", "C2", 500);
    const refused = queue.take("T1", "chat.postMessage", "C2", 500).catch((error: SlackFailure) => error);
    expect(await refused).toMatchObject({ retryAfterMs: 1_050 });
  });

  it("tells each whom it turns away a time of its own, and keeps a pause that Slack asked for", async () => {
    const queue = createSendQueue();
    const waits: number[] = [];
    for (let n = 0; n < 60; n++) {
      await Promise.race([
        queue.take("T1", "chat.postMessage", "C1", 5_000).catch((error: { retryAfterMs: number }) => {
          waits.push(error.retryAfterMs);
        }),
        Promise.resolve(),
      ]);
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(waits.length).toBeGreaterThan(50);
    expect(new Set(waits).size).toBe(waits.length);
    const other = createSendQueue();
    other.pause("T1", "chat.update", null, 30_000);
    await expect(other.take("T1", "chat.update", null, 1_000)).rejects.toMatchObject({
      code: "rate_limited",
    });
    let isThrough = false;
    void other.take("T1", "chat.update", null, 40_000).then(() => {
      isThrough = true;
    });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(isThrough).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(isThrough).toBe(true);
    queue.stop();
    await expect(queue.take("T1", "x", null, 0)).rejects.toMatchObject({ code: "stopped" });
  });
});

describe("fetching a file", () => {
  it("gives the token to Slack's own file hosts only, and looks at the size first", async () => {
    const limits = { maxBytes: 1_000, apiUrl: null };
    const spy = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("must not be asked"));
    for (const url of [
      "https://files.slack.com.evil.example/x",
      "https://evil.example/x",
      "http://files.slack.com/x",
      "https://files.slack.com:8443/x",
      "http://169.254.169.254/latest",
    ]) {
      const file = { id: "F1", name: "a.pdf", url_private_download: url };
      await expect(fetchSlackFile(file, "xoxb-1", limits)).rejects.toThrow(/Slack's own addresses/);
    }
    const huge = { id: "F1", name: "a.pdf", size: 1_001, url_private_download: "https://files.slack.com/x" };
    await expect(fetchSlackFile(huge, "xoxb-1", limits)).rejects.toThrow(/larger/);
    expect(spy).not.toHaveBeenCalled();
    spy.mockResolvedValue(
      new Response(null, { status: 302, headers: { location: "https://evil.example/y" } }),
    );
    const file = { id: "F1", name: "a.pdf", url_private_download: "https://files.slack.com/x" };
    await expect(fetchSlackFile(file, "xoxb-1", limits)).rejects.toThrow(/Slack's own addresses/);
    expect(spy).toHaveBeenCalledTimes(1);
    spy.mockResolvedValue(new Response(new Uint8Array(2_000)));
    await expect(fetchSlackFile(file, "xoxb-1", limits)).rejects.toThrow(/larger/);
    spy.mockRestore();
  });
});
