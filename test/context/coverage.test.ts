import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askedTerms, askedWords, coverageOf, fitOf, wordsToCount } from "../../src/context/coverage.ts";

const counted = (counts: Readonly<Record<string, number>>) => ({
  passages: 1_000,
  words: Object.entries(counts).map(([word, passages]) => ({ word, passages, isIndexed: word !== "the" })),
});

describe("how well a passage covers a question", () => {
  it("looks at the telling words only, without contractions", () => {
    expect(askedWords("Who do I tell when I'm ill, and what's next? We can't know and don’t.")).toEqual([
      "ill",
      "next",
    ]);
  });

  it("counts rare words more than common ones, and one that nobody wrote against it", () => {
    const terms = askedTerms(["lamp", "quokka", "ghost"], counted({ lamp: 500, quokka: 2, ghost: 0 }));
    expect(coverageOf(["quokka"], terms)).toBeGreaterThan(coverageOf(["lamp"], terms));
    expect(coverageOf(["lamp", "quokka"], terms)).toBeLessThan(0.7);
    expect(coverageOf(["lamp", "quokka", "ghost"], terms)).toBe(1);
    expect(coverageOf([], askedTerms(["the"], counted({ the: 0 })))).toBe(0);
  });

  it("takes another word for a rare one at a little less, and none for a common one", () => {
    expect(wordsToCount(["vacation"])).toEqual(
      expect.arrayContaining(["vacation", "holiday", "annual leave"]),
    );
    const rare = askedTerms(["vacation"], counted({ vacation: 0, "annual leave": 12, holiday: 0 }));
    expect(rare).toMatchObject([{ word: "vacation", alternatives: ["annual leave"] }]);
    expect(coverageOf(["annual leave"], rare)).toBeCloseTo(0.8);
    expect(askedTerms(["vacation"], counted({ vacation: 300, holiday: 5 }))[0]?.alternatives).toEqual([]);
  });

  it("makes a fit between 0 and 1 that grows with coverage and nearness", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (a, b, near) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(fitOf(low, near)).toBeLessThanOrEqual(fitOf(high, near));
        expect(fitOf(near, low)).toBeLessThanOrEqual(fitOf(near, high));
        expect(fitOf(low, null)).toBeLessThanOrEqual(fitOf(high, null));
        for (const fit of [fitOf(a, b), fitOf(a, null), fitOf(a, -b)]) {
          expect(fit).toBeGreaterThan(0);
          expect(fit).toBeLessThan(1);
        }
      }),
    );
  });
});
