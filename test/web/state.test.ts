import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { currencyDigits, fromMinor, toMinor } from "../../channels/minor-units.ts";
import { createBucket, takeFrom } from "../../channels/web/rate-limit.ts";
import { createStreamBuffer } from "../../channels/web/stream-buffer.ts";
import { Problem } from "../../channels/web/widget/state/api.ts";
import { addDelta, type LiveText } from "../../channels/web/widget/state/live-text.ts";
import { createOutbox, type Outgoing } from "../../channels/web/widget/state/outbox.ts";
import { EMPTY_THREAD, mergeItems, runningTurn } from "../../channels/web/widget/state/thread.ts";
import { fromWallClock } from "../../channels/web/widget/text/dates.ts";
import { ago, left, moment, wallClock } from "../../channels/web/widget/text/time.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";

const turn = (id: string, seq: number, status: "running" | "done" = "running"): ThreadItem => ({
  kind: "turn",
  id,
  seq,
  at: "2026-11-22T10:00:00Z",
  status,
  step: null,
  error: null,
});

describe("the thread", () => {
  test("any order and any repetition of the same items gives the same thread", () => {
    const log = [turn("a", 1), turn("b", 2), turn("a", 4, "done"), turn("c", 5), turn("b", 9, "done")];
    const wanted = mergeItems(EMPTY_THREAD, log);
    fc.assert(
      fc.property(fc.shuffledSubarray([...log, ...log], { minLength: 10 }), (items) => {
        const thread = items.reduce((before, item) => mergeItems(before, [item]), EMPTY_THREAD);
        expect(thread.items).toEqual(wanted.items);
        expect(thread.seen).toBe(9);
      }),
    );
  });
  test("a later item replaces the earlier one where it stands", () => {
    const thread = mergeItems(mergeItems(EMPTY_THREAD, [turn("a", 1), turn("b", 2)]), [turn("a", 3, "done")]);
    expect(thread.items.map((item) => [item.id, item.seq])).toEqual([
      ["a", 3],
      ["b", 2],
    ]);
    expect(runningTurn(thread)?.id).toBe("b");
  });
});

describe("words while they are written", () => {
  const delta = (text: string, step: string | null = null) => ({ session: "s", turn: "t", text, step });
  test("whoever comes in the middle sees the same words", () => {
    const buffer = createStreamBuffer();
    let early: LiveText | null = null;
    for (const piece of ["You ", "have "]) early = addDelta(early, buffer.add(delta(piece)));
    const caught = buffer.catchUp("s");
    if (caught === null) throw new Error("nothing to catch up with");
    let late = addDelta(null, caught);
    const last = buffer.add(delta("25 days"));
    early = addDelta(early, last);
    late = addDelta(late, last);
    expect(late).toEqual(early);
    expect(late.text).toBe("You have 25 days");
  });
  test("after a lost piece nothing wrong is shown", () => {
    const buffer = createStreamBuffer();
    const first = addDelta(null, buffer.add(delta("You ")));
    buffer.add(delta("have "));
    expect(addDelta(first, buffer.add(delta("25"))).text).toBe("You ");
  });
  test("what is in the log is no longer being written", () => {
    const buffer = createStreamBuffer();
    buffer.add(delta("Done", "Writing"));
    buffer.said("s", "t");
    expect(buffer.add(delta("More"))).toMatchObject({ offset: 0, text: "More" });
    buffer.over("s");
    expect(buffer.catchUp("s")).toBeNull();
  });
  test("its memory is bounded", () => {
    const buffer = createStreamBuffer();
    for (let i = 0; i < 2_100; i++) buffer.add({ session: `s${i}`, turn: "t", text: "x", step: null });
    expect(buffer.catchUp("s0")).toBeNull();
    expect(buffer.catchUp("s2099")).not.toBeNull();
  });
});

describe("messages on their way", () => {
  const message = (id: string) => ({ id, to: "ses_1", text: id, files: [] });
  test("they go in order, one at a time, and one that was not reached goes once when it can", async () => {
    vi.useFakeTimers();
    const sent: string[] = [];
    let isDown = true;
    let shown: readonly Outgoing[] = [];
    const outbox = createOutbox(
      async (each) => {
        if (isDown) throw new Problem(0, "NET-000", "", "");
        sent.push(each.id);
        return { seq: sent.length };
      },
      (messages) => {
        shown = messages;
      },
    );
    outbox.add(message("a"));
    outbox.add(message("b"));
    await vi.advanceTimersByTimeAsync(100);
    expect(shown.map((each) => each.status)).toEqual(["kept", "sending"]);
    isDown = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual(["a", "b"]);
    expect(shown.map((each) => each.status)).toEqual(["accepted", "accepted"]);
    vi.useRealTimers();
  });
  test("a refused one says why and does not hold up the next", async () => {
    let shown: readonly Outgoing[] = [];
    const outbox = createOutbox(
      async (each) => {
        if (each.id === "bad") throw new Problem(400, "MSG-400", "The message is empty.", "Write.");
        return { seq: 1 };
      },
      (messages) => {
        shown = messages;
      },
    );
    outbox.add(message("bad"));
    outbox.add(message("good"));
    await vi.waitFor(() => expect(shown.map((each) => each.status)).toEqual(["failed", "accepted"]));
    expect(shown[0]?.problem?.code).toBe("MSG-400");
  });
});

describe("amounts", () => {
  test.each([
    ["48000", 4_800_000],
    ["48,000", 4_800_000],
    ["48.000", 4_800_000],
    ["48 000,50", 4_800_050],
    ["48,000.5", 4_800_050],
    ["48.000,50", 4_800_050],
    ["1,234,567.89", 123_456_789],
    ["0.05", 5],
    ["-12.30", -1_230],
  ])("%s is one amount", (typed, minor) => expect(toMinor(typed, 2)).toBe(minor));
  test.each(["", "abc", "12.345.6", "1,2,3", "48000.555", "€5", "1e5", "12,34,567", "9".repeat(20)])(
    "%s is not taken for an amount",
    (typed) => expect(toMinor(typed, 2)).toBeNull(),
  );
  test("every amount that is shown is read back exactly", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(0, 2, 3), (minor, digits) => {
        fc.pre(digits === 0 || Math.abs(minor) <= 1e14);
        expect(toMinor(fromMinor(minor, digits), digits)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });
  test("a currency has its own digits", () => {
    expect([
      currencyDigits("EUR"),
      currencyDigits("JPY"),
      currencyDigits(undefined),
      currencyDigits("??"),
    ]).toEqual([2, 0, 2, 2]);
  });
});

describe("times", () => {
  const reader = { locale: "en-GB", zone: "Europe/Berlin" };
  const now = new Date("2026-11-22T13:00:00Z");
  test("are relative up to a day, then a date with its time in the reader's zone", () => {
    expect(ago(new Date("2026-11-22T12:55:00Z"), reader, now)).toBe("5 minutes ago");
    expect(ago(new Date("2026-11-20T12:55:00Z"), reader, now)).toBe("Fri 20 Nov, 13:55");
    expect(moment(new Date("2026-11-22T16:30:00Z"), reader, now)).toBe("today 17:30");
    expect(moment(new Date("2026-11-22T23:30:00Z"), reader, now)).toBe("tomorrow 00:30");
    expect(left(new Date(now.getTime() + 600_000), now, reader)).toBe("10 mins");
    expect(left(new Date(now.getTime() - 1), now, reader)).toBe("0 secs");
  });
  test("a wall clock and its instant belong together, also beside summer time", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }),
        fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata"),
        (at, zone) => {
          const wall = wallClock(at, zone);
          expect(wallClock(new Date(fromWallClock(wall, zone)), zone)).toBe(wall);
        },
      ),
    );
  });
  test("an unknown zone or language does not take the page down", () => {
    expect(moment(now, { locale: "xx-invalid-!!", zone: "Mars/Base" }, now)).toMatch(/^today /);
  });
});

test("a flood is slowed down and goes on when it calms", () => {
  let now = 0;
  const rate = { burst: 3, perSecond: 1 };
  const bucket = createBucket(rate, now);
  const isAllowed = () => takeFrom(bucket, rate, now);
  expect([isAllowed(), isAllowed(), isAllowed(), isAllowed()]).toEqual([true, true, true, false]);
  now = 1_000;
  expect([isAllowed(), isAllowed()]).toEqual([true, false]);
});
