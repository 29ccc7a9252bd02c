import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SlackContext } from "../../../channels/slack/slack-context.ts";
import { failureOf } from "../../../channels/slack/slack-failure.ts";
import { createStreams } from "../../../channels/slack/stream-turn.ts";
import { createRecordingHost } from "./recording-host.ts";

/** Slack ends a stream after five minutes, whatever is appended. */
const SLACK_LIFE_MS = 300_000;
const PLACE = { team: "T1", channel: "D1", root: "1.000001", user: null };

type Message = { text: string; readonly since: number; isOpen: boolean };

/** Slack as far as streams go: by the clock of the test, and as strict as it is. */
function openSlack() {
  const { host } = createRecordingHost({ now: () => new Date() });
  const messages = new Map<string, Message>();
  const calls: string[] = [];
  const call: SlackContext["call"] = async (_team, method, args) => {
    calls.push(method);
    const text = String(args.markdown_text ?? "");
    if (text.length > 12_000) throw failureOf("msg_too_long");
    if (method === "chat.startStream") {
      const ts = `2.00000${messages.size}`;
      messages.set(ts, { text, since: Date.now(), isOpen: true });
      return { ts };
    }
    const message = messages.get(String(args.ts));
    if (!message?.isOpen || Date.now() - message.since > SLACK_LIFE_MS)
      throw failureOf("message_not_in_streaming_state");
    if (method === "chat.stopStream") message.isOpen = false;
    else message.text += text;
    if (message.text.length > 12_000) throw failureOf("msg_too_long");
    return {};
  };
  const streams = createStreams({
    call,
    host,
    sessions: { note: () => undefined, find: (session: string) => (session === "ses" ? PLACE : null) },
  } as unknown as SlackContext);
  const say = (text: string, session = "ses") => streams.add({ session, turn: "trn", text, step: null });
  return { streams, say, messages, calls, host };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-23T09:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a stream in Slack", () => {
  test("goes on in a new message before its five minutes are over, and loses no word", async () => {
    const { streams, say, messages } = openSlack();
    const words = Array.from({ length: 400 }, (_, n) => `word${n} `);
    for (const word of words) {
      say(word);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    const all = [...messages.values()];
    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(all.map(({ text }) => text).join("")).toBe(words.join(""));
    expect(all.map(({ isOpen }) => isOpen)).toEqual(all.map((_, at) => at === all.length - 1));
    const begins = all.map(({ since }) => since);
    for (const [at, since] of begins.entries())
      if (at > 0) expect(since - (begins[at - 1] ?? 0)).toBeLessThan(SLACK_LIFE_MS);
    expect(await streams.finish("trn", "T1")).toMatchObject({ channel: "D1", ts: [...messages.keys()] });
    expect([...messages.values()].some(({ isOpen }) => isOpen)).toBe(false);
  });

  test("goes on in a new message when one is full, never halves an emoji, and fits with every mark taken out", async () => {
    const { streams, say, messages } = openSlack();
    const long = `${"👩‍👩‍👧".repeat(2_000)}${"[1]".repeat(5_000)}`;
    say(long);
    await vi.advanceTimersByTimeAsync(2_000);
    const all = [...messages.values()].map(({ text }) => text);
    expect(all.length).toBeGreaterThan(2);
    expect(all.join("").replaceAll("\u200b", "")).toBe(long);
    for (const text of all) {
      expect(text.length).toBeLessThanOrEqual(12_000);
      expect(text.isWellFormed()).toBe(true);
      expect(text.startsWith("\u200d")).toBe(false);
    }
    await streams.stop();
  });

  test("of marks that nobody may see is nothing, and what follows is shown", async () => {
    const { streams, say, messages } = openSlack();
    say("\u202e\0");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(messages.size).toBe(0);
    say("words");
    await vi.advanceTimersByTimeAsync(1_000);
    expect([...messages.values()].map(({ text }) => text)).toEqual(["words"]);
    await streams.stop();
  });

  test("that Slack ended by itself goes on in a new message with the word that did not fit", async () => {
    const { streams, say, messages } = openSlack();
    say("one ");
    await vi.advanceTimersByTimeAsync(1_000);
    for (const message of messages.values()) message.isOpen = false;
    say("two");
    await vi.advanceTimersByTimeAsync(1_000);
    expect([...messages.values()].map(({ text }) => text)).toEqual(["one ", "two"]);
    await streams.stop();
  });

  test("is ended when no word comes any more, and asks for nothing where nobody watches", async () => {
    const { streams, say, messages, calls } = openSlack();
    say("one ");
    await vi.advanceTimersByTimeAsync(95_000);
    expect([...messages.values()].map(({ isOpen }) => isOpen)).toEqual([false]);
    const before = calls.length;
    say("secret", "other");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls).toHaveLength(before);
    await streams.stop();
  });
});
