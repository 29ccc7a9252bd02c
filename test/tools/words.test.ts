import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMoney } from "../../tools/format-money.ts";
import { fold, isNear, wordsOf } from "../../tools/match-words.ts";
import { cleanText, listOf, oneLine, plainText } from "../../tools/plain-text.ts";

describe("money", () => {
  test.each([
    [3_800_000, "EUR", "en-GB", "€38,000"],
    [3_800_050, "GBP", "en-GB", "£38,000.50"],
    [-5, "EUR", "en-GB", "-€0.05"],
    [0, "EUR", "en-GB", "€0"],
    [1200, "JPY", "en-GB", "JP¥1,200"],
    [3_800_000, "EUR", "de-DE", "38.000 €"],
  ])("%i minor units of %s read %s as '%s'", (minor, currency, locale, text) => {
    expect(formatMoney(minor, currency, locale).replace(/\s/g, " ")).toBe(text);
  });

  test("no amount is rounded", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (minor) => {
        const figures = formatMoney(minor, "EUR", "en-GB").replace(/[€,]/g, "");
        const [whole = "", cents = "00"] = figures.split(".");
        expect(Number(whole + cents)).toBe(minor);
      }),
    );
  });
});

describe("words", () => {
  test("accents, case and possessives do not matter", () => {
    expect(wordsOf("Sofía Marín's BÜRO")).toEqual(["sofia", "marin", "buro"]);
    expect(fold("Weiß")).toBe("weiss");
  });

  test.each([
    ["sofia", "sophia", false],
    ["sofia", "sofai", true],
    ["budget", "bugdet", true],
    ["ben", "bne", false],
    ["lindqvist", "lindquist", true],
    ["ana", "nora", false],
  ])("%s and %s: a slip of the fingers? %s", (a, b, near) => {
    expect(isNear(a, b)).toBe(near);
    expect(isNear(b, a)).toBe(near);
  });
});

describe("text that others wrote", () => {
  test("cannot draw links, images, tables or markup", () => {
    const hostile =
      "![x](http://evil.example/a.png) [click](https://evil.example) <img src=x> | a | **b**\n# c";
    const safe = plainText(hostile);
    expect(safe).not.toMatch(/(?<!\\)[[\]<>|*#!]/);
    expect(safe).not.toContain("://");
    expect(safe).not.toContain("\n");
  });

  test("cannot turn the direction of the line or hide control characters", () => {
    expect(plainText("a\u202eb\u0000c")).toBe("a b c");
    expect(oneLine(" a\u2066\n b ")).toBe("a b");
    expect(cleanText("a\u0000b\r\nc\ud800")).toBe("ab\nc\ufffd");
  });

  test("is cut at its limit", () => {
    expect([...plainText("😀".repeat(500), 10)]).toHaveLength(10);
  });

  test("lists read like speech", () => {
    expect([listOf([]), listOf(["a"]), listOf(["a", "b"]), listOf(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });
});
