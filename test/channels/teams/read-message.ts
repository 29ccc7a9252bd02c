/** What a person reads of a message in Teams: marks taken as its clients take them, code as it stands. */
export function readMessage(markdown: string): string {
  return markdown
    .split(/^```$/m)
    .map((part, place) => (place % 2 === 1 ? part : readWords(part)))
    .join("");
}

const readWords = (markdown: string): string =>
  markdown
    .replace(/\\([!-/:-@[-`{-~])|\*\*|&lt;|&gt;|&amp;/g, (mark, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      return mark === "&lt;" ? "<" : mark === "&gt;" ? ">" : mark === "&amp;" ? "&" : "";
    })
    .replaceAll("\u2060", "");
