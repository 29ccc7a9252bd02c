import type { Citation, Passage } from "../types/passage.ts";
import { sentencesOf } from "./planner/sentences.ts";
import { contentStems } from "./words.ts";

/** Turns the passage numbers a model writes into numbers of the citations it really uses, as the words come. */
export type CitationNumbers = {
  /** Takes a piece of text, gives what can be shown of it now. */
  push(delta: string): string;
  /** What is left at the end. */
  flush(): string;
  /** Cited passages in the order of first use: `[1]` is the first. */
  citations(text: string): readonly Citation[];
};

/** A marker that may still grow: "[", "[1", "[1,". */
const OPEN = /\[[\d,\s]{0,20}$/;
const MARKER = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

/** @param passages in the order the prompt numbered them, from 1 */
export function createCitationNumbers(passages: readonly Passage[]): CitationNumbers {
  const order: number[] = [];
  let held = "";
  const renumber = (text: string) =>
    text.replace(MARKER, (whole, inside: string) => {
      const numbers = inside.split(",").map((n) => Number(n.trim()));
      if (!numbers.every((n) => n >= 1 && n <= passages.length)) return whole;
      return numbers
        .map((n) => {
          if (!order.includes(n)) order.push(n);
          return `[${order.indexOf(n) + 1}]`;
        })
        .join("");
    });
  return {
    push(delta) {
      const text = held + delta;
      const open = OPEN.exec(text);
      held = open ? open[0] : "";
      return renumber(open ? text.slice(0, open.index) : text);
    },
    flush() {
      const rest = renumber(held);
      held = "";
      return rest;
    },
    citations: (text) =>
      order.flatMap((n, i) => {
        const passage = passages[n - 1];
        if (!passage) return [];
        const quote = bestSentence(passage.text, claimBefore(text, i + 1));
        return [{ document: passage.document, title: passage.title, passage: passage.id, quote }];
      }),
  };
}

/** The sentence that a marker stands behind. */
function claimBefore(text: string, number: number): string {
  const at = text.indexOf(`[${number}]`);
  const before = text.slice(Math.max(0, at - 400), Math.max(0, at)).trim();
  return before.split(/(?<=[.!?])\s+|\n/).at(-1) ?? before;
}

/** The sentence of a passage that shares most words with a claim, exactly as it stands there. */
function bestSentence(passage: string, claim: string): string {
  const said = new Set(contentStems(claim));
  let best = "";
  let most = -1;
  for (const { text: sentence } of sentencesOf(passage)) {
    const score = contentStems(sentence).filter((s) => said.has(s)).length;
    if (score > most) {
      most = score;
      best = sentence;
    }
  }
  return best || passage.slice(0, 200);
}
