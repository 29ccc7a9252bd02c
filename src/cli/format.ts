/** Text for a terminal: nothing in it may move the cursor, change colours or turn the direction. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** Rows under their headings, each column as wide as its widest cell. Empty string for no rows. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cells = [headings, ...rows].map((row) => row.map((cell) => plain(cell).replace(/\s+/g, " ")));
  const widths = headings.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? "").length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The first `length` characters, with an ellipsis when there are more. */
export function cut(text: string, length: number): string {
  const line = plain(text).replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** Lines moved in by two blanks. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
