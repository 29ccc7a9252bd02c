import { costOf, costOfUnit } from "./block-cost.ts";
import { cutPlace } from "./plain.ts";
import type { Piece } from "./read-markdown.ts";
import { words } from "./rich-text.ts";
import type { Leaf } from "./slack-message.ts";

/** Where one prefers to break, best first: after a paragraph, a line, a sentence, a word. */
const BREAKS = [/\n\n/g, /\n/g, /[.!?…。！？؟]["')\]”’]?\s/gu, /\s/g];

/**
 * A part of at most `room` (see `costOf`) and the rest. Only for pieces that are larger than a whole message;
 * code breaks between its lines where it can, and nothing breaks inside an emoji or a surrogate pair.
 */
export function splitPiece(piece: Piece, room: number): { readonly head: Piece; readonly rest: Piece } {
  if (piece.kind === "code") {
    const [head, rest] = splitText(piece.text, room);
    return { head: { kind: "code", text: head }, rest: { kind: "code", text: rest } };
  }
  if (piece.kind === "rule" || piece.kind === "table")
    throw new TypeError(`a ${piece.kind} is not split here`);
  const [head, rest] = splitLeaves(piece.leaves, room);
  if (piece.kind === "heading") {
    return { head: { kind: "heading", leaves: head }, rest: { kind: "heading", leaves: rest } };
  }
  // The rest of an item goes on as a paragraph: it has no mark of its own.
  const kind = piece.kind === "quote" ? "quote" : "paragraph";
  return { head: { ...piece, leaves: head }, rest: { kind, leaves: rest } };
}

function splitLeaves(all: readonly Leaf[], room: number): [Leaf[], Leaf[]] {
  const head: Leaf[] = [];
  let left = room;
  for (const [i, leaf] of all.entries()) {
    const cost = costOf(leaf) + 1;
    if (cost <= left) {
      head.push(leaf);
      left -= cost;
      continue;
    }
    const after = all.slice(i + 1);
    const overhead = 80;
    // A few words at the end of a message are not worth a break.
    if (leaf.type !== "text" || (head.length > 0 && left < 400)) return [head, [leaf, ...after]];
    const [first, rest] = splitText(leaf.text, left - overhead);
    const keep = words(first, leaf.style);
    const go = words(rest, leaf.style);
    return [keep ? [...head, keep] : head, go ? [go, ...after] : after];
  }
  return [head, []];
}

/** As much of a text as costs at most `room`, and the rest; the white space of the break itself goes. */
export function splitText(text: string, room: number): [string, string] {
  let end = 0;
  let cost = 0;
  while (end < text.length) {
    cost += costOfUnit(text.charCodeAt(end));
    if (cost > room) break;
    end++;
  }
  if (end === text.length) return [text, ""];
  const window = text.slice(0, end);
  for (const pattern of BREAKS) {
    let place = -1;
    for (const match of window.matchAll(pattern)) place = match.index + match[0].length;
    if (place > end * 0.6) return [text.slice(0, place).trimEnd(), text.slice(place)];
  }
  const place = Math.max(1, cutPlace(text, end));
  return [text.slice(0, place), text.slice(place)];
}
