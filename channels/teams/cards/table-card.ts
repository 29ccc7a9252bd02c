import type { JsonObject } from "../../../src/types/json.ts";
import { adaptiveCard, line, ownText, run, sizeOf } from "./elements.ts";
import { foreignLine } from "./foreign-text.ts";
import { plainWords } from "./plain-words.ts";
import type { Table } from "./teams-markdown.ts";

const MAX_COLUMNS = 8;
const MAX_ROWS = 100;

/** A table as a card: Teams' markdown has none. Rows beyond `maxBytes` are left out and counted. */
export function tableCard(table: Table, maxBytes: number): JsonObject {
  const columns = Math.min(table.head.length, MAX_COLUMNS);
  let rows = table.rows.slice(0, MAX_ROWS);
  for (let characters = 200; ; characters = Math.max(40, Math.floor(characters / 2))) {
    const card = build(table, rows, columns, characters);
    if (sizeOf(card) <= maxBytes || rows.length === 0) return card;
    if (characters === 40) rows = rows.slice(0, Math.floor(rows.length * 0.7));
  }
}

function build(
  table: Table,
  rows: readonly (readonly string[])[],
  columns: number,
  characters: number,
): JsonObject {
  const cell = (text: string, isHead: boolean): JsonObject => ({
    type: "TableCell",
    items: [line([run(foreignLine(plainWords(text), characters), { isBold: isHead })], { spacing: "None" })],
  });
  const row = (texts: readonly string[], isHead: boolean): JsonObject => ({
    type: "TableRow",
    cells: Array.from({ length: columns }, (_, i) => cell(texts[i] ?? "", isHead)),
  });
  const leftRows = table.rows.length - rows.length;
  const leftColumns = table.head.length - columns;
  return adaptiveCard({
    body: [
      {
        type: "Table",
        columns: Array.from({ length: columns }, () => ({ width: 1 })),
        firstRowAsHeaders: true,
        rows: [row(table.head, true), ...rows.map((each) => row(each, false))],
      },
      ...(leftRows > 0 ? [ownText(`And ${leftRows} more ${leftRows === 1 ? "row" : "rows"}.`)] : []),
      ...(leftColumns > 0
        ? [ownText(`And ${leftColumns} more ${leftColumns === 1 ? "column" : "columns"}.`)]
        : []),
    ],
    fallbackText: foreignLine(table.head.join(", "), 200),
  });
}
