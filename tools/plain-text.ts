/**
 * Text that others wrote, made safe to stand in markdown: one line, no links, images, HTML or table breaks.
 * Longer than `limit` characters is cut with an ellipsis.
 */
export function plainText(text: string, limit = 300): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_C}\u2028\u2029]+/gu, " ")
    .trim();
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
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Bidi_C}]+/gu, " ")
    .trim();
}

/** Text of several lines as it may be stored: no control or direction characters, no broken surrogates. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Bidi_C}]/gu, "")
    .trim();
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
