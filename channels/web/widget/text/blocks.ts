import { tableCells } from "../../../table-cells.ts";
/** A block of markdown. Inline text is left as written; `text/markdown.tsx` reads it when it is shown. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: "table";
      readonly align: readonly ("left" | "right" | "center")[];
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const MAX_DEPTH = 5;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,12})(?:([-*+])|(\d{1,9})[.)])(?:[ \t]+|$)/;
const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Splits markdown into blocks. Never throws; nesting is limited, deeper marks stay text. */
export function parseBlocks(source: string): readonly Block[] {
  return readBlocks(source.replace(/\r\n?/g, "\n").split("\n"), 0);
}

function readBlocks(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  const isNested = depth < MAX_DEPTH;
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] ?? "";
    if (line.trim() === "") {
      i++;
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      let end = i + 1;
      while (end < lines.length && !lines[end]?.trimStart().startsWith(fence)) end++;
      blocks.push({ kind: "code", text: lines.slice(i + 1, end).join("\n") });
      i = end + 1;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      blocks.push({
        kind: "heading",
        level: heading[1]?.length ?? 1,
        text: headingText(line.slice(heading[0].length)),
      });
      i++;
      continue;
    }
    if (RULE.test(line)) {
      blocks.push({ kind: "rule" });
      i++;
      continue;
    }
    if (isNested && QUOTE.test(line)) {
      let end = i;
      while (end < lines.length && QUOTE.test(lines[end] ?? "")) end++;
      const inside = lines.slice(i, end).map((quoted) => quoted.replace(QUOTE, ""));
      blocks.push({ kind: "quote", blocks: readBlocks(inside, depth + 1) });
      i = end;
      continue;
    }
    if (isNested && ITEM.test(line)) {
      const list = readList(lines, i, depth);
      blocks.push(list.block);
      i = list.end;
      continue;
    }
    if (isTableAt(lines, i)) {
      const table = readTable(lines, i);
      blocks.push(table.block);
      i = table.end;
      continue;
    }
    let end = i + 1;
    while (end < lines.length && !isInterrupted(lines, end, isNested)) end++;
    const text = lines.slice(i, end).map((part) => part.trimStart());
    blocks.push({ kind: "paragraph", text: text.join("\n").trimEnd() });
    i = end;
  }
  return blocks;
}

/** Without the closing run of `#`; by hand, because a pattern for it is quadratic in hostile lines. */
function headingText(rest: string): string {
  let end = rest.trimEnd().length;
  const trimmed = end;
  while (end > 0 && rest.charAt(end - 1) === "#") end--;
  return rest.slice(0, end === 0 || rest.charAt(end - 1) === " " ? end : trimmed).trimEnd();
}

function isInterrupted(lines: readonly string[], at: number, isNested: boolean): boolean {
  const line = lines[at] ?? "";
  if (line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line)) return true;
  return (isNested && (QUOTE.test(line) || ITEM.test(line))) || isTableAt(lines, at);
}

function readList(lines: readonly string[], from: number, depth: number): { block: Block; end: number } {
  const first = ITEM.exec(lines[from] ?? "");
  const indent = first?.[1]?.length ?? 0;
  const isOrdered = first?.[3] !== undefined;
  const items: (readonly Block[])[] = [];
  let i = from;
  while (i < lines.length) {
    const mark = ITEM.exec(lines[i] ?? "");
    if (!mark || (mark[1]?.length ?? 0) !== indent || (mark[3] !== undefined) !== isOrdered) break;
    const inside = [(lines[i] ?? "").slice(mark[0].length)];
    const body = Math.min(mark[0].length, indent + 4);
    i++;
    while (i < lines.length) {
      const line = lines[i] ?? "";
      const isBlank = line.trim() === "";
      const spaces = line.length - line.trimStart().length;
      if (isBlank) {
        // A blank line stays inside only when what follows still belongs to the item.
        const after = lines[i + 1] ?? "";
        const afterSpaces = after.length - after.trimStart().length;
        if (after.trim() === "" || afterSpaces <= indent) break;
      } else if (spaces <= indent && isInterrupted(lines, i, true)) break;
      inside.push(line.slice(Math.min(spaces, body)));
      i++;
    }
    items.push(readBlocks(inside, depth + 1));
    // Items may stand apart by one blank line.
    const after = ITEM.exec(lines[i + 1] ?? "");
    if ((lines[i] ?? "x").trim() === "" && after && (after[1]?.length ?? 0) === indent) i++;
  }
  const start = isOrdered ? Number(first?.[3]) : null;
  return { block: { kind: "list", start, items }, end: i };
}

function isTableAt(lines: readonly string[], at: number): boolean {
  const head = lines[at] ?? "";
  const rule = lines[at + 1] ?? "";
  if (!head.includes("|") || !rule.includes("-") || !DELIMITER.test(rule)) return false;
  return tableCells(head).length === tableCells(rule).length;
}

function readTable(lines: readonly string[], from: number): { block: Block; end: number } {
  const head = tableCells(lines[from] ?? "");
  const align = tableCells(lines[from + 1] ?? "").map((mark) => {
    if (!mark.endsWith(":")) return "left" as const;
    return mark.startsWith(":") ? ("center" as const) : ("right" as const);
  });
  const rows: string[][] = [];
  let i = from + 2;
  for (; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.trim() === "" || !line.includes("|")) break;
    const row = tableCells(line);
    rows.push(head.map((_, column) => row[column] ?? ""));
  }
  return { block: { kind: "table", align, head, rows }, end: i };
}
