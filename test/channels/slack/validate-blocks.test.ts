import { describe, expect, test } from "vitest";
import { anyElement } from "./block-elements.ts";
import { anyRichText } from "./block-rich-text.ts";
import { blockProblems, messageProblems, schemaProblems, viewProblems } from "./validate-blocks.ts";

const plain = (length: number) => ({ type: "plain_text", text: "x".repeat(length) });
const section = { type: "section", text: plain(3) };
const cell = (text = "a") => ({ type: "raw_text", text });
const button = (more: object = {}) => ({ type: "button", action_id: "a", text: plain(3), ...more });

describe("the validator of Slack's blocks", () => {
  test("accepts each limit and refuses one more", () => {
    const cases: readonly ((over: 0 | 1) => object)[] = [
      (over) => ({ type: "header", text: plain(150 + over) }),
      (over) => ({ type: "section", text: plain(3_000 + over) }),
      (over) => ({ type: "section", fields: Array.from({ length: 10 + over }, () => plain(2)) }),
      (over) => ({ type: "section", fields: [plain(2_000 + over)] }),
      (over) => ({ type: "actions", elements: [button({ text: plain(75 + over) })] }),
      (over) => ({ type: "actions", elements: [button({ value: "x".repeat(2_000 + over) })] }),
      (over) => ({ type: "actions", elements: [button({ confirm: { text: plain(300 + over) } })] }),
      (over) => ({ type: "actions", elements: Array.from({ length: 25 + over }, () => button()) }),
      (over) => ({ type: "context", elements: Array.from({ length: 10 + over }, () => plain(2)) }),
      (over) => ({ type: "markdown", text: "x".repeat(12_000 + over) }),
      (over) => ({ type: "table", rows: Array.from({ length: 100 + over }, () => [cell()]) }),
      (over) => ({ type: "table", rows: [Array.from({ length: 20 + over }, () => cell())] }),
      (over) => ({ type: "table", rows: [[cell("x".repeat(10_000 + over))]] }),
      (over) => ({ type: "section", block_id: "x".repeat(255 + over), text: plain(1) }),
      (over) => ({ type: "header", text: { type: "plain_text", text: "😀".repeat(150 + over) } }),
    ];
    for (const [i, make] of cases.entries()) {
      expect(blockProblems(make(0)), `case ${i} at its limit`).toEqual([]);
      expect(blockProblems(make(1)), `case ${i} over its limit`).not.toEqual([]);
    }
  });

  test("refuses what is empty, ragged, unknown or in the wrong place", () => {
    for (const block of [
      { type: "section" },
      { type: "section", text: plain(0) },
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [] }] },
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "" }] }],
      },
      { type: "table", rows: [[cell(), cell()], [cell()]] },
      { type: "table", rows: [[cell("")]] },
      { type: "context", elements: [button()] },
      { type: "input", label: plain(1), element: button() },
      { type: "paragraph", text: "x" },
      { ...section, extra: 1 },
    ]) {
      expect(blockProblems(block)).not.toEqual([]);
    }
  });

  test("refuses a message with a mention, words over an address, two tables, or too much in all", () => {
    const message = (...blocks: object[]) =>
      messageProblems({ text: "A message.", blocks }, ["https://own.example/"]);
    const mrkdwn = (text: string) => ({ type: "context", elements: [{ type: "mrkdwn", text }] });
    const leaf = (element: object) => ({
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [element] }],
    });
    expect(message(section, mrkdwn("<https://own.example/a|Open> <!date^1700000000^{date}|then>"))).toEqual(
      [],
    );
    for (const block of [
      mrkdwn("<!channel>"),
      mrkdwn("<@U1>"),
      mrkdwn("<https://evil.example|Open>"),
      leaf({ type: "user", user_id: "U1" }),
      leaf({ type: "broadcast", range: "here" }),
      leaf({ type: "link", url: "https://evil.example", text: "Open" }),
      leaf({ type: "link", url: "javascript:alert(1)" }),
    ]) {
      expect(message(block)).not.toEqual([]);
    }
    const table = { type: "table", rows: [[cell()]] };
    expect(message(table)).toEqual([]);
    expect(message(table, table)).not.toEqual([]);
    expect(message(...Array.from({ length: 51 }, () => section))).not.toEqual([]);
    expect(
      message(...Array.from({ length: 5 }, () => ({ type: "section", text: plain(2_900) }))),
    ).not.toEqual([]);
    expect(messageProblems({ text: "<!here>", blocks: [section] })).not.toEqual([]);
    expect(messageProblems({ text: "", blocks: [section] })).not.toEqual([]);
  });

  test("knows the inputs and the parts of rich text by themselves", () => {
    const option = { text: plain(75), value: "x".repeat(150) };
    const select = { type: "static_select", options: [option], initial_option: option };
    const number = { type: "number_input", is_decimal_allowed: true };
    for (const [good, bad] of [
      [select, { ...select, options: [{ ...option, value: "other" }] }],
      [select, { ...select, option_groups: [{ label: plain(3), options: [option] }] }],
      [
        { ...number, initial_value: "-1.5" },
        { ...number, initial_value: "1e3" },
      ],
      [
        { ...number, min_value: "1", max_value: "2" },
        { ...number, min_value: "2", max_value: "1" },
      ],
      [
        { type: "datetimepicker", initial_date_time: 1_795_451_400 },
        { type: "datetimepicker", initial_date_time: 5 },
      ],
      [
        { type: "plain_text_input", max_length: 3_000 },
        { type: "plain_text_input", max_length: 3_001 },
      ],
    ]) {
      expect(schemaProblems(anyElement, good)).toEqual([]);
      expect(schemaProblems(anyElement, bad)).not.toEqual([]);
    }
    const list = {
      type: "rich_text_list",
      style: "ordered",
      offset: 2,
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
    };
    expect(schemaProblems(anyRichText, list)).toEqual([]);
    expect(schemaProblems(anyRichText, { ...list, style: "numbered" })).not.toEqual([]);
    expect(schemaProblems(anyRichText, { type: "text", text: "a", style: { blink: true } })).not.toEqual([]);
  });

  test("refuses a modal that asks without a way to send", () => {
    const input = {
      type: "input",
      block_id: "b",
      label: plain(3),
      element: { type: "plain_text_input", action_id: "a" },
    };
    const modal = { type: "modal", title: plain(24), blocks: [input] };
    expect(viewProblems({ ...modal, submit: plain(24) })).toEqual([]);
    expect(viewProblems(modal)).not.toEqual([]);
    expect(viewProblems({ ...modal, submit: plain(24), title: plain(25) })).not.toEqual([]);
    expect(viewProblems({ ...modal, submit: plain(24), blocks: [input, input] })).not.toEqual([]);
  });
});
