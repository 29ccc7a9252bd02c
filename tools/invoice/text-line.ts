import type { Box } from "./extraction.ts";
import type { TextItem } from "./read-pdf.ts";

/** Text that stands together on a line, apart from its neighbours by more than a word's space. */
export type Cell = {
  readonly page: number;
  readonly line: number;
  readonly text: string;
  readonly box: Box;
  readonly size: number;
};

export type TextLine = {
  readonly page: number;
  readonly index: number;
  readonly y: number;
  readonly cells: readonly Cell[];
  readonly text: string;
};

/** Gap, in font sizes, from which two runs are two cells; a wide space between words is at most 0.7. */
const CELL_GAP = 1.1;
const WORD_GAP = 0.12;

/** Puts the runs of all pages into lines from top to bottom and cells from left to right. */
export function toLines(items: readonly TextItem[]): readonly TextLine[] {
  const lines: TextLine[] = [];
  for (const page of [...new Set(items.map((item) => item.page))].sort((a, b) => a - b)) {
    const onPage = items.filter((item) => item.page === page).sort((a, b) => b.box[1] - a.box[1]);
    let row: TextItem[] = [];
    const close = () => {
      if (row.length > 0) lines.push(toLine(row, page, lines.length));
      row = [];
    };
    for (const item of onPage) {
      const first = row[0];
      if (first && first.box[1] - item.box[1] > 0.4 * Math.min(first.size, item.size)) close();
      row.push(item);
    }
    close();
  }
  return lines;
}

function toLine(row: readonly TextItem[], page: number, index: number): TextLine {
  const items = [...row].sort((a, b) => a.box[0] - b.box[0] || b.text.length - a.text.length);
  const cells: Cell[] = [];
  for (const item of items) {
    const last = cells.at(-1);
    if (!last) {
      cells.push(toCell(item, index));
      continue;
    }
    const gap = item.box[0] - last.box[2];
    const size = Math.max(last.size, item.size);
    // The same words printed twice with a small shift look bold.
    if (gap < 0 && last.text.endsWith(item.text) && Math.abs(item.box[2] - last.box[2]) < size * 0.3)
      continue;
    if (gap > CELL_GAP * size) {
      cells.push(toCell(item, index));
      continue;
    }
    const space = gap > WORD_GAP * size || /\s$/.test(last.text) || /^\s/.test(item.text) ? " " : "";
    cells[cells.length - 1] = {
      ...last,
      text: `${last.text.trimEnd()}${space}${item.text.trim()}`,
      box: [
        last.box[0],
        Math.min(last.box[1], item.box[1]),
        Math.max(last.box[2], item.box[2]),
        Math.max(last.box[3], item.box[3]),
      ],
      size,
    };
  }
  return { page, index, y: row[0]?.box[1] ?? 0, cells, text: cells.map((cell) => cell.text).join("  ") };
}

function toCell(item: TextItem, line: number): Cell {
  return { page: item.page, line, text: item.text.trim(), box: item.box, size: item.size };
}
