/**
 * A name as it may be shown: control characters and marks that turn the direction of text are taken out, so
 * that "invoice\u202Efdp.exe" cannot pass for a PDF.
 */
export function plainName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "");
}

/** Markdown as it is read aloud: words without marks and addresses, the first 2,000 characters. */
export function spoken(markdown: string): string {
  return markdown
    .slice(0, 2_000)
    .replace(/^[ \t]*\|?[-:| ]+\|[-:| ]*$/gm, "")
    .replace(/!?\[([^\]\n]{0,300})\]\([^)\s]{0,2000}\)/g, "$1")
    .replace(/\[\d{1,2}\]/g, "")
    .replace(/^[ \t]*(?:#{1,6}|[-*+>]|```.*)[ \t]*/gm, "")
    .replace(/[*`|]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
