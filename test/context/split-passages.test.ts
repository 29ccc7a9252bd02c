import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvToMarkdown } from "../../src/context/documents/csv-to-markdown.ts";
import { decodeText } from "../../src/context/documents/detect-format.ts";
import { splitFrontMatter } from "../../src/context/documents/front-matter.ts";
import { htmlToMarkdown } from "../../src/context/documents/html-to-markdown.ts";
import { splitPassages } from "../../src/context/documents/split-passages.ts";

const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

describe("cutting a document into passages", () => {
  it("gives each passage the headings above it, and takes the first as the title", async () => {
    const text = `Intro.

# Handbook

Hello.

## Leave ##

### *How* many

28 days.

## Pay

The 27th.

Notice
------

Two weeks.

# Annex

More.`;
    expect(await splitPassages(text)).toEqual({
      title: "Handbook",
      passages: [
        { headings: [], text: "Intro." },
        { headings: [], text: "Hello." },
        { headings: ["Leave", "How many"], text: "28 days." },
        { headings: ["Pay"], text: "The 27th." },
        { headings: ["Notice"], text: "Two weeks." },
        { headings: ["Annex"], text: "More." },
      ],
    });
  });

  it("takes no heading from a code block or a table", async () => {
    const text = "# T\n\n```sh\n# a comment\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n";
    const { passages } = await splitPassages(text);
    expect(passages).toHaveLength(1);
    expect(passages[0]?.text).toContain("# a comment");
  });

  it("cuts long sections at sentences, into pieces of at most 110 words, and loses no word", async () => {
    const sentence = (i: number) =>
      `Sentence ${i} tells of the rules for lamps in hall ${i}, e.g. when they are cleaned.`;
    const long = Array.from({ length: 60 }, (_, i) => sentence(i)).join(" ");
    const { passages } = await splitPassages(`# T\n\n## Long\n\n${long}`);
    expect(passages.length).toBeGreaterThan(4);
    for (const { text, headings } of passages) {
      expect(wordsIn(text).length).toBeLessThanOrEqual(130);
      expect(text).toMatch(/^Sentence.*\.$/s);
      expect(headings).toEqual(["Long"]);
    }
    expect(passages.map((one) => one.text).join(" ")).toBe(long);
  });

  it("repeats the head of a long table over each of its parts", async () => {
    const rows = Array.from({ length: 80 }, (_, i) => `| room ${i} | ${i} seats | floor ${i} |`);
    const { passages } = await splitPassages(
      ["| Room | Seats | Floor |", "| --- | --- | --- |", ...rows].join("\n"),
    );
    expect(passages.length).toBeGreaterThan(2);
    for (const { text } of passages) expect(text).toMatch(/^\| Room \| Seats \| Floor \|\n\| --- /);
    const all = passages.map((one) => one.text).join("\n");
    for (const row of rows) expect(all).toContain(row);
  });

  it("keeps every word of any text, in bounded pieces", async () => {
    const line = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom("# One", "## Two", "```", "---", "| a | b |", "- item", "", "word ".repeat(300)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const text = lines.join("\n");
        const { title, passages } = await splitPassages(text);
        const kept = new Set(passages.flatMap((one) => [...one.headings, one.text]).flatMap(wordsIn));
        for (const word of wordsIn(title ?? "")) kept.add(word);
        // Links are reduced to their words in headings, and headings without a passage below fall away.
        if (!/^ {0,3}(#|=+\s*$|-+\s*$)/m.test(text)) {
          for (const word of wordsIn(text)) if (word.length < 60) expect(kept).toContain(word);
        }
        for (const one of passages) expect(one.text.length).toBeLessThan(6_000);
      }),
      { numRuns: 150 },
    );
  });

  it("stays fast on text without any breaks", async () => {
    const start = performance.now();
    await splitPassages("x".repeat(400_000));
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});

describe("reading files as text", () => {
  it("never throws on broken pages and shows nothing of scripts", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "<p>",
            "</p>",
            "<script>",
            "evil()",
            "</script>",
            "<td",
            ">",
            "&amp;",
            "<!--",
            "-->",
            "text",
            "<h2>",
            "</table>",
            "<tr>",
            "<div hidden>",
          ),
        ),
        (parts) => {
          const { markdown } = htmlToMarkdown(parts.join(""));
          expect(typeof markdown).toBe("string");
        },
      ),
    );
    expect(htmlToMarkdown("<script>if (a < b) evil()</script><p>fine").markdown).toBe("fine");
    expect(htmlToMarkdown("a < b and c &#233; &lt;p&gt; &#xD800;").markdown).toBe("a < b and c é <p>");
  });

  it("is linear in the size of a page", () => {
    const start = performance.now();
    htmlToMarkdown("<script>x</script><b>y</b>".repeat(60_000));
    htmlToMarkdown("<p ".repeat(200_000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("reads tables with quotes, line breaks and other separators", () => {
    expect(csvToMarkdown('a,b\r\n"x ""y""\nz",2\r\n\r\n')).toBe('a: x "y" z; b: 2');
    expect(csvToMarkdown("a\tb\n1\t2,5")).toBe("a: 1; b: 2,5");
  });

  it("reads UTF-8, UTF-16 and Windows-1252, and takes binary data for none of them", () => {
    expect(decodeText(Buffer.from("Grüße"))).toBe("Grüße");
    expect(decodeText(Buffer.from("\ufeffGrüße", "utf16le"))).toBe("Grüße");
    expect(decodeText(Buffer.from("Viele Gr\xfc\xdfe", "latin1"))).toBe("Viele Grüße");
    expect(decodeText(Uint8Array.from({ length: 500 }, (_, i) => (i * 91) % 256))).toBeNull();
  });

  it("leaves a text alone that only looks as if it had front matter", () => {
    for (const text of ["--- not", "---\njust a rule", "text\n---\nreaders: hr\n---\n", ""]) {
      expect(splitFrontMatter(text)).toMatchObject({ body: text, front: { readers: null } });
    }
    expect(() => splitFrontMatter("---\nreaders: hr\nreaders: everyone\n---\n")).toThrow("twice");
  });
});
