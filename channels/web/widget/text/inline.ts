import { createNext, readCode, readEmphasis, readLink } from "../../../read-inline.ts";
import { safeUrl } from "../../../safe-url.ts";

/** A run of text with its meaning. Leaves hold plain text that is only ever shown as text. */
export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "em" | "strike"; readonly children: readonly Inline[] }
  | {
      readonly kind: "link";
      readonly href: string;
      readonly words: string;
      readonly children: readonly Inline[];
    }
  | { readonly kind: "cite"; readonly number: number }
  | { readonly kind: "break" };

export type InlineOptions = {
  /** How many citations there are: `[n]` up to it becomes a reference. */
  readonly citations: number;
  /** Still being written: what is opened and not closed yet counts as open to the end. */
  readonly isOpen: boolean;
};

const MAX_DEPTH = 6;
const WORD = /[\p{L}\p{N}]/u;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const BARE_URL = /^https?:\/\/[^\s<>"`]+/i;

/**
 * Reads emphasis, code, links, references and breaks. Linear in the text: each kind of closing mark is
 * searched forward once, its place remembered.
 */
export function parseInline(source: string, options: InlineOptions, depth = 0): readonly Inline[] {
  const out: Inline[] = [];
  const next = createNext(source);
  let text = "";
  let i = 0;

  const push = (node: Inline) => {
    if (text !== "") out.push({ kind: "text", text });
    text = "";
    out.push(node);
  };
  const inner = (part: string) => parseInline(part, options, depth + 1);

  while (i < source.length) {
    const char = source.charAt(i);
    if (char === "\\" && ESCAPABLE.test(source.charAt(i + 1))) {
      text += source.charAt(i + 1);
      i += 2;
      continue;
    }
    if (char === "\n") {
      text = text.trimEnd();
      push({ kind: "break" });
      i++;
      continue;
    }
    if (char === "`") {
      const code = readCode(source, i, next, options.isOpen && depth === 0);
      if (code) {
        push({ kind: "code", text: code.text });
        i = code.end;
        continue;
      }
    }
    if ((char === "*" || char === "_" || char === "~") && depth < MAX_DEPTH) {
      const run = readEmphasis(source, i, next, options.isOpen && depth === 0);
      if (run) {
        push({ kind: run.kind, children: inner(source.slice(run.from, run.to)) });
        i = run.end;
        continue;
      }
    }
    if (char === "[") {
      const cite = /^\[(\d{1,2})\](?!\()/.exec(source.slice(i, i + 5));
      const number = Number(cite?.[1]);
      if (cite && number >= 1 && number <= options.citations) {
        text = text.trimEnd();
        push({ kind: "cite", number });
        i += cite[0].length;
        continue;
      }
      const link = depth < MAX_DEPTH ? readLink(source, i, next) : null;
      if (link) {
        const href = safeUrl(link.url);
        // An address that may not be opened leaves its words, so that nothing said is lost.
        if (href === null) text += link.words;
        else push({ kind: "link", href, words: link.words, children: inner(link.words) });
        i = link.end;
        continue;
      }
    }
    if (char === "!" && source.charAt(i + 1) === "[" && readLink(source, i + 1, next)) {
      i++; // An image is never fetched: it is shown as a link with its description.
      continue;
    }
    if ((char === "h" || char === "H") && !WORD.test(source.charAt(i - 1))) {
      const bare = BARE_URL.exec(source.slice(i, i + 2_000))?.[0].replace(/[.,;:!?)\]}'*_~]+$/, "");
      const href = bare === undefined ? null : safeUrl(bare);
      if (bare !== undefined && href !== null) {
        push({ kind: "link", href, words: bare, children: [{ kind: "text", text: bare }] });
        i += bare.length;
        continue;
      }
    }
    text += char;
    i++;
  }
  if (text !== "") out.push({ kind: "text", text });
  return out;
}
