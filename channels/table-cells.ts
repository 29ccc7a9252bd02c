/** Cells of a row of a markdown table; a bar inside code or behind a backslash belongs to its cell. */
export function tableCells(line: string): string[] {
  const out: string[] = [];
  let cell = "";
  let isCode = false;
  const row = line.trim().replace(/^\|/, "");
  for (let i = 0; i < row.length; i++) {
    const char = row.charAt(i);
    if (char === "\\" && row.charAt(i + 1) === "|") {
      cell += "|";
      i++;
    } else if (char === "|" && !isCode) {
      out.push(cell.trim());
      cell = "";
    } else {
      if (char === "`") isCode = !isCode;
      cell += char;
    }
  }
  if (cell.trim() !== "" || !row.endsWith("|")) out.push(cell.trim());
  return out;
}
