import { tableCells } from "../../table-cells.ts";
import { readInline, type SourceOf } from "./inline.ts";
import { clean } from "./plain.ts";
import { leaves, words } from "./rich-text.ts";
import type { Leaf } from "./slack-message.ts";

/** A part of an answer that Slack shows as one thing. Slack's lists are flat: an item knows its own depth. */
export type Piece =
  | { readonly kind: "paragraph" | "heading" | "quote"; readonly leaves: readonly Leaf[] }
  | { readonly kind: "code"; readonly text: string }
  | {
      readonly kind: "item";
      readonly indent: number;
      /** Its number in an ordered list, null for a bullet. */
      readonly number: number | null;
      readonly leaves: readonly Leaf[];
    }
  | { readonly kind: "rule" }
  | {
      readonly kind: "table";
      readonly align: readonly ("left" | "right" | "center")[];
      /** First the head. All rows have as many cells as it. */
      readonly rows: readonly (readonly (readonly Leaf[])[])[];
    };

const FENCE = /^\s{0,12}(`{3,}|~{3,})(.*)$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,24})(?:([-*+])|(\d{1,9})[.)])(?:[ \t]+|$)/;
const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const MAX_INDENT = 8;

/** Splits markdown into pieces. Never throws; everything that is not markup stays as words. */
export function readMarkdown(source: string, sourceOf: SourceOf = () => undefined): readonly Piece[] {
  const lines = clean(source).replace(/\t/g, "    ").split("\n");
  const pieces: Piece[] = [];
  const inline = (text: string) => readInline(text, sourceOf);
  /** Columns where the items of the list begin that is being read; empty outside a list. */
  let columns: number[] = [];
  let i = 0;

  /** Adds lines to the item before them. */
  const extendItem = (more: readonly Leaf[]): boolean => {
    const last = pieces.at(-1);
    if (last?.kind !== "item" || more.length === 0) return false;
    const gap = last.leaves.length > 0 ? words("\n") : null;
    pieces[pieces.length - 1] = { ...last, leaves: leaves(...last.leaves, gap, ...more) };
    return true;
  };

  while (i < lines.length) {
    const line = lines[i] ?? "";
    if (line.trim() === "") {
      i++;
      continue;
    }
    const isInList = columns.length > 0 && /^ {2}/.test(line);
    const fence = FENCE.exec(line);
    if (fence?.[1] && !fence[2]?.includes("`")) {
      const mark = fence[1];
      let end = i + 1;
      while (end < lines.length && !lines[end]?.trimStart().startsWith(mark)) end++;
      const indent = line.length - line.trimStart().length;
      const inside = lines.slice(i + 1, end).map((each) => each.replace(new RegExp(`^ {0,${indent}}`), ""));
      // The language goes; anything else that stands behind the fence was meant to be read.
      const info = fence[2]?.trim() ?? "";
      if (!/^[\w+#.-]{0,20}$/.test(info)) inside.unshift(info);
      if (inside.join("").trim() !== "") pieces.push({ kind: "code", text: inside.join("\n") });
      if (!isInList) columns = [];
      i = end + 1;
      continue;
    }
    const item = RULE.test(line) ? null : ITEM.exec(line);
    if (item) {
      const column = item[1]?.length ?? 0;
      columns = [...columns.filter((each) => each < column), column];
      const number = item[3] === undefined ? null : Number(item[3]);
      const end = endOfParagraph(lines, i + 1);
      const text = [line.slice(item[0].length), ...lines.slice(i + 1, end).map((each) => each.trim())].join(
        "\n",
      );
      pieces.push({
        kind: "item",
        indent: Math.min(columns.length - 1, MAX_INDENT),
        number: numberFor(pieces, columns.length - 1, number),
        leaves: inline(text.trim()),
      });
      i = end;
      continue;
    }
    if (isInList && !isTableAt(lines, i)) {
      const end = endOfParagraph(lines, i + 1);
      const text = lines.slice(i, end).map((each) => each.trim());
      if (extendItem(inline(text.join("\n")))) {
        i = end;
        continue;
      }
    }
    columns = [];
    if (HEADING.test(line)) {
      const text = line
        .replace(HEADING, "")
        .trimEnd()
        .replace(/(?:^| )#{1,6}$/, "");
      const inside = readInline(text, sourceOf, { bold: true });
      if (inside.length > 0) pieces.push({ kind: "heading", leaves: inside });
      i++;
    } else if (RULE.test(line)) {
      pieces.push({ kind: "rule" });
      i++;
    } else if (QUOTE.test(line)) {
      let end = i;
      while (end < lines.length && QUOTE.test(lines[end] ?? "")) end++;
      const inside = lines.slice(i, end).map((each) => each.replace(/^(?: {0,3}> ?){1,9}/, ""));
      const quoted = inline(inside.join("\n").trim());
      if (quoted.length > 0) pieces.push({ kind: "quote", leaves: quoted });
      i = end;
    } else if (isTableAt(lines, i)) {
      const table = readTable(lines, i, inline);
      pieces.push(table.piece);
      i = table.end;
    } else {
      const end = endOfParagraph(lines, i + 1);
      const text = lines.slice(i, end).map((each) => each.trim());
      const inside = inline(text.join("\n"));
      if (inside.length > 0) pieces.push({ kind: "paragraph", leaves: inside });
      i = end;
    }
  }
  return pieces;
}

/** Markdown counts on from the first number of a list, whatever the others say. */
function numberFor(pieces: readonly Piece[], indent: number, written: number | null): number | null {
  if (written === null) return null;
  for (let i = pieces.length - 1; i >= 0; i--) {
    const piece = pieces[i];
    if (piece?.kind === "code") continue;
    if (piece?.kind !== "item" || piece.indent < indent) break;
    if (piece.indent === indent) return piece.number === null ? written : piece.number + 1;
  }
  return written;
}

function endOfParagraph(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || HEADING.test(line) || RULE.test(line) || QUOTE.test(line)) break;
    if (ITEM.test(line) || FENCE.test(line) || isTableAt(lines, end)) break;
    end++;
  }
  return end;
}

function isTableAt(lines: readonly string[], place: number): boolean {
  const head = lines[place] ?? "";
  const rule = lines[place + 1] ?? "";
  if (!head.includes("|") || !rule.includes("-") || !DELIMITER.test(rule)) return false;
  return tableCells(head).length === tableCells(rule).length;
}

function readTable(lines: readonly string[], from: number, inline: (text: string) => Leaf[]) {
  const head = tableCells(lines[from] ?? "");
  const align = tableCells(lines[from + 1] ?? "").map((mark) => {
    if (!mark.endsWith(":")) return "left" as const;
    return mark.startsWith(":") ? ("center" as const) : ("right" as const);
  });
  const rows = [head.map((cell) => readInline(cell, () => undefined, { bold: true }))];
  let end = from + 2;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || !line.includes("|")) break;
    const row = tableCells(line);
    // What stands behind the last column is kept in it.
    if (row.length > head.length)
      row.splice(head.length - 1, row.length, row.slice(head.length - 1).join(" | "));
    rows.push(head.map((_, column) => inline(row[column] ?? "")));
  }
  return { piece: { kind: "table", align, rows } as const, end };
}
