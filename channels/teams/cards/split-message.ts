import { whole } from "./foreign-text.ts";
import type { MarkdownLine, Table } from "./teams-markdown.ts";

/** A message of its own: markdown, and the table that follows it. */
export type MessagePart = { readonly text: string; readonly table: Table | null };

const FENCE_LINE = "```";

/** Bytes of a text as it is sent: in JSON quotes and backslashes count twice. */
const wireBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/**
 * Puts lines into as few parts of at most `maxBytes` (on the wire) as their order allows. A part ends between paragraphs where
 * it can, else between lines, words, and at last characters; code that goes on in the next part is fenced in both.
 */
export function splitMessage(lines: readonly MarkdownLine[], maxBytes: number): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  let open: string[] = [];
  let bytes = 0;
  let isCode = false;

  const close = (table: Table | null = null) => {
    if (isCode) open.push(FENCE_LINE);
    const text = open.join("\n").replace(/^\n+|\s+$/g, "");
    if (text !== "" || table !== null) parts.push({ text, table });
    open = isCode && table === null ? [FENCE_LINE] : [];
    if (table !== null) isCode = false;
    bytes = size(open);
  };
  const add = (text: string) => {
    open.push(text);
    bytes += wireBytes(text) + 2;
  };
  const setCode = (wanted: boolean) => {
    if (wanted === isCode) return;
    add(FENCE_LINE);
    isCode = wanted;
  };

  for (const [place, line] of lines.entries()) {
    if (line.kind === "table") {
      setCode(false);
      close(line.table);
      continue;
    }
    setCode(line.kind === "code");
    for (const piece of pieces(line.text, maxBytes - 200)) {
      if (bytes + wireBytes(piece) + 8 > maxBytes) close();
      add(piece);
    }
    // Near the end a border between paragraphs is a better place than the middle of the next one.
    const isBorder = line.kind === "line" && line.text === "";
    if (isBorder && bytes > maxBytes * 0.8 && place < lines.length - 1) close();
  }
  if (isCode) {
    open.push(FENCE_LINE);
    isCode = false;
  }
  close();
  return parts;
}

const size = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + wireBytes(line) + 2, 0);

/** A line that is longer than a whole part, cut at a space where there is one near, never inside a character. */
function pieces(text: string, maxBytes: number): string[] {
  const out: string[] = [];
  let rest = text;
  while (wireBytes(rest) > maxBytes) {
    let start = whole(rest, maxBytes);
    // Characters have one to four bytes: what does not fit is cut to its share.
    for (let bytes = wireBytes(start); bytes > maxBytes; bytes = wireBytes(start))
      start = whole(rest, Math.min(start.length - 1, Math.floor((start.length * maxBytes) / bytes)));
    const space = start.lastIndexOf(" ");
    const end = space > start.length * 0.8 ? space : start.length;
    out.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^ /, "");
  }
  return [...out, rest];
}
