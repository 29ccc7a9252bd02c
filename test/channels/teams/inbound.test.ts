import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLoopGuard } from "../../../channels/teams/loop-guard.ts";
import { isAddressed, messageText } from "../../../channels/teams/message-text.ts";
import { placeOf, threadAt } from "../../../channels/teams/places.ts";
import { type InActivity, parseActivity } from "../../../channels/teams/transport/activity.ts";

const BOT = { id: "28:steward", name: "Steward" };
const BEN = { id: "29:ben", name: "Ben Okoro", aadObjectId: "ben" };

function activity(text: string, over: Record<string, unknown> = {}): InActivity {
  const read = parseActivity({
    type: "message",
    id: "1",
    channelId: "msteams",
    serviceUrl: "https://smba.trafficmanager.net/emea/",
    from: { id: "29:ada", name: "Ada", aadObjectId: "ada" },
    recipient: BOT,
    conversation: { id: "19:x@thread.v2", conversationType: "groupChat", tenantId: "t" },
    text,
    textFormat: "plain",
    ...over,
  });
  if (read === null) throw new Error("no activity");
  return read;
}
const mention = (who: object, text: string) => ({ type: "mention", mentioned: who, text });

describe("what a person wrote", () => {
  test("is without the mention of Steward, and with the names of others", () => {
    const read = activity("<at>Steward</at>&nbsp;ask <at>Ben</at> about   it", {
      entities: [mention(BOT, "<at>Steward</at>"), mention(BEN, "<at>Ben</at>")],
    });
    expect(messageText(read)).toBe("ask Ben Okoro about it");
    expect(isAddressed(read)).toBe(true);
    expect(isAddressed(activity("hello"))).toBe(false);
  });

  test("keeps what only looks like markup in plain words, and is without markup in HTML", () => {
    expect(messageText(activity("is a < b && c > d?"))).toBe("is a < b && c > d?");
    expect(messageText(activity("<p>One&amp;two</p><p>&#x1F600; &lt;b&gt;</p>", { textFormat: "xml" }))).toBe(
      "One&two\n😀 <b>",
    );
  });

  test("keeps the indentation of code", () => {
    expect(messageText(activity("if (a) {\n    go();\n}"))).toBe("if (a) {\n    go();\n}");
  });

  test("is read in bounded time, whatever it is", () => {
    const started = performance.now();
    for (const text of [
      "<at>".repeat(40_000),
      "<".repeat(200_000),
      "&".repeat(200_000),
      " \n".repeat(100_000),
    ])
      for (const textFormat of ["plain", "xml"]) messageText(activity(text, { textFormat }));
    expect(performance.now() - started).toBeLessThan(3_000);
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => messageText(activity(text)).length <= text.length + 1,
      ),
    );
  });
});

test("a thread leads back to its place, and two people at one place have two", () => {
  for (const person of [null, "ada"]) {
    const place = { tenant: "t", conversation: "19:x@thread.tacv2;messageid=17", person };
    expect(placeOf(threadAt(place))).toEqual(place);
  }
});

describe("the guard against loops", () => {
  test("notices the same words at once after each answer, and nothing slower or different", () => {
    let now = 0;
    const guard = createLoopGuard(() => new Date(now));
    const round = (text: string, wait: number) => {
      now += wait;
      const found = guard.check("a", text);
      guard.said("a");
      return found;
    };
    const quick = Array.from({ length: 12 }, () => round("I did not understand", 200));
    expect(quick.filter((found) => found === "start")).toHaveLength(1);
    expect(quick.at(-1)).toBe("on");
    expect(round("A question", 200)).toBe("no");
    expect(Array.from({ length: 30 }, () => round("yes", 3_000))).not.toContain("start");
    now += 60_000;
    expect(Array.from({ length: 30 }, (_, i) => round(`word ${i}`, 100))).not.toContain("start");
  });

  test("lets nobody write without end, says so once a minute, and hears them again after it", () => {
    let now = 0;
    const guard = createLoopGuard(() => new Date(now));
    const minute = Array.from({ length: 80 }, (_, n) => {
      now += 500;
      return guard.check("a", `word ${n}`);
    });
    expect(minute.slice(0, 30)).toEqual(Array(30).fill("no"));
    expect(minute.slice(30)).toEqual(["fast", ...Array(49).fill("on")]);
    expect(guard.check("b", "somebody else")).toBe("no");
    now += 60_000;
    expect(guard.check("a", "later")).toBe("no");
  });
});
