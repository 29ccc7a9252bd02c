import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Channel, Outbound } from "../../src/types/channel.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";

/** What a channel's author gives the suite: the channel on its platform, or on a strict stand-in for it. */
export type ChannelSample = {
  readonly channel: Channel;
  readonly thread: ThreadRef;
  /**
   * What a person reads of these words: all of them, in order. A platform may leave out only marks that nobody sees,
   * and set white space in its own way. Left out where every character comes through.
   */
  reads?(text: string): string;
  /** Places that a platform does not have (any more); left out where a thread exists without anybody watching. */
  readonly gone?: readonly ThreadRef[];
  /** Makes the item known to whatever the channel reads (the log); called before each first post of it. */
  record(item: ThreadItem): void;
  /** What a person sees in the thread now: id and text of each item, top to bottom. */
  shown(): Promise<readonly { readonly id: string; readonly text: string }[]>;
  close(): Promise<void>;
};

/** Words as people read them: without white space and the marks that turn the reading direction. */
const wordsOf = (text: string): readonly string[] =>
  text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").match(/\S+/g) ?? [];

const message = (seq: number, text: string, id = `msg_${seq}`): ThreadItem => ({
  kind: "message",
  seq,
  id,
  at: "2026-11-23T09:00:00.000Z",
  author: { id: "steward", name: "Steward", isAssistant: true },
  text,
  files: [],
  citations: [],
  turn: null,
  note: null,
});

/** The promises that every channel keeps. */
export function testChannel(name: string, make: () => Promise<ChannelSample>): void {
  describe(`the ${name} channel`, () => {
    let sample: ChannelSample;
    beforeAll(async () => {
      sample = await make();
      await sample.channel.start(async () => ({ session: sample.thread.thread }));
    });
    afterAll(async () => {
      await sample.channel.stop();
      await sample.close();
    });

    const post = async (item: ThreadItem): Promise<Outbound> => {
      const outbound = { id: `out_${item.seq}`, thread: sample.thread, item };
      sample.record(item);
      await sample.channel.post(outbound);
      return outbound;
    };
    const asRead = (text: string): string => {
      const read = sample.reads?.(text) ?? text;
      expect(wordsOf(read)).toEqual(wordsOf(text));
      return read;
    };
    const shows = async (texts: readonly string[]) =>
      await expect
        .poll(async () => (await sample.shown()).map((item) => item.text), { timeout: 5_000 })
        .toEqual(texts.map(asRead));
    const showsLast = async (text: string) =>
      await expect
        .poll(async () => (await sample.shown()).at(-1)?.text, { timeout: 15_000 })
        .toBe(asRead(text));

    it("is called what its threads say", () => {
      expect(sample.channel.name).toBe(sample.thread.channel);
    });

    it("shows what is posted, in the order of posting", async () => {
      for (const [index, text] of ["one", "two", "three"].entries()) await post(message(index + 1, text));
      await shows(["one", "two", "three"]);
    });

    it("shows an item once that the outbox sends again", async () => {
      const outbound = await post(message(4, "four"));
      await sample.channel.post(outbound);
      await shows(["one", "two", "three", "four"]);
    });

    it("puts a later item with the same id in the place of the earlier one", async () => {
      if (!sample.channel.capabilities.edits) return;
      await post(message(5, "five, at first"));
      await post(message(6, "five, as it is now", "msg_5"));
      await shows(["one", "two", "three", "four", "five, as it is now"]);
    });

    it("carries any text whole: long, right to left, emoji, markup", async () => {
      const odd = `<script>alert(1)</script> ‮مرحبا‬ 👩‍👩‍👧 ${"long ".repeat(800)}end`;
      await post(message(7, odd));
      await showsLast(odd);
    });

    it("carries 40,000 characters whole and in order, once on resend, and leaves nothing when they become few", async () => {
      const words = Array.from({ length: 5_000 }, (_, place) => `word${place}`).join(" ");
      expect(words.length).toBeGreaterThan(40_000);
      const outbound = await post(message(8, words));
      await showsLast(words);
      const before = await sample.shown();
      await sample.channel.post(outbound);
      expect(await sample.shown()).toEqual(before);
      if (!sample.channel.capabilities.edits) return;
      await post(message(9, "few", "msg_8"));
      await showsLast("few");
      expect(await sample.shown()).toHaveLength(before.length);
    });

    it("never throws while streaming, whoever listens or does not", () => {
      if (!sample.channel.capabilities.streaming) return expect(sample.channel.stream).toBeUndefined();
      for (const session of [sample.thread.thread, "ses_nobody_watches"]) {
        sample.channel.stream?.({ session, turn: "trn_1", text: "so far", step: null });
        sample.channel.stream?.({ session, turn: "trn_1", text: "", step: "Looking" });
      }
    });

    it("says that a post to a place that is gone can never arrive; without such places it takes it", async () => {
      if (sample.gone) {
        for (const [place, thread] of sample.gone.entries()) {
          const outbound = { id: `out_gone_${place}`, thread, item: message(1, "x") };
          await expect(sample.channel.post(outbound)).rejects.toMatchObject({ isPermanent: true });
        }
        return;
      }
      for (const thread of ["approvals", "ses_nobody_watches"]) {
        await sample.channel.post({
          id: `out_${thread}`,
          thread: { ...sample.thread, thread },
          item: message(1, "x"),
        });
      }
    });
  });
}
