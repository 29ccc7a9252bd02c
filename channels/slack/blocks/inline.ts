import { bareLink, leaves, ownLink, words } from "./rich-text.ts";
import { safeUrl } from "./safe-url.ts";
import type { Leaf } from "./slack-message.ts";

type Style = NonNullable<Leaf["style"]>;
/** Address of the source with this number; null when it has no page, undefined when there is no such source. */
export type SourceOf = (number: number) => string | null | undefined;

const MAX_DEPTH = 6;
const MAX_LINK_WORDS = 300;
const WORD = /[\p{L}\p{N}]/u;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const BARE_URL = /https?:\/\/[^\s<>"`|]+/iy;
const AUTO_LINK = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy;
const LINE_BREAK = /<br ?\/?>/iy;
const TARGET = /\]\(<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\)/y;
const SOURCE = /\[(\d{1,3})\](?!\()/y;

function at(pattern: RegExp, source: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place;
  return pattern.exec(source);
}

/**
 * Reads emphasis, code, links and references of one block of markdown into leaves of a rich text. Linear in the
 * text: each kind of closing mark is looked for once. A link shows where it leads; what may not be opened is
 * shown as words with its address in plain text, so that nothing said is lost.
 */
export function readInline(source: string, sourceOf: SourceOf, style: Style = {}, depth = 0): Leaf[] {
  const out: (Leaf | null)[] = [];
  const known = new Map<string, number>();
  let text = "";

  const next = (mark: string, from: number): number => {
    const last = known.get(mark);
    if (last !== undefined && (last === -1 || last >= from)) return last;
    const place = source.indexOf(mark, from);
    known.set(mark, place);
    return place;
  };
  const push = (...more: readonly (Leaf | null)[]) => {
    if (text !== "") out.push(words(text, style));
    text = "";
    out.push(...more);
  };

  let i = 0;
  while (i < source.length) {
    const char = source.charAt(i);
    if (char === "\\" && ESCAPABLE.test(source.charAt(i + 1))) {
      text += source.charAt(i + 1);
      i += 2;
      continue;
    }
    if (char === "`") {
      const code = readCode(source, i, next);
      if (code) {
        push(words(code.text, { ...style, code: true }));
        i = code.end;
        continue;
      }
    }
    if ((char === "*" || char === "_" || char === "~") && depth < MAX_DEPTH) {
      const run = readEmphasis(source, i, next);
      if (run) {
        push(
          ...readInline(source.slice(run.from, run.to), sourceOf, { ...style, [run.kind]: true }, depth + 1),
        );
        i = run.end;
        continue;
      }
    }
    if (char === "[" || (char === "!" && source.charAt(i + 1) === "[")) {
      const open = char === "[" ? i : i + 1;
      const reference = char === "[" ? at(SOURCE, source, i) : null;
      const page = reference ? sourceOf(Number(reference[1])) : undefined;
      if (reference && page !== undefined) {
        push(page === null ? words(reference[0], style) : ownLink(page, reference[0]));
        i += reference[0].length;
        continue;
      }
      const link = depth < MAX_DEPTH ? readLink(source, open, next) : null;
      if (link) {
        // What describes a picture does not grow together with the word before it.
        if (open > i && WORD.test(source.charAt(i - 1))) text += " ";
        push(
          ...linkLeaves(
            link,
            readInline(link.label, () => undefined, style, depth + 1),
            style,
          ),
        );
        i = link.end;
        continue;
      }
    }
    if (char === "<") {
      const auto = at(AUTO_LINK, source, i);
      const href = auto ? safeUrl(auto[1] ?? "") : null;
      if (auto && href !== null) {
        push(bareLink(href, style));
        i += auto[0].length;
        continue;
      }
      const lineBreak = at(LINE_BREAK, source, i);
      if (lineBreak) {
        text += "\n";
        i += lineBreak[0].length;
        continue;
      }
    }
    if ((char === "h" || char === "H") && !WORD.test(source.charAt(i - 1))) {
      const bare = at(BARE_URL, source, i)?.[0].replace(/[.,;:!?)\]}'*_~]{1,20}$/, "");
      const href = bare === undefined ? null : safeUrl(bare);
      if (bare !== undefined && href !== null) {
        push(bareLink(href, style));
        i += bare.length;
        continue;
      }
    }
    text += char;
    i++;
  }
  push();
  return leaves(...out);
}

/** Words, then the address where it leads; the address alone when the words say the same. */
function linkLeaves(link: { label: string; url: string }, inside: readonly Leaf[], style: Style): Leaf[] {
  const href = safeUrl(link.url);
  if (href === null) return leaves(...inside, words(link.url === "" ? "" : ` (${link.url})`, style));
  const shown = href.replace(/^mailto:/, "");
  const isSame = [href, shown, shown.replace(/\/$/, ""), link.url].includes(link.label);
  if (isSame) return [bareLink(href, style)];
  return leaves(
    ...inside,
    words(inside.length > 0 ? " (" : "", style),
    bareLink(href, style),
    words(inside.length > 0 ? ")" : "", style),
  );
}

type Next = (mark: string, from: number) => number;

function readCode(source: string, place: number, next: Next) {
  const fence = source.startsWith("``", place) ? "``" : "`";
  const close = next(fence, place + fence.length);
  if (close <= place + fence.length) return null;
  return { text: source.slice(place + fence.length, close), end: close + fence.length };
}

function readEmphasis(source: string, place: number, next: Next) {
  const char = source.charAt(place);
  const isDouble = source.charAt(place + 1) === char;
  if (char === "~" && !isDouble) return null;
  const mark = isDouble ? char + char : char;
  const from = place + mark.length;
  const before = source.charAt(place - 1);
  const after = source.charAt(from);
  if (after === "" || /\s/.test(after) || after === char) return null;
  // Marks inside a word are part of it: invoice_2027_03.pdf, 4*3*2.
  if (WORD.test(before) && (char === "_" || /\d/.test(before))) return null;
  const to = next(mark, from);
  if (to === -1 || /\s/.test(source.charAt(to - 1))) return null;
  if (char === "_" && WORD.test(source.charAt(to + mark.length))) return null;
  const kind = char === "~" ? "strike" : isDouble ? "bold" : "italic";
  return { kind, from, to, end: to + mark.length } as const;
}

/** `[words](address)` at `open`, with balanced brackets in the words. */
function readLink(source: string, open: number, next: Next) {
  const middle = next("](", open + 1);
  if (middle === -1 || middle - open > MAX_LINK_WORDS) return null;
  const label = source.slice(open + 1, middle);
  let depth = 0;
  for (const char of label) {
    if (char === "[") depth++;
    else if (char === "]" && --depth < 0) return null;
  }
  const target = depth === 0 ? at(TARGET, source, middle) : null;
  return target ? { label, url: target[1] ?? "", end: middle + target[0].length } : null;
}
