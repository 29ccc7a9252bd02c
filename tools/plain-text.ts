/**
 * Text that others wrote, made safe to stand in markdown: one line, no links, images, HTML or table breaks.
 * Longer than `limit` characters is cut with an ellipsis.
 */
export function plainText(text: string, limit = 300): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const line = text.replace(/[\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
  const points = [...line];
  const cut =
    points.length > limit
      ? `${points
          .slice(0, limit - 1)
          .join("")
          .trimEnd()}…`
      : line;
  return cut.replace(/[\\`*_[\]<>|#!~]/g, "\\$&").replace(/:\/\//g, ":\\//");
}

/** One line for titles that go into data: control and direction characters out, spaces collapsed. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\s\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}

/** A markdown table; cells are taken as they are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** "a", "a and b", "a, b and c". */
export function listOf(words: readonly string[], last = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
