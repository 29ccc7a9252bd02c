import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hiddenHost, safeUrl } from "../../channels/safe-url.ts";
import { type Block, parseBlocks } from "../../channels/web/widget/text/blocks.ts";
import { findQuote } from "../../channels/web/widget/text/find-quote.ts";
import { type Inline, parseInline } from "../../channels/web/widget/text/inline.ts";
import { plainName, spoken } from "../../channels/web/widget/text/plain.ts";

const inline = (text: string, isOpen = false, citations = 0) => parseInline(text, { citations, isOpen });
const words = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if ("text" in node) return node.text;
      if (node.kind === "break") return "\n";
      return "children" in node ? words(node.children) : "[]";
    })
    .join("");
const kinds = (blocks: readonly Block[]) => blocks.map((block) => block.kind);

describe("markdown", () => {
  test("tables, lists, headings, code and quotes are told apart", () => {
    const source =
      "# A\n\ntext\nmore\n\n- one\n- two\n  - inner\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> said\n\n```js\n<b>\n```\n\n---";
    expect(kinds(parseBlocks(source))).toEqual([
      "heading",
      "paragraph",
      "list",
      "table",
      "quote",
      "code",
      "rule",
    ]);
    const [, , list, table] = parseBlocks(source);
    expect(list).toMatchObject({ items: [[{ text: "one" }], [{ text: "two" }, { kind: "list" }]] });
    expect(table).toMatchObject({ head: ["a", "b"], align: ["left", "right"], rows: [["1", "2"]] });
  });
  test("an ordered list begins where it says and goes on over blank lines", () => {
    expect(parseBlocks("3. a\n\n4. b\n\ntext")).toMatchObject([
      { kind: "list", start: 3, items: [{}, {}] },
      { kind: "paragraph" },
    ]);
  });
  test("names with underscores and amounts with dollars stay as they are", () => {
    for (const text of [
      "See invoice_2027_03.pdf and max_value_x",
      "Costs $A or US$B then",
      "4*3*2",
      "a ** b ** c",
      "snake_case",
      "2 * 3 * 4",
    ]) {
      expect(inline(text)).toEqual([{ kind: "text", text }]);
    }
  });
  test("strong, emphasis, strike and code nest", () => {
    expect(inline("**a *b* c** ~~d~~ `e*f*`")).toMatchObject([
      { kind: "strong", children: [{ text: "a " }, { kind: "em" }, { text: " c" }] },
      { text: " " },
      { kind: "strike" },
      { text: " " },
      { kind: "code", text: "e*f*" },
    ]);
  });
  test("what is still being written counts as open", () => {
    expect(inline("so **imp", true)).toMatchObject([
      { text: "so " },
      { kind: "strong", children: [{ text: "imp" }] },
    ]);
    expect(inline("so **imp")).toEqual([{ kind: "text", text: "so **imp" }]);
  });
  test("only references that exist become references", () => {
    expect(inline("As said [1] [3].", false, 2)).toMatchObject([
      { text: "As said" },
      { kind: "cite", number: 1 },
      { text: " [3]." },
    ]);
  });
  test("a link keeps its words when its address may not be opened", () => {
    expect(inline("[x](javascript:alert(1)) and [a] [y](https://ok.example/a_(b))")).toMatchObject([
      { text: "x and [a] " },
      { kind: "link", href: "https://ok.example/a_(b)" },
    ]);
    expect(inline("![pic](https://a.example/p.png)")).toMatchObject([{ kind: "link", words: "pic" }]);
  });
  test("a bare address ends before the sentence does", () => {
    expect(inline("See https://a.example/x?y=1, or (http://b.example).")).toMatchObject([
      { text: "See " },
      { href: "https://a.example/x?y=1" },
      { text: ", or (" },
      { href: "http://b.example/" },
      { text: ")." },
    ]);
  });
  test("any text is read without a fault, and no address of another scheme comes out", () => {
    const piece = fc.constantFrom(
      "*",
      "**",
      "_",
      "`",
      "[",
      "](",
      ")",
      "javascript:",
      "data:",
      "https://a.b",
      "\n",
      "- ",
      "> ",
      "|",
      "|-|",
      "#",
      "a",
      " ",
      "\\",
      "~~",
      "![",
      "1. ",
      "```",
      "<b>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, isOpen) => {
        const check = (nodes: readonly Inline[]): void => {
          for (const node of nodes) {
            if (node.kind === "link") expect(node.href).toMatch(/^(?:https?:|mailto:)/);
            if ("children" in node) check(node.children);
          }
        };
        const walk = (blocks: readonly Block[]): void => {
          for (const block of blocks) {
            if (block.kind === "paragraph" || block.kind === "heading") check(inline(block.text, isOpen, 3));
            if (block.kind === "quote") walk(block.blocks);
            if (block.kind === "list") block.items.forEach(walk);
          }
        };
        walk(parseBlocks(pieces.join("")));
      }),
      { numRuns: 500 },
    );
  });
  test("words without marks are never changed", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\p{L}\p{N} ,.;:$%€<>&"'()/-]{0,80}$/u), (text) => {
        fc.pre(!/https?:/i.test(text));
        expect(words(inline(text))).toBe(text);
      }),
    );
  });
  test.each([
    "[".repeat(100_000),
    "*a ".repeat(70_000),
    "`".repeat(200_000),
    "> ".repeat(100_000),
    "- ".repeat(100_000),
    `# ${"# ".repeat(100_000)}x`,
    `${" ".repeat(200_000)}x`,
    `|${" |".repeat(50_000)}\n|${"-|".repeat(50_000)}`,
    "https://".repeat(25_000),
    "**".repeat(100_000),
    "[a](".repeat(50_000),
    "a\n".repeat(100_000),
  ])("200 kB of one mark is read in bounded time (%#)", (text) => {
    const from = performance.now();
    for (const block of parseBlocks(text)) if (block.kind === "paragraph") inline(block.text, true, 9);
    spoken(text);
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe("addresses", () => {
  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a/b",
    "//evil.example",
    "/api/me",
    "https://bank.example@evil.example",
    "https://",
    "ftp://a.example",
  ])("%s is not opened", (raw) => expect(safeUrl(raw)).toBeNull());
  test("an endless address is not opened", () =>
    expect(safeUrl(`https://a.example/${"a".repeat(3_000)}`)).toBeNull());
  test("http, https and mailto are opened", () => {
    expect(safeUrl("https://a.example/ü")).toBe("https://a.example/%C3%BC");
    expect(safeUrl("http://a.example")).toBe("http://a.example/");
    expect(safeUrl("mailto:a@b.example")).toBe("mailto:a@b.example");
  });
  test("words that claim another host show where the link leads", () => {
    expect(hiddenHost("www.bank.example", "https://evil.example/x")).toBe("evil.example");
    expect(hiddenHost("https://bank.example", "https://bank.example/login")).toBeNull();
    expect(hiddenHost("our handbook", "https://a.example/")).toBeNull();
    expect(hiddenHost("boss@bank.example", "mailto:thief@evil.example")).toBe("thief@evil.example");
  });
});

describe("plain text", () => {
  test("a name cannot turn its direction to look like another", () => {
    expect(plainName("invoice\u202Efdp.exe")).toBe("invoicefdp.exe");
    expect(plainName("a\u0000b\nc")).toBe("abc");
  });
  test("what is read aloud has no marks", () => {
    expect(spoken("**You** have [25 days](https://a.example) [1]\n\n| a | b |\n|---|---|\n| 1 | 2 |")).toBe(
      "You have 25 days a b 1 2",
    );
  });
  test("a quote is found whatever its white space and case", () => {
    const text = "Everyone has 25 days\n  of paid Leave.";
    expect(findQuote(text, "25 DAYS of paid leave")).toEqual({ from: 13, to: text.length - 1 });
    expect(findQuote(text, "… 25 days of paid …")).toEqual({ from: 13, to: 30 });
    expect(findQuote(text, "30 days")).toBeNull();
    expect(findQuote(text, "")).toBeNull();
  });
});
