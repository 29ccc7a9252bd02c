import { isFunctionWord, wordsOf } from "../models/words.ts";
import type { WordCount } from "../store/documents/count-words.ts";

const MAX_WORDS = 24;

/** The words of a question that say what it is about, in order, each once. */
export function askedWords(text: string): readonly string[] {
  return [...new Set(wordsOf(text).filter((word) => !isFunctionWord(word)))].slice(0, MAX_WORDS);
}

/**
 * What share of a question's words a passage has, rare words counting more: 0 to 1, comparable between
 * questions, and without a word that no readable passage has the question cannot reach 1.
 */
export function coverageOf(
  matched: readonly string[],
  counts: readonly WordCount[],
  passages: number,
): number {
  let all = 0;
  let found = 0;
  for (const { word, passages: count, isIndexed } of counts) {
    if (!isIndexed) continue;
    const weight = Math.log(1 + (passages + 1) / (count + 0.5));
    all += weight;
    if (matched.includes(word)) found += weight;
  }
  return all === 0 ? 0 : found / all;
}

/**
 * How likely a passage answers the question, 0 to 1: a logistic curve over coverage and cosine. Fitted on
 * half the XQuAD questions with and without their own paragraph and 124 questions about the demo company
 * with and without an answer. At .5 it takes about 85 of 100 passages that answer and 4 of 100 best
 * passages of questions that have no answer; where all passages are about one subject, 20 of 100.
 * @param similarity null where there are no vectors
 */
export function fitOf(coverage: number, similarity: number | null): number {
  const near = Math.max(0, similarity ?? 0);
  const sum =
    similarity === null ? -3.9 + 7.3 * coverage : -5.7 + 3.4 * coverage + 5.8 * near + 5.7 * coverage * near;
  return 1 / (1 + Math.exp(-sum));
}
