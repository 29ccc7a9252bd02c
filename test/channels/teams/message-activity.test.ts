import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inlineMarkdown } from "../../../channels/teams/cards/inline-markdown.ts";
import { MAX_MESSAGE_BYTES, messageActivities } from "../../../channels/teams/cards/message-activity.ts";
import { helpCard, linkCard, privateNotice } from "../../../channels/teams/cards/notice-cards.ts";
import { stable } from "../../../channels/teams/streams.ts";
import type { Citation } from "../../../src/types/passage.ts";
import { cardProblems, wordsOf } from "./check-card.ts";

const cite = (n: number): Citation => ({
  document: `doc_${n}`,
  title: `Doc ${n}`,
  passage: `p${n}`,
  quote: "Words.",
});
const OPTIONS = {
  linkTo: ({ document }: Citation) => `https://steward.example.com/${document}`,
  hasFeedback: true,
};
const parts = (text: string, citations: readonly Citation[] = []) =>
  messageActivities(text, citations, OPTIONS);
const textOf = (text: string) =>
  parts(text)
    .map((part) => part.text)
    .join("\n");

describe("an answer", () => {
  test("keeps emphasis, lists, code and safe links, and turns headings and rules into what Teams knows", () => {
    expect(
      textOf("# Rooms\n**bold** and *slanted*\n- one\n2. two\n---\n`x < 1` [page](https://a.example/b)"),
    ).toBe("**Rooms**\n**bold** and *slanted*\n- one\n2. two\n———\n`x < 1` [page](https://a.example/b)");
  });

  test("has no HTML, no mention, no image and no link but http, https and mailto", () => {
    const text = textOf(
      "<at>Mia</at> <b>x</b> ![p](https://evil.example/a.png?d=1) [x](javascript:alert(1)) [y](data:text/html,1) [z](https://a@b.example/)",
    );
    expect(text).not.toMatch(/<|!\[|(?<!\\)\]\((?:javascript|data)|a@b/);
    expect(text).toContain("&lt;at>Mia");
    expect(textOf("[bank.example](https://evil.example/)")).toBe(
      "[bank.example (evil.example)](https://evil.example/)",
    );
  });

  test("has no image where an exclamation mark stands before the number of a source", () => {
    for (const text of ["Look![1]", "Look\\![1]"]) expect(parts(text, [cite(1)])[0]?.text).toBe("Look\\![1]");
  });

  test("cannot be given marks of a citation that it has not, and names those that no mark names", () => {
    const [message] = parts("True [1], false [7].", [cite(1), cite(2)]);
    expect(message?.text).toBe("True [1], false \\[7\\].\n\nSources: [2]");
    const entity = message?.entities?.[0] as { citation: { position: number }[]; additionalType: string[] };
    expect(entity.citation.map(({ position }) => position)).toEqual([1, 2]);
    expect(entity.additionalType).toEqual(["AIGeneratedContent"]);
  });

  test("shows a table as a card behind the words before it", () => {
    const all = parts("Before\n\n| Name | Amount |\n| --- | ---: |\n| Globex | 48,000 |\n\nAfter");
    expect(all.map(({ text }) => text)).toEqual(["Before", "After"]);
    const card = all[0]?.attachments?.[0]?.content as Parameters<typeof cardProblems>[0];
    expect(cardProblems(card)).toEqual([]);
    expect(wordsOf(card)).toContain("Globex");
  });

  test("of code that is too long goes on in a fence of its own", () => {
    const all = parts(`\`\`\`ts\n${"const a = 1;\n".repeat(3_000)}\`\`\`\nDone`);
    expect(all.length).toBeGreaterThan(2);
    for (const { text } of all.slice(0, -1)) {
      expect(text?.startsWith("```\n")).toBe(true);
      expect(text?.endsWith("\n```")).toBe(true);
    }
    expect(all.at(-1)?.text).toMatch(/```\nDone$/);
  });

  test("of emoji and of right-to-left words is never cut inside a character", () => {
    for (const text of [
      "👩‍👩‍👧‍👦".repeat(4_000),
      "🇩🇪".repeat(8_000),
      "שלום עולם ".repeat(4_000),
      "e\u0301".repeat(20_000),
    ]) {
      const all = parts(text);
      expect(all.length).toBeGreaterThan(1);
      expect(
        all
          .map((part) => part.text)
          .join("")
          .replaceAll(" ", ""),
      ).toBe(text.replaceAll(" ", ""));
      for (const part of all) {
        expect(part.text?.isWellFormed()).toBe(true);
        expect(part.text?.startsWith("\u200d")).toBe(false);
      }
    }
  });
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        "**",
        "*",
        "_",
        "`",
        "```",
        "\n",
        "|",
        "---",
        "[",
        "](",
        ")",
        "!",
        "<at>",
        "# ",
        "> ",
        "- ",
        "a",
        " ",
        "\\",
        "[1]",
        "https://a.b",
        "javascript:",
      ),
      { maxLength: 120 },
    )
    .map((pieces) => pieces.join("")),
  fc.constantFrom(
    '"'.repeat(40_000),
    `${"\\\\ ".repeat(9_000)}${"<".repeat(9_000)}`,
    "*".repeat(40_000),
    "[".repeat(40_000),
    "`".repeat(40_000),
    "|-".repeat(20_000),
    `${"|a".repeat(3_000)}\n${"|-".repeat(3_000)}\n`,
  ),
);

test("any text becomes messages of markdown that Teams takes, each small enough", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 0, max: 25 }), (text, count) => {
      const all = parts(
        text,
        Array.from({ length: count }, (_, i) => ({ ...cite(i + 1), title: text, quote: text })),
      );
      expect(all.length).toBeGreaterThan(0);
      for (const message of all) {
        expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        expect((message.text ?? "") !== "" || (message.attachments?.length ?? 0) > 0).toBe(true);
        expect(message.text?.isWellFormed() ?? true).toBe(true);
        const outside = (message.text ?? "").replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]+`/g, "");
        expect(outside).not.toMatch(/(?<!\\)<|(?<!\\)!\[|(?<!\\)\]\((?!https?:|mailto:)/);
        for (const { content } of message.attachments ?? [])
          expect(cardProblems(content as Parameters<typeof cardProblems>[0])).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("what was shown of a half-written answer only grows", () => {
  fc.assert(
    fc.property(
      hostile,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
      (text, steps) => {
        let shown = "";
        let at = 0;
        for (const step of steps) {
          at += step;
          const now = stable(text.slice(0, at));
          expect(now.startsWith(shown)).toBe(true);
          shown = now;
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a half-written answer shows the words before a mark, and those before a bar until it is clear what it is", () => {
  expect(stable("First line.\nThe second **bo")).toBe("First line.\nThe second");
  expect(stable("First line.\nThe second | col")).toBe("First line.\nThe second");
  expect(stable("First line.\nThe second | column |\n|---|---|\n")).toBe("First line.\nThe second");
});

test("marks in a line take time that does not grow with the square", () => {
  const started = performance.now();
  for (const mark of ["*a ", "[x](", "`", "_a", "**a", "![", "https://"])
    inlineMarkdown(mark.repeat(1_000).slice(0, 4_000), 5);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("every notice is a card that Teams takes", () => {
  const long = "👩‍👩‍👧‍👦 <b>**x**</b> ".repeat(500);
  for (const card of [
    helpCard([long, "b", "c", "d"], true),
    helpCard([], false),
    privateNotice(long, "answer", "a.0"),
    linkCard(long, "https://steward.example.com/link/1"),
    linkCard(long, "javascript:alert(1)"),
  ])
    expect(cardProblems(card)).toEqual([]);
});

test("the check of cards sees what is wrong with one", () => {
  const wrong = {
    type: "AdaptiveCard",
    version: "1.5",
    body: [{ type: "Nope" }],
    actions: [{ type: "Action.Execute", title: "x", verb: "v", data: { b: "1", amount: 3 } }],
  };
  expect(cardProblems(wrong).length).toBeGreaterThanOrEqual(3);
});
