import { createNext, readCode, readEmphasis, readLink } from "../../read-inline.ts";
import { bareLink, leaves, ownLink, words } from "./rich-text.ts";
import { safeUrl } from "./safe-url.ts";
import type { Leaf } from "./slack-message.ts";

type Style = NonNullable<Leaf["style"]>;
/** Address of the source with this number; null when it has no page, undefined when there is no such source. */
export type SourceOf = (number: number) => string | null | undefined;

const STYLES = { strong: "bold", em: "italic", strike: "strike" } as const;
const MAX_DEPTH = 6;
const WORD = /[\p{L}\p{N}]/u;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const BARE_URL = /https?:\/\/[^\s<>"`|]+/iy;
const AUTO_LINK = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy;
const LINE_BREAK = /<br ?\/?>/iy;
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
  let text = "";

  const next = createNext(source);
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
      const code = readCode(source, i, next, false);
      if (code) {
        push(words(code.text, { ...style, code: true }));
        i = code.end;
        continue;
      }
    }
    if ((char === "*" || char === "_" || char === "~") && depth < MAX_DEPTH) {
      const run = readEmphasis(source, i, next, false);
      if (run) {
        push(
          ...readInline(
            source.slice(run.from, run.to),
            sourceOf,
            { ...style, [STYLES[run.kind]]: true },
            depth + 1,
          ),
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
            readInline(link.words, () => undefined, style, depth + 1),
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
function linkLeaves(link: { words: string; url: string }, inside: readonly Leaf[], style: Style): Leaf[] {
  const href = safeUrl(link.url);
  if (href === null) return leaves(...inside, words(link.url === "" ? "" : ` (${link.url})`, style));
  const shown = href.replace(/^mailto:/, "");
  const isSame = [href, shown, shown.replace(/\/$/, ""), link.url].includes(link.words);
  if (isSame) return [bareLink(href, style)];
  return leaves(
    ...inside,
    words(inside.length > 0 ? " (" : "", style),
    bareLink(href, style),
    words(inside.length > 0 ? ")" : "", style),
  );
}
