import { StewardError } from "../../types/steward-error.ts";

/** Cells of a table in comma (or semicolon, or tab) separated form (RFC 4180). Throws `DOC-422` when a quote stays open. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (char === '"' && cell === "") isQuoted = true;
    else if (char === separator) {
      row.push(cell);
      cell = "";
    } else if (char === "\n") {
      row.push(cell.replace(/\r$/, ""));
      rows.push(row);
      row = [];
      cell = "";
    } else cell += char;
  }
  if (isQuoted) throw new StewardError("DOC-422", "A quoted cell of the table has no end.");
  if (cell !== "" || row.length > 0) rows.push([...row, cell.replace(/\r$/, "")]);
  return rows.filter((cells) => cells.some((one) => one.trim() !== ""));
}

function separatorOf(text: string): string {
  const line = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const counts = [",", ";", "\t"].map((one) => ({ one, count: line.split(one).length }));
  counts.sort((a, b) => b.count - a.count);
  return counts[0]?.one ?? ",";
}

/**
 * One line a row, each cell with its column's name, so that a passage of some rows is understood (and found)
 * without the head of the table.
 */
export function csvToMarkdown(text: string): string {
  const [head, ...rows] = parseCsv(text.replace(/^\uFEFF/, ""));
  if (!head || rows.length === 0) throw new StewardError("DOC-422", "The table has no rows under its head.");
  const tidy = (cell: string) => cell.replace(/\s+/g, " ").trim();
  return rows
    .map((row) =>
      row
        .map((cell, i) => ({ name: tidy(head[i] ?? ""), cell: tidy(cell) }))
        .filter(({ cell }) => cell !== "")
        .map(({ name, cell }) => (name === "" ? cell : `${name}: ${cell}`))
        .join("; "),
    )
    .filter((line) => line !== "")
    .join("\n\n");
}
