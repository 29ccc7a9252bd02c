import { tableCells } from "../../table-cells.ts";
import { foreign } from "./foreign-text.ts";
import { escapeText, inlineMarkdown } from "./inline-markdown.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*)$/;
const RULE = /^ {0,3}([-*_=])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}(?:> ?)+/;
const ITEM = /^( {0,12})([-*+]|\d{1,9}[.)])([ \t]+)/;
const DELIMITER = /^ {0,3}\|?[ \t]*:?-{1,50}:?[ \t]*(?:\|[ \t]*:?-{1,50}:?[ \t]*){0,50}\|?[ \t]*$/;

/** A table of an answer; its cells are plain words. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** A line of Teams' markdown. Lines of code stand between two lines of "```". */
export type MarkdownLine =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "table"; readonly table: Table };

/**
 * Reads an answer line by line, so that what was shown of it while it was written stays as it is. Never throws.
 * What Teams does not know (headings, rules, HTML, images) becomes what it knows.
 */
export function readMarkdown(source: string, citations: number): readonly MarkdownLine[] {
  const lines = foreign(source).split("\n");
  const out: MarkdownLine[] = [];
  let fence: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i] ?? "";
    const mark = FENCE.exec(text)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) && text.trim() === mark) fence = null;
      // A fence inside another kind of fence would end it for Teams.
      else
        out.push({ kind: "code", text: text.replace(/`{3,}/g, (marks) => marks.split("").join("\u2060")) });
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    if (isTableAt(lines, i)) {
      const read = readTable(lines, i);
      out.push({ kind: "table", table: read.table });
      i = read.end - 1;
      continue;
    }
    out.push({ kind: "line", text: plainLine(text, citations) });
  }
  return out;
}

function plainLine(text: string, citations: number): string {
  if (text.trim() === "") return "";
  if (RULE.test(text)) return "———";
  const heading = HEADING.exec(text)?.[1];
  if (heading !== undefined) {
    const words = heading.replace(/[ \t]+#{1,20}[ \t]*$/, "").replace(/\*\*|__/g, "");
    return words.trim() === "" ? "" : `**${inlineMarkdown(words.trim(), citations)}**`;
  }
  if (QUOTE.test(text)) return `> ${inlineMarkdown(text.replace(QUOTE, ""), citations)}`;
  const item = ITEM.exec(text);
  if (item) {
    const mark = /\d/.test(item[2] ?? "") ? `${Number.parseInt(item[2] ?? "1", 10)}.` : "-";
    return `${item[1]}${mark} ${inlineMarkdown(text.slice(item[0].length), citations)}`;
  }
  // What begins a line of markdown elsewhere must not begin one here.
  const words = inlineMarkdown(text.trim(), citations);
  return words.replace(/^(#{1,6}|[-+=>|]|\d{1,9}[.)])(?=\s|$|[-=])/, (begin) =>
    /^\d/.test(begin) ? `${begin.slice(0, -1)}\\${begin.slice(-1)}` : `\\${begin}`,
  );
}

function isTableAt(lines: readonly string[], at: number): boolean {
  const head = lines[at] ?? "";
  const rule = lines[at + 1] ?? "";
  return head.includes("|") && rule.includes("-") && rule.length < 4_000 && DELIMITER.test(rule)
    ? tableCells(head).length === tableCells(rule).length
    : false;
}

function readTable(lines: readonly string[], from: number): { table: Table; end: number } {
  const head = tableCells(lines[from] ?? "");
  const rows: string[][] = [];
  let end = from + 2;
  for (; end < lines.length && (lines[end] ?? "").includes("|"); end++) {
    const row = tableCells(lines[end] ?? "");
    rows.push(head.map((_, column) => row[column] ?? ""));
  }
  return { table: { head, rows }, end };
}

/** One line of our own with other people's words in it. */
export const literalLine = (text: string): string => escapeText(text.replace(/\s+/g, " ").trim());
