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
const MAX_LINK_WORDS = 300;
const WORD = /[\p{L}\p{N}]/u;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const BARE_URL = /^https?:\/\/[^\s<>"`]+/i;

/**
 * Reads emphasis, code, links, references and breaks. Linear in the text: each kind of closing mark is
 * searched forward once, its place remembered.
 */
export function parseInline(source: string, options: InlineOptions, depth = 0): readonly Inline[] {
  const out: Inline[] = [];
  const found = new Map<string, number>();
  let text = "";
  let i = 0;

  /** Next place of `mark` at or after `from`; -1 when there is none. */
  const next = (mark: string, from: number): number => {
    const known = found.get(mark);
    if (known !== undefined && (known === -1 || known >= from)) return known;
    const at = source.indexOf(mark, from);
    found.set(mark, at);
    return at;
  };
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

type Next = (mark: string, from: number) => number;

function readCode(source: string, at: number, next: Next, isOpen: boolean) {
  const fence = source.startsWith("``", at) ? "``" : "`";
  const close = next(fence, at + fence.length);
  if (close === -1) return isOpen ? { text: source.slice(at + fence.length), end: source.length } : null;
  if (close === at + fence.length) return null;
  return { text: source.slice(at + fence.length, close), end: close + fence.length };
}

function readEmphasis(source: string, at: number, next: Next, isOpen: boolean) {
  const char = source.charAt(at);
  const isDouble = source.charAt(at + 1) === char;
  if (char === "~" && !isDouble) return null;
  const mark = isDouble ? char + char : char;
  const from = at + mark.length;
  const before = source.charAt(at - 1);
  const after = source.charAt(from);
  if (after === "" || /\s/.test(after) || after === char) return null;
  // Marks inside a word are part of it: invoice_2027_03.pdf, 4*3*2.
  if (WORD.test(before) && (char === "_" || /\d/.test(before))) return null;
  const kind = char === "~" ? ("strike" as const) : isDouble ? ("strong" as const) : ("em" as const);
  const close = next(mark, from);
  if (close === -1) {
    return isOpen && kind === "strong" ? { kind, from, to: source.length, end: source.length } : null;
  }
  if (/\s/.test(source.charAt(close - 1))) return null;
  if (char === "_" && WORD.test(source.charAt(close + mark.length))) return null;
  return { kind, from, to: close, end: close + mark.length };
}

/** `[words](url)` or `[words](url "title")` at `at`, with balanced brackets in the words. */
function readLink(source: string, at: number, next: Next) {
  const middle = next("](", at + 1);
  if (middle === -1 || middle - at > MAX_LINK_WORDS) return null;
  const words = source.slice(at + 1, middle);
  let open = 0;
  for (const char of words) {
    if (char === "[") open++;
    else if (char === "]" && --open < 0) return null;
  }
  if (open !== 0) return null;
  const target = /^<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\)/.exec(
    source.slice(middle + 2, middle + 2_100),
  );
  if (!target) return null;
  return { words, url: target[1] ?? "", end: middle + 2 + target[0].length };
}
