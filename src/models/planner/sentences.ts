/** A sentence, list item or table row of a passage, exactly as it stands in the text. */
export type Sentence = {
  readonly text: string;
  /** Of a table: the columns' names, and the rows that this stands for (one, or all for the head of the table). */
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  } | null;
};

const isRow = (line: string) => /^\|.*\|$/.test(line);
const isRule = (line: string) => /^\|[|\s:-]+\|$/.test(line);
const cellsOf = (row: string) =>
  row
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());

/** Splits prose, lists and tables into what can be quoted. The head of a table stands for the whole of it. */
export function sentencesOf(text: string): readonly Sentence[] {
  const out: Sentence[] = [];
  const lines = text.split(/\n+/).map((line) => line.trim());
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (!line || /^#{1,6}\s/.test(line) || /^[|\s:-]+$/.test(line)) continue;
    if (!isRow(line)) {
      out.push(...proseOf(line).map((one) => ({ text: one, table: null })));
      continue;
    }
    const hasHead = isRule(lines[i + 1] ?? "");
    const columns = hasHead ? cellsOf(line) : [];
    const rows: string[] = [];
    let at = hasHead ? i + 2 : i;
    for (; isRow(lines[at] ?? ""); at++) rows.push(lines[at] ?? "");
    const read = rows.map(cellsOf);
    if (hasHead) out.push({ text: line, table: { columns, rows: read } });
    for (const [n, row] of rows.entries()) out.push({ text: row, table: { columns, rows: [read[n] ?? []] } });
    i = at - 1;
  }
  return out;
}

function proseOf(line: string): readonly string[] {
  const out: string[] = [];
  let from = 0;
  for (const m of line.matchAll(/[.!?]+["”)]?\s+(?=["“(]?[\p{Lu}\p{N}])/gu)) {
    const to = m.index + m[0].trimEnd().length;
    // "e.g. 5" and "No. 3" end no sentence.
    if (/(?:^|[\s(])(?:e\.g|i\.e|no|approx|etc|max|min|st|mr|mrs|ms|dr|art|p)\.$/i.test(line.slice(from, to)))
      continue;
    out.push(line.slice(from, to).trim());
    from = m.index + m[0].length;
  }
  const rest = line.slice(from).trim();
  return rest ? [...out, rest] : out;
}

/** Without the mark of a list. */
export const plainQuote = (sentence: string) => sentence.replace(/^(?:[-*•]|\d+[.)])\s+/, "").trim();

const lower = (text: string) =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** A row in words: "B4, senior engineer: from 74,000 euros, to 96,000 euros". */
function sayRow(cells: readonly string[], columns: readonly string[]): string {
  if (columns.length !== cells.length || cells.length < 2) return cells.filter(Boolean).join(", ");
  const named = (i: number) => `${lower(columns[i] ?? "")} ${cells[i] ?? ""}`.trim();
  const figures = cells.findIndex((cell, i) => i > 0 && /\d/.test(cell));
  if (figures > 0) {
    const rest = cells.slice(figures).map((_, i) => named(figures + i));
    return `${cells.slice(0, figures).filter(Boolean).join(", ")}: ${rest.join(", ")}`;
  }
  return cells
    .map((cell, i) => (cell ? `${i === 0 ? columns[i] : lower(columns[i] ?? "")}: ${cell}` : ""))
    .filter(Boolean)
    .join("; ");
}

/** A sentence as a person reads it; a table as a list of its rows. */
export function sayPlainly({ text, table }: Sentence): string {
  if (!table) return plainQuote(text).replace(/\s+/g, " ").trim();
  const rows = table.rows.map((row) => sayRow(row, table.columns));
  return rows.length === 1 ? `${rows[0]}.` : rows.map((row) => `- ${row}`).join("\n");
}

/** The words that a sentence is found by. */
export function wordsToFind({ text, table }: Sentence): string {
  // A row is read with the names of its columns.
  return table && table.rows.length === 1 ? `${table.columns.join(" ")} ${text}` : text;
}
