import { askedWords } from "./coverage.ts";

const GOES_ON = /^\s*(?:and|or|but|also|what about|how about|what if|same|then|so)\b/i;
const POINTS_BACK = /\b(?:it|that|this|they|them|those|these|there|one|ones)\b/i;

/** Words past which a message says by itself what it is about. */
const ENOUGH_WORDS = 3;

/**
 * What to search for, from what a person wrote, the newest last: "and in London?" means little without the
 * question before it. A message that goes on from the one before, or that points back and says little
 * itself, is searched for together with it.
 */
export function followUpQuery(userTexts: readonly string[]): string {
  const last = userTexts.at(-1) ?? "";
  const before = userTexts.at(-2);
  if (before === undefined) return last;
  const words = askedWords(last).length;
  const isFollowUp = words <= ENOUGH_WORDS && (GOES_ON.test(last) || (words <= 1 && POINTS_BACK.test(last)));
  return isFollowUp ? `${followUpQuery(userTexts.slice(-4, -1))}\n${last}` : last;
}
