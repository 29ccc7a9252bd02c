import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStreams } from "../../../channels/teams/streams.ts";
import type { ConversationRef, OutActivity } from "../../../channels/teams/transport/activity.ts";
import { TeamsSendError } from "../../../channels/teams/transport/teams-send-error.ts";
import type { JsonObject } from "../../../src/types/json.ts";

const REF = { conversation: { id: "a:1", isGroup: false } } as ConversationRef;
const THREAD = { channel: "teams", conversation: "t", thread: "a:1" } as const;
const AT = { ref: REF, thread: THREAD };
const FINAL: OutActivity = { type: "message", text: "Once upon a time there was a deal." };

let sent: OutActivity[];
let notes: Map<string, JsonObject>;
let stopped: number;
let refuse: TeamsSendError | null;
let refuseChange: TeamsSendError | null;
let changed: { readonly id: string; readonly text: string | undefined }[];

function make() {
  return createStreams(
    {
      async send(_ref, activity) {
        if (refuse) throw refuse;
        sent.push(activity);
        return { id: "stream1" };
      },
      async update(_ref, id, activity) {
        if (refuseChange) throw refuseChange;
        changed.push({ id, text: activity.text });
      },
    },
    {
      now: () => new Date(),
      notes: {
        read: async (key) => notes.get(key) ?? null,
        write: async (key, value) => void notes.set(key, value),
        remove: async (key) => void notes.delete(key),
      },
      onStopped: () => void stopped++,
    },
  );
}
const infos = () =>
  sent.map(({ entities }) => entities?.at(-1) as { streamType: string; streamSequence?: number });

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  notes = new Map();
  stopped = 0;
  refuse = null;
  refuseChange = null;
  changed = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a stream", () => {
  test("goes from what is being done to words to the whole, at most once a second", async () => {
    const streams = make();
    streams.begin("ses", AT);
    streams.add({ session: "ses", turn: "trn", text: "", step: "Looking it up" });
    await vi.advanceTimersByTimeAsync(10);
    for (let i = 0; i < 50; i++) {
      streams.add({ session: "ses", turn: "trn", text: `word${i} `, step: null });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(await streams.finish(AT, "trn", FINAL)).toBe("stream1");
    expect(infos().map(({ streamType }) => streamType)).toEqual([
      "informative",
      ...sent.slice(1, -1).map(() => "streaming"),
      "final",
    ]);
    expect(
      infos()
        .slice(0, -1)
        .map(({ streamSequence }) => streamSequence),
    ).toEqual(sent.slice(0, -1).map((_, i) => i + 1));
    expect(await streams.finish(AT, "trn", FINAL)).toBeNull();
  });

  test("never takes back a word that it showed, whatever comes after it", async () => {
    const streams = make();
    streams.begin("ses", AT);
    const pieces = ["First line.\nA ", "**b", "old** word.\nNext ", "`x`.\nLast ", "| bar\n", "|---|---|\n"];
    for (const text of pieces) {
      streams.add({ session: "ses", turn: "trn", text, step: null });
      await vi.advanceTimersByTimeAsync(1_200);
    }
    const texts = sent.map(({ text }) => text ?? "");
    expect(texts.length).toBeGreaterThan(1);
    for (const [at, text] of texts.entries()) expect(text.startsWith(texts[at - 1] ?? "")).toBe(true);
    await streams.stop();
  });

  test("of a process that died is ended by the next one", async () => {
    const first = make();
    first.begin("ses", AT);
    first.add({ session: "ses", turn: "trn", text: "Once upon ", step: null });
    await vi.advanceTimersByTimeAsync(10);
    expect(await make().finish(AT, "trn", FINAL)).toBe("stream1");
    expect(infos().at(-1)?.streamType).toBe("final");
  });

  test("whose end was perhaps taken is not told a second time beside it", async () => {
    const lost = new TeamsSendError("lost", { status: 504 });
    const over = new TeamsSendError("over", { status: 403, isPermanent: true });
    const begin = async () => {
      const streams = make();
      streams.begin("ses", AT);
      streams.add({ session: "ses", turn: "trn", text: "Once upon ", step: null });
      await vi.advanceTimersByTimeAsync(1_200);
      refuse = lost;
      await expect(streams.finish(AT, "trn", FINAL)).rejects.toThrow("lost");
      return streams;
    };
    // Taken: Teams says that the stream is over, so what stands there is changed, by whichever process goes on.
    await begin();
    refuse = over;
    expect(await make().finish(AT, "trn", FINAL)).toBe("stream1");
    expect(changed).toEqual([{ id: "stream1", text: FINAL.text }]);
    expect(notes.size).toBe(0);
    // Not taken: the end goes out again.
    refuse = null;
    await begin();
    refuse = null;
    expect(await make().finish(AT, "trn", FINAL)).toBe("stream1");
    expect(infos().at(-1)?.streamType).toBe("final");
    // Nothing there that can be changed: a message of its own. A turn's next message never takes the place of it.
    refuse = null;
    const streams = await begin();
    refuse = over;
    refuseChange = over;
    expect(await streams.finish(AT, "trn", FINAL)).toBeNull();
    refuseChange = null;
    expect(await streams.finish(AT, "trn", FINAL)).toBeNull();
    expect(changed).toHaveLength(1);
    // Long after, too.
    refuse = null;
    await begin();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await make().finish(AT, "trn", FINAL)).toBe("stream1");
    expect(changed).toHaveLength(2);
  });

  test("that Teams no longer takes leaves the answer to a message of its own", async () => {
    const streams = make();
    streams.begin("ses", AT);
    streams.add({ session: "ses", turn: "trn", text: "Once upon ", step: null });
    await vi.advanceTimersByTimeAsync(10);
    await vi.advanceTimersByTimeAsync(115_000);
    expect(await streams.finish(AT, "trn", FINAL)).toBeNull();
    expect(infos().at(-1)?.streamType).toBe("streaming");
  });

  test("that the person stops ends the turn; one that ended elsewhere does not", async () => {
    for (const isEnded of [false, true]) {
      const streams = make();
      streams.begin("ses", AT);
      streams.add({ session: "ses", turn: "trn", text: "Once upon ", step: null });
      await vi.advanceTimersByTimeAsync(10);
      if (isEnded) notes.clear();
      refuse = new TeamsSendError("no", { status: 403, isPermanent: true });
      streams.add({ session: "ses", turn: "trn", text: "a time ", step: null });
      await vi.advanceTimersByTimeAsync(2_000);
      refuse = null;
    }
    expect(stopped).toBe(1);
  });

  test("is closed in words when its turn waits for somebody", async () => {
    const streams = make();
    streams.begin("ses", AT);
    streams.add({ session: "ses", turn: "trn", text: "", step: "Looking it up" });
    await vi.advanceTimersByTimeAsync(10);
    await streams.close(AT, "trn", "It waits for a decision.");
    expect(sent.at(-1)).toMatchObject({ type: "message", text: "It waits for a decision." });
  });

  test("of a session that does not speak here is nothing", async () => {
    const streams = make();
    streams.add({ session: "other", turn: "trn", text: "Secret ", step: null });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([]);
  });
});
