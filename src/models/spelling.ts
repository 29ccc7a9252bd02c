import { isFunctionWord, stemOf, wordsOf } from "./words.ts";

export type Speller = {
  /** The text with slips of the fingers written as the words that were meant; without any it comes back as it is. */
  correct(text: string): string;
  /** Whether a word, or another form of it, is in the vocabulary. */
  knows(word: string): boolean;
};

/** Two slips in one word are only believed from this length on. */
const LONG = 8;
const MOST_WORDS = 60;

/**
 * A speller over a vocabulary, the commoner words of which win. A word is only changed when nobody knows it, it is
 * written in small letters, and exactly one slip away (two in long words) from a known word: a swap of neighbours,
 * or a letter more, less or another after the same first letter.
 * @param texts whatever the words are to be known from
 */
export function createSpeller(texts: readonly string[]): Speller {
  const counts = new Map<string, number>();
  for (const word of texts.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const stems = new Set([...counts.keys()].map(stemOf));
  const byLength = Map.groupBy(counts.keys(), (word) => word.length);
  const memo = new Map<string, string>();

  const knows = (word: string) => isFunctionWord(word) || counts.has(word) || stems.has(stemOf(word));

  function correct(word: string): string {
    if (word.length < 3 || knows(word)) return word;
    const reach = word.length >= LONG ? 2 : 1;
    let best = word;
    let rank = Number.POSITIVE_INFINITY;
    for (let length = word.length - reach; length <= word.length + reach; length++)
      for (const known of byLength.get(length) ?? []) {
        if (known.length < 3) continue;
        const slips = slipsBetween(word, known, reach);
        if (slips === null) continue;
        const own = slips - Math.min(0.9, (counts.get(known) ?? 0) / 1_000);
        if (own < rank) [best, rank] = [known, own];
      }
    return best;
  }

  function correctAll(text: string): string {
    let seen = 0;
    return text.replace(/\p{L}+(?:['’]\p{L}+)?/gu, (token, at: number) => {
      seen += 1;
      const isPart =
        /[@.\d_/-]$/.test(text.slice(0, at)) || /^[@\d_/]|^\.\p{L}/u.test(text.slice(at + token.length));
      if (seen > MOST_WORDS || isPart || /['’]/.test(token) || token !== token.toLowerCase()) return token;
      const known = memo.get(token) ?? correct(token);
      if (memo.size < 2_000) memo.set(token, known);
      return known;
    });
  }

  return { correct: correctAll, knows };
}

/** How many slips lie between two words, or null for more than `most` or another kind of difference. */
function slipsBetween(word: string, known: string, most: number): number | null {
  if (word.length === known.length && word.length >= 3) {
    const at = [...word].findIndex((letter, i) => letter !== known[i]);
    const isSwap =
      at >= 0 &&
      word[at] === known[at + 1] &&
      word[at + 1] === known[at] &&
      word.slice(at + 2) === known.slice(at + 2);
    if (isSwap) return 0.9;
  }
  if (Math.min(word.length, known.length) < 3 || Math.max(word.length, known.length) < 4) return null;
  if (word[0] !== known[0]) return null;
  const slips = distance(word, known);
  return slips <= most ? slips : null;
}

function distance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  let before: number[] = [];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
