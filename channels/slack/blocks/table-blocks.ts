import { costOf, LIMITS } from "./block-cost.ts";
import type { Piece } from "./read-markdown.ts";
import { plainOf, richText, section, words } from "./rich-text.ts";
import type { Leaf, TableBlock } from "./slack-message.ts";

type Table = Extract<Piece, { kind: "table" }>;
type Row = readonly (readonly Leaf[])[];
type Cell = TableBlock["rows"][number][number];

/** Slack refuses an empty cell; a no-break space stands for it. */
const EMPTY = "\u00a0";
const COST_OF_CELL = 60;

/**
 * A table as one or several that Slack takes: at most 100 rows and 20 columns, each with the head again (and, where
 * columns are split, with the first column). A row too large for any table becomes lines "Head: value".
 */
export function tableBlocks(table: Table): readonly (TableBlock | Piece)[] {
  const [head = []] = table.rows;
  if (head.length <= LIMITS.tableColumns) return byRows(table);
  const out: (TableBlock | Piece)[] = [];
  const step = LIMITS.tableColumns - 1;
  for (let from = 1; from < head.length; from += step) {
    const pick = <T>(row: readonly T[]): T[] => [...row.slice(0, 1), ...row.slice(from, from + step)];
    out.push(...byRows({ kind: "table", align: pick(table.align), rows: table.rows.map(pick) }));
  }
  return out;
}

function byRows({ align, rows }: Table): readonly (TableBlock | Piece)[] {
  const [head = [], ...body] = rows;
  const out: (TableBlock | Piece)[] = [];
  const start = costOfRow(head);
  let taken: Row[] = [];
  let cost = start;
  const flush = () => {
    if (taken.length > 0) out.push(toBlock([head, ...taken], align));
    taken = [];
    cost = start;
  };
  for (const row of body) {
    const more = costOfRow(row);
    if (start + more > LIMITS.tableText) {
      flush();
      out.push(...asLines(head, row));
      continue;
    }
    if (taken.length + 2 > LIMITS.tableRows || cost + more > LIMITS.tableText) flush();
    taken.push(row);
    cost += more;
  }
  flush();
  if (body.length === 0) {
    if (start > LIMITS.tableText)
      out.push(
        ...asLines(
          head.map(() => []),
          head,
        ),
      );
    else out.push(toBlock([head], align));
  }
  return out;
}

const costOfRow = (row: Row): number => row.reduce((sum, cell) => sum + costOf(cell) + COST_OF_CELL, 0);

function toBlock(rows: readonly Row[], align: Table["align"]): TableBlock {
  return {
    type: "table",
    column_settings: align.map((side) => ({ align: side, is_wrapped: true })),
    rows: rows.map((row) => row.map(toCell)),
  };
}

function toCell(cell: readonly Leaf[]): Cell {
  const text = plainOf(cell);
  if (text.trim() === "") return { type: "raw_text", text: EMPTY };
  const isPlain = cell.every((leaf) => leaf.type === "text" && leaf.style === undefined);
  return isPlain ? { type: "raw_text", text } : richText([section(cell)]);
}

function asLines(head: Row, row: Row): readonly Piece[] {
  return row.flatMap((cell, column): readonly Piece[] => {
    if (cell.length === 0) return [];
    const name = plainOf(head[column] ?? []);
    const label = name === "" ? null : words(`${name}: `, { bold: true });
    return [{ kind: "paragraph", leaves: label ? [label, ...cell] : cell }];
  });
}
