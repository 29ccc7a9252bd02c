import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ButtonIntent } from "../../../channels/slack/blocks/button-intent.ts";
import { messageBlocks } from "../../../channels/slack/blocks/message-blocks.ts";
import { helpMessage, privateAnswerNotice, problemNotice } from "../../../channels/slack/blocks/notices.ts";
import { cut, cutPlace } from "../../../channels/slack/blocks/plain.ts";
import type { SlackBlock } from "../../../channels/slack/blocks/slack-message.ts";
import { toSlackText } from "../../../channels/slack/blocks/to-slack-text.ts";
import { hostileText, longText } from "./hostile-text.ts";
import { saidBy, textOf, wordsOf } from "./text-of.ts";
import { messageProblems } from "./validate-blocks.ts";

const OWN = "https://steward.example/";
const linkTo = ({ passage }: { passage?: string }) =>
  `${OWN}${encodeURIComponent((passage ?? "").toWellFormed())}`;
const idFor = (_what: ButtonIntent) => "b_1";
const options = { linkTo, feedback: { message: "msg_1", idFor } };
const citation = { document: "doc_1", title: "Travel policy", passage: "p1", quote: "first class" };
const show = (text: string) => messageBlocks(text, [citation], { linkTo: () => null });
const typesOf = (blocks: readonly SlackBlock[]) => blocks.map(({ type }) => type);
const leavesOf = (text: string) => {
  const [first] = show(text)[0]?.blocks ?? [];
  return first?.type === "rich_text" ? (first.elements[0]?.elements ?? []) : [];
};

describe("an answer", () => {
  test("is rich text with its emphasis, not markup", () => {
    expect(leavesOf("Book **first class** or `ICE 1`, _never_ ~~second~~.")).toEqual([
      { type: "text", text: "Book " },
      { type: "text", text: "first class", style: { bold: true } },
      { type: "text", text: " or " },
      { type: "text", text: "ICE 1", style: { code: true } },
      { type: "text", text: ", " },
      { type: "text", text: "never", style: { italic: true } },
      { type: "text", text: " " },
      { type: "text", text: "second", style: { strike: true } },
      { type: "text", text: "." },
    ]);
  });

  test("leaves names with underscores and sums with stars as they are", () => {
    expect(leavesOf("invoice_2027_03.pdf and 4*3*2 and 2 * 3 * 4")).toEqual([
      { type: "text", text: "invoice_2027_03.pdf and 4*3*2 and 2 * 3 * 4" },
    ]);
  });

  test("shows where a link leads instead of hiding it behind words", () => {
    expect(leavesOf("See [your bank](https://evil.example/login).")).toEqual([
      { type: "text", text: "See your bank (" },
      { type: "link", url: "https://evil.example/login" },
      { type: "text", text: ")." },
    ]);
    expect(leavesOf("[https://a.example/x](https://a.example/x)")).toEqual([
      { type: "link", url: "https://a.example/x" },
    ]);
  });

  test("opens nothing but web pages and mail addresses, and keeps the words of the rest", () => {
    for (const url of [
      "javascript:alert(1)",
      "file:///etc/passwd",
      "slack://open",
      "https://a@b.example",
      "//x.example",
    ]) {
      const leaves = leavesOf(`[go](${url})`);
      expect(leaves.filter(({ type }) => type === "link")).toEqual([]);
      expect(textOf(leaves)).toBe(`go (${url})`);
    }
  });

  test("mentions nobody, whatever was written", () => {
    const text = "<!channel> <@U012AB3CD> <#C1|x> @here &lt;!here&gt; <!subteam^S1>";
    const [message] = show(text);
    expect(messageProblems(message)).toEqual([]);
    expect(textOf(message?.blocks[0])).toContain(text);
    expect(message?.text).toContain("&lt;!channel&gt; &lt;@U012AB3CD&gt;");
    expect(message?.text).toContain("&amp;lt;!here&amp;gt;");
  });

  test("keeps lists with their depth and their numbers", () => {
    const [message] = show("1. One\n   more\n2. Two\n   - inner\n3. Three\n\ntext\n\n7. Seven\n7. Eight");
    const [block] = message?.blocks ?? [];
    const lists =
      block?.type === "rich_text" ? block.elements.filter((part) => part.type === "rich_text_list") : [];
    expect(
      lists.map((list) => ({
        style: list.style,
        indent: list.indent,
        offset: (list as { offset?: number }).offset ?? 0,
        items: list.elements.map(textOf),
      })),
    ).toEqual([
      { style: "ordered", indent: 0, offset: 0, items: ["One\nmore\n", "Two\n"] },
      { style: "bullet", indent: 1, offset: 0, items: ["inner\n"] },
      { style: "ordered", indent: 0, offset: 2, items: ["Three\n"] },
      { style: "ordered", indent: 0, offset: 6, items: ["Seven\n", "Eight\n"] },
    ]);
  });

  test("shows a table as a table, with its alignment, and none with an empty cell", () => {
    const [message] = show("Deals:\n\n| Deal | Amount |\n|:--|--:|\n| *Renewal* | 48,000 |\n| | <!here> |");
    const table = message?.blocks.find(({ type }) => type === "table");
    expect(table).toMatchObject({
      column_settings: [{ align: "left" }, { align: "right" }],
      rows: [
        {},
        [{ type: "rich_text" }, { type: "raw_text", text: "48,000" }],
        [
          { type: "raw_text", text: "\u00a0" },
          { type: "raw_text", text: "<!here>" },
        ],
      ],
    });
  });

  test("puts a second table into a message of its own, because Slack takes one", () => {
    const table = "| a | b |\n|---|---|\n| 1 | 2 |\n";
    const messages = show(`${table}\nbetween\n\n${table}`);
    expect(messages.map(({ blocks }) => typesOf(blocks).filter((type) => type === "table").length)).toEqual([
      1, 1,
    ]);
  });

  test("splits a table of 250 rows with its head on each part, and one of 30 columns with its first column", () => {
    const rows = Array.from({ length: 250 }, (_, i) => `| row${i} | ${i} |`).join("\n");
    const tall = show(`| Name | Count |\n|---|---|\n${rows}`);
    for (const { blocks } of tall) expect(wordsOf(textOf(blocks[0])).slice(0, 2)).toEqual(["Name", "Count"]);
    expect(wordsOf(saidBy(tall)).filter((word) => word.startsWith("row"))).toHaveLength(250);
    const line = (cell: (i: number) => string) =>
      `|${Array.from({ length: 30 }, (_, i) => cell(i)).join("|")}|`;
    const wide = show([line((i) => `h${i}`), line(() => "---"), line((i) => `v${i}`)].join("\n"));
    for (const { blocks } of wide) expect(wordsOf(textOf(blocks[0]))[0]).toBe("h0");
    expect(new Set(wordsOf(saidBy(wide)).filter((word) => word.startsWith("v"))).size).toBe(30);
    for (const message of [...tall, ...wide]) expect(messageProblems(message)).toEqual([]);
  });

  test("keeps a code block whole in one message when a message can hold it", () => {
    const code = Array.from({ length: 150 }, (_, i) => `const line${i} = ${i};`).join("\n");
    const messages = show(`${"Some words. ".repeat(700)}\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThe end.`);
    const holding = messages.filter((message) =>
      JSON.stringify(message.blocks).includes("rich_text_preformatted"),
    );
    expect(holding).toHaveLength(1);
    expect(saidBy(holding)).toContain(code);
  });

  test("breaks a code block that no message can hold between its lines", () => {
    const code = Array.from({ length: 2_000 }, (_, i) => `const line${i} = ${i};`).join("\n");
    const messages = show(`\`\`\`\n${code}\n\`\`\``);
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) {
      expect(messageProblems(message)).toEqual([]);
      for (const line of textOf(message.blocks[0]).trim().split("\n"))
        expect(line).toMatch(/^const line\d+ = \d+;$/);
    }
    expect(wordsOf(saidBy(messages)).filter((word) => word.startsWith("line"))).toHaveLength(2_000);
  });

  test("never halves an emoji, an accent or a surrogate pair", () => {
    const family = "👨‍👩‍👧‍👦";
    const messages = show(family.repeat(3_000));
    for (const message of messages) {
      expect(messageProblems(message)).toEqual([]);
      expect(textOf(message.blocks[0]).trim().replaceAll(family, "")).toBe("");
    }
    expect(saidBy(messages).split(family)).toHaveLength(3_001);
  });

  test("of 40,000 characters loses no word and stays in few messages", () => {
    const text = Array.from({ length: 6_500 }, (_, i) => `w${i}`)
      .join(" ")
      .slice(0, 40_000);
    const messages = show(text);
    expect(messages.length).toBeLessThanOrEqual(5);
    expect(wordsOf(saidBy(messages)).slice(0, -4)).toEqual(
      wordsOf(text).slice(0, wordsOf(saidBy(messages)).length - 4),
    );
    for (const message of messages) expect(messageProblems(message)).toEqual([]);
  });

  test("keeps right-to-left text as it is and takes out what would turn its surroundings", () => {
    expect(leavesOf("שלום **עולם** invoice\u202efdp.exe")).toEqual([
      { type: "text", text: "שלום " },
      { type: "text", text: "עולם", style: { bold: true } },
      { type: "text", text: " invoicefdp.exe" },
    ]);
  });

  test("names its sources below, with a link of ours only where there is a page", () => {
    const titled = { ...citation, title: "Q3 <https://evil.example|plan>" };
    const [message] = messageBlocks("As agreed [1].", [titled], {
      linkTo,
      note: "Answered by the offline planner.",
    });
    expect(message?.blocks.slice(1)).toEqual([
      {
        type: "context",
        elements: [
          { type: "plain_text", text: "[1] Q3 <https://evil.example|plan>", emoji: false },
          { type: "mrkdwn", text: "<https://steward.example/p1|Open>" },
        ],
      },
      {
        type: "context",
        elements: [{ type: "plain_text", text: "Answered by the offline planner.", emoji: false }],
      },
    ]);
    expect(messageProblems(message, [OWN])).toEqual([]);
    expect(leavesOf("As agreed [1] and [7].")).toEqual([{ type: "text", text: "As agreed [1] and [7]." }]);
  });

  test("of nothing is still a message", () => {
    for (const text of ["", "  \n ", "\u0000", "---", "# ", "```\n```"]) {
      for (const message of messageBlocks(text, [], options)) expect(messageProblems(message)).toEqual([]);
      expect(messageBlocks(text, [], options).length).toBeGreaterThan(0);
    }
  });
});

describe("any text", () => {
  test("becomes messages that Slack accepts, and in which nothing acts", () => {
    fc.assert(
      fc.property(hostileText(), fc.array(hostileText(4), { maxLength: 30 }), (text, titles) => {
        const citations = titles.map((title, i) => ({ ...citation, title, passage: `${title}${i}` }));
        const messages = messageBlocks(text, citations, { ...options, note: titles[0] ?? null });
        for (const message of messages) expect(messageProblems(message, [OWN])).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("of any length becomes messages that Slack accepts", () => {
    fc.assert(
      fc.property(longText, (text) => {
        for (const message of messageBlocks(text, [], options))
          expect(messageProblems(message, [OWN])).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("as a plain text mentions nobody", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(toSlackText(text)).not.toMatch(/[<>]/);
        for (const message of [
          problemNotice({ code: "CAL-502", message: text }),
          helpMessage({ suggestions: [text], linkTo, command: "/steward" }),
        ]) {
          expect(messageProblems(message, [OWN])).toEqual([]);
        }
      }),
    );
  });

  test("made of words loses none of them and keeps their order", () => {
    const word = fc.stringMatching(/^[a-zéшא漢]{1,9}$/).filter((text) => text !== "");
    const line = fc.array(word, { minLength: 1, maxLength: 300 }).map((words) => words.join(" "));
    const block = fc.oneof(
      line,
      line.map((text) => `# ${text}`),
      line.map((text) => `> ${text}`),
      line.map((text) => `**${text}**`),
      fc
        .array(line, { minLength: 1, maxLength: 30 })
        .map((lines) => lines.map((text) => `- ${text}`).join("\n")),
      fc
        .array(line, { minLength: 1, maxLength: 30 })
        .map((lines) => lines.map((text) => `1. ${text}`).join("\n")),
      fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) => `\`\`\`\n${lines.join("\n")}\n\`\`\``),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 20 }), (blocks) => {
        const text = blocks.join("\n\n");
        expect(wordsOf(saidBy(show(text)))).toEqual([
          ...wordsOf(text.replace(/^1\. /gm, "")),
          ...wordsOf("[1] Travel policy"),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test("is never read in more than linear time", () => {
    for (const piece of [
      "[",
      "![",
      "**a",
      "`",
      "_a ",
      "~~",
      "<https:",
      "](",
      "> ",
      "- ",
      "|",
      "\n|-",
      "# #",
      "  ".repeat(20),
      "h",
      "[a](",
      "\\",
      "1. ",
    ]) {
      const started = performance.now();
      show(piece.repeat(Math.ceil(40_000 / piece.length)));
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });
});

describe("cutting", () => {
  test("never ends inside a cluster or a surrogate pair, and never takes more than it may", () => {
    fc.assert(
      fc.property(hostileText(20), fc.integer({ min: 2, max: 60 }), (raw, max) => {
        const text = raw.toWellFormed();
        const short = cut(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.isWellFormed()).toBe(true);
        expect(text.slice(0, cutPlace(text, max)).isWellFormed()).toBe(true);
      }),
    );
    expect(cut("ab👩‍👧cd", 5)).toBe("ab…");
  });
});

describe("notices", () => {
  test("say that an answer is private, with a button that carries only an opaque id", () => {
    const asked: ButtonIntent[] = [];
    const message = privateAnswerNotice("msg_7", (what) => {
      asked.push(what);
      return "opaque";
    });
    expect(messageProblems(message)).toEqual([]);
    expect(asked).toEqual([{ kind: "show-private", item: "msg_7" }]);
    expect(JSON.stringify(message)).not.toContain("msg_7");
  });
});
