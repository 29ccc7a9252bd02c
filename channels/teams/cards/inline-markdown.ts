import { hiddenHost } from "../../safe-url.ts";
import { foreign } from "./foreign-text.ts";
import { safeUrl } from "./safe-url.ts";

const MAX_DEPTH = 4;
/** Marks in longer lines stay text: looking for their ends would take time that grows with the square. */
const MAX_MARKED_LINE = 4_000;
const LINK =
  /^\[([^\][\n]{0,500})\]\(\s*<?((?:[^()\s<>]|\([^()\s<>]{0,200}\)){1,2000})>?(?:\s+"[^"\n]{0,300}")?\s*\)/;
const IMAGE =
  /^!\[([^\][\n]{0,500})\]\(\s*<?((?:[^()\s<>]|\([^()\s<>]{0,200}\)){1,2000})>?(?:\s+"[^"\n]{0,300}")?\s*\)/;
const AUTOLINK = /^<(https?:\/\/[^\s<>]{1,2000}|mailto:[^\s<>]{1,300})>/i;
const BARE_URL = /^https?:\/\/[^\s<>()[\]*`"']{1,2000}/i;
const CITATION = /^\[(\d{1,2})\]/;
const SPECIAL = /[\\`*_~[\]<&!h]/;

/**
 * One line of markdown as Teams reads it: emphasis, code and links of http, https and mailto stay; HTML, images,
 * mentions and everything else become plain characters. `citations`: how many marks [1] … there are.
 */
export function inlineMarkdown(text: string, citations: number, depth = 0): string {
  if (text.length > MAX_MARKED_LINE || depth > MAX_DEPTH) return escapeText(text);
  let out = "";
  let i = 0;
  while (i < text.length) {
    const char = text.charAt(i);
    if (!SPECIAL.test(char)) {
      out += char;
      i++;
      continue;
    }
    const rest = text.slice(i, i + 3_000);
    const taken = char === "h" ? bareUrl(rest, text.charAt(i - 1)) : markAt(rest, text, i, citations, depth);
    if (taken === null) {
      out += plainMark(char, rest);
      i++;
    } else {
      out += taken.out;
      i += taken.length;
    }
  }
  return out;
}

/** A mark that is only a character. Before the number of a source an exclamation mark must not make it an image. */
function plainMark(char: string, rest: string): string {
  if (char === "&" && /^&#?\w{1,30};/.test(rest)) return "&amp;";
  return rest.startsWith("![") ? "\\!" : escapeText(char);
}

type Taken = { readonly out: string; readonly length: number };

function bareUrl(rest: string, before: string): Taken | null {
  const found = /\w/.test(before) ? null : BARE_URL.exec(rest)?.[0];
  if (!found) return { out: "h", length: 1 };
  const url = found.replace(/[.,;:!?]+$/, "");
  return safeUrl(url) === null
    ? { out: escapeText(url), length: url.length }
    : { out: url, length: url.length };
}

function markAt(rest: string, text: string, i: number, citations: number, depth: number): Taken | null {
  const char = text.charAt(i);
  if (char === "\\") {
    const next = text.charAt(i + 1);
    return /[!-/:-@[-`{-~]/.test(next)
      ? { out: plainMark(next, rest.slice(1)), length: 2 }
      : { out: "\\\\", length: 1 };
  }
  if (char === "`") return code(rest);
  if (char === "[" || char === "!") return link(rest, citations);
  if (char === "<") {
    const url = AUTOLINK.exec(rest);
    const safe = url?.[1] === undefined ? null : safeUrl(url[1]);
    return url && safe !== null ? { out: safe.replace(/^mailto:/, ""), length: url[0].length } : null;
  }
  if (char === "*" || char === "_" || char === "~")
    return emphasis(rest, text.charAt(i - 1), citations, depth);
  return null;
}

function code(rest: string): Taken | null {
  const marks = /^`+/.exec(rest)?.[0] ?? "`";
  const end = rest.indexOf(marks, marks.length);
  const inside = end === -1 ? "" : rest.slice(marks.length, end).trim();
  if (inside === "" || inside.includes("`")) return { out: "\\`".repeat(marks.length), length: marks.length };
  return { out: `\`${inside}\``, length: end + marks.length };
}

function link(rest: string, citations: number): Taken | null {
  const image = IMAGE.exec(rest);
  // An image would be fetched by whoever reads: it could carry what is said to another host.
  const found = image ?? LINK.exec(rest);
  if (found) {
    const words = (found[1] ?? "").trim();
    const url = safeUrl(found[2] ?? "");
    if (url === null) return { out: escapeText(words), length: found[0].length };
    const elsewhere = hiddenHost(words, url);
    const shown = escapeText(`${words === "" ? url : words}${elsewhere === null ? "" : ` (${elsewhere})`}`);
    return { out: `[${shown}](${url})`, length: found[0].length };
  }
  const mark = CITATION.exec(rest);
  const place = Number(mark?.[1] ?? 0);
  return mark && place >= 1 && place <= citations ? { out: mark[0], length: mark[0].length } : null;
}

function emphasis(rest: string, before: string, citations: number, depth: number): Taken | null {
  const mark = /^(?:\*\*|__|~~|\*|_)/.exec(rest)?.[0];
  if (mark === undefined) return null;
  const isWordy = mark.startsWith("_");
  if (isWordy && /[\p{L}\p{N}_]/u.test(before)) return { out: escapeText(mark), length: mark.length };
  if (/^\s|^$/.test(rest.charAt(mark.length))) return { out: escapeText(mark), length: mark.length };
  let end = rest.indexOf(mark, mark.length + 1);
  // A single star must not end at one of two.
  while (end !== -1 && mark.length === 1 && rest.charAt(end + 1) === mark) end = rest.indexOf(mark, end + 2);
  const isOpen = end === -1 || /\s/.test(rest.charAt(end - 1));
  if (isOpen || (isWordy && /[\p{L}\p{N}]/u.test(rest.charAt(end + mark.length))))
    return { out: escapeText(mark), length: mark.length };
  const inside = inlineMarkdown(rest.slice(mark.length, end), citations, depth + 1);
  return { out: `${mark}${inside}${mark}`, length: end + mark.length };
}

/** Words as no client reads anything into: marks of markdown behind a backslash, HTML as entities. */
export function escapeText(text: string): string {
  return foreign(text)
    .replace(/[\\`*_~[\]]/g, "\\$&")
    .replace(/&(?=#?\w{1,30};)/g, "&amp;")
    .replace(/</g, "&lt;");
}
