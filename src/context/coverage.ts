import { alternativesOf, isKindOf } from "../models/synonyms.ts";
import { isFunctionWord, isPassingWord, wordsOf } from "../models/words.ts";
import type { WordCount } from "../store/documents/count-words.ts";

const MAX_WORDS = 24;

/** The words of a question that say what it is about, in order, each once. */
export function askedWords(text: string): readonly string[] {
  // "I'm", "don't", "can't": without this they become rare words that no document has.
  const whole = text.replace(/\b\p{L}+n['’]t\b/giu, " ").replace(/['’](?:m|re|ve|ll|d)\b/gi, " ");
  const words = [...new Set(wordsOf(whole).filter((word) => !isFunctionWord(word)))];
  const telling = words.filter((word) => !isPassingWord(word));
  return (telling.length > 0 ? telling : words).slice(0, MAX_WORDS);
}

/** A word of the question, with the other words that may stand for it in the documents. */
export type AskedTerm = {
  readonly word: string;
  readonly alternatives: readonly string[];
  /** How telling it is: the rarer, the more. */
  readonly weight: number;
};

/** A word in no more of the readable passages than this: its alternatives are looked for too. */
const RARE_SHARE = 0.05;

/** How much a word counts when only another word for it occurs. */
const ALTERNATIVE_SHARE = 0.8;
/** How much it counts when only the kind of thing occurs: a rule for devices may be one for keyboards. */
const KIND_SHARE = 0.45;

/** All words whose counts `askedTerms` wants to know. */
export function wordsToCount(words: readonly string[]): readonly string[] {
  return [...new Set([...words, ...words.flatMap(alternativesOf)])];
}

/** Weighs the words of a question, and finds which other words are worth looking for. */
export function askedTerms(
  words: readonly string[],
  counted: { readonly words: readonly WordCount[]; readonly passages: number },
): readonly AskedTerm[] {
  const counts = new Map(counted.words.map((one) => [one.word, one]));
  const rare = Math.max(2, counted.passages * RARE_SHARE);
  return words.flatMap((word): AskedTerm[] => {
    const own = counts.get(word);
    if (!own?.isIndexed) return [];
    const alternatives =
      own.passages > rare
        ? []
        : alternativesOf(word).filter((other) => (counts.get(other)?.passages ?? 0) > 0);
    // A kind of thing is no measure of how telling its name is: "France" stays rare where "abroad" is common.
    const same = alternatives.filter((other) => !isKindOf(word, other));
    const common = Math.max(own.passages, ...same.map((other) => counts.get(other)?.passages ?? 0));
    return [{ word, alternatives, weight: Math.log(1 + (counted.passages + 1) / (common + 0.5)) }];
  });
}

/**
 * What share of a question's words a passage has, telling words counting more: 0 to 1, comparable between
 * questions. With a word that no readable passage has, in any wording, it cannot reach 1.
 */
export function coverageOf(matched: readonly string[], terms: readonly AskedTerm[]): number {
  let all = 0;
  let found = 0;
  for (const { word, alternatives, weight } of terms) {
    all += weight;
    if (matched.includes(word)) found += weight;
    else found += weight * Math.max(0, ...alternatives.map((other) => shareOf(word, other, matched)));
  }
  return all === 0 ? 0 : found / all;
}

const shareOf = (word: string, other: string, matched: readonly string[]) =>
  !matched.includes(other) ? 0 : isKindOf(word, other) ? KIND_SHARE : ALTERNATIVE_SHARE;

/**
 * How likely a passage answers the question, 0 to 1: a logistic curve over coverage and cosine. Fitted on
 * a sixth of the XQuAD questions with and without their own paragraph and 124 questions about the demo company
 * with and without an answer. At .5 it takes about 90 of 100 passages that answer and 4 of 100 best
 * passages of questions that have no answer; where all passages are about one subject, 20 of 100.
 * @param similarity null where there are no vectors
 */
export function fitOf(coverage: number, similarity: number | null): number {
  const near = Math.max(0, similarity ?? 0);
  const sum =
    similarity === null ? -3.9 + 7.3 * coverage : -6 + 4.6 * coverage + 4.5 * near + 5.9 * coverage * near;
  return 1 / (1 + Math.exp(-sum));
}
