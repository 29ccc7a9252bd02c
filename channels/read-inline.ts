const MAX_LINK_WORDS = 300;
const WORD = /[\p{L}\p{N}]/u;

/** Next place of a mark at or after `from`; -1 when there is none. */
type Next = (mark: string, from: number) => number;

/** Looks for each kind of closing mark once, however often it is asked for: reading stays linear in the text. */
export function createNext(source: string): Next {
  const found = new Map<string, number>();
  return (mark, from) => {
    const known = found.get(mark);
    if (known !== undefined && (known === -1 || known >= from)) return known;
    const at = source.indexOf(mark, from);
    found.set(mark, at);
    return at;
  };
}

/** Code between one or two backticks; `isOpen`: what is not closed yet goes to the end. */
export function readCode(source: string, at: number, next: Next, isOpen: boolean) {
  const fence = source.startsWith("``", at) ? "``" : "`";
  const close = next(fence, at + fence.length);
  if (close === -1) return isOpen ? { text: source.slice(at + fence.length), end: source.length } : null;
  if (close === at + fence.length) return null;
  return { text: source.slice(at + fence.length, close), end: close + fence.length };
}

/** Emphasis at `at`: what it means, where its inside lies, and where it ends; null where the marks are text. */
export function readEmphasis(source: string, at: number, next: Next, isOpen: boolean) {
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
export function readLink(source: string, at: number, next: Next) {
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
