import { isDisguised, phraseOf, wordsOf } from "./canonical-text.ts";
import { findVerb } from "./find-verb.ts";
import { groundTime } from "./ground-time.ts";
import { FROM_USER, type Ground, type Grounding, type GroundValue } from "./grounding.ts";
import type { LedgerRecord } from "./ledger.ts";
import { hasSaid, hasSaidName, type UserWords } from "./user-words.ts";

/** Words that a title may add to the user's own: they say nothing by themselves. */
const FILLER = new Set(
  "a an and the of for to in on at by with from about re meeting call chat sync catch up catchup discussion follow followup lunch coffee 1 one".split(
    " ",
  ),
);

/** A title is grounded when the user wrote it, or it is made of the user's words, of names they meant and of filler. */
export const groundTitle: GroundValue = (value, _spec, grounding) => {
  const words = wordsOf(String(value));
  if (words.length === 0) return FROM_USER;
  if (hasSaid(grounding.said, words)) return FROM_USER;
  for (const target of grounding.targets) {
    const bare = words.filter((word) => word !== "re" && word !== "fwd" && word !== "fw");
    if (bare.join(" ") === target.titleWords.join(" "))
      return { rule: "G3", text: `the title of "${target.ref.title}"` };
  }
  const filled = filledTemplate(String(value), grounding);
  if (filled) return filled;
  const names = knownNames(grounding);
  const isOwn = (word: string) => FILLER.has(word) || grounding.said.words.has(word) || names.has(word);
  if (words.every(isOwn) && words.some((word) => !FILLER.has(word)))
    return { rule: "G1", text: "from your words" };
  const called = recordCalledIn(words, grounding);
  const rest = called ? without(words, called.titleWords) : words;
  return called && rest.every(isOwn) && rest.some((word) => !FILLER.has(word))
    ? { rule: "G3", text: `your words and the name of "${called.ref.title}"` }
    : null;
};

/** "Dinner at {restaurant}": the user's own pattern, its blanks filled with names that our records have. */
function filledTemplate(value: string, { said, ledger }: Grounding): Ground {
  for (const [template] of said.text.matchAll(
    /[^"“”„‘'’«»\n{}]{0,120}\{[^{}\n]{1,60}\}[^"“”„‘'’«»\n{}]{0,120}/g,
  )) {
    const [before = "", after = ""] = template.split(/\{[^{}]*\}/);
    // Where the pattern begins in its sentence cannot be told without quotation marks: the longest beginning that fits.
    const start = longestEnd(before, value);
    const end = longestStart(after, value.slice(start));
    const blank = wordsOf(value.slice(start, value.length - end)).join(" ");
    if (start + end === 0 || blank === "") continue;
    const record = ledger.records.find(
      (item) => !item.isTitleExternal && item.titleWords.join(" ") === blank,
    );
    if (record) return { rule: "G3", text: `your pattern with the name of "${record.ref.title}"` };
  }
  return null;
}

/** How many characters at the start of `value` are an end of `text`. */
function longestEnd(text: string, value: string): number {
  for (let length = Math.min(text.length, value.length); length > 0; length--)
    if (text.endsWith(value.slice(0, length))) return length;
  return 0;
}

function longestStart(text: string, value: string): number {
  for (let length = Math.min(text.length, value.length); length > 0; length--)
    if (text.startsWith(value.slice(-length))) return length;
  return 0;
}

/** The record with the longest trusted title that stands in the words as a whole. */
function recordCalledIn(words: readonly string[], { ledger }: Grounding): LedgerRecord | null {
  const phrase = phraseOf(words);
  let best: LedgerRecord | null = null;
  for (const record of ledger.records) {
    const { titleWords, isTitleExternal } = record;
    if (isTitleExternal || titleWords.length === 0 || titleWords.length >= words.length) continue;
    if (phrase.includes(phraseOf(titleWords)) && titleWords.length > (best?.titleWords.length ?? 0))
      best = record;
  }
  return best;
}

function without(words: readonly string[], run: readonly string[]): readonly string[] {
  const at = words.findIndex((_, i) => run.every((word, k) => words[i + k] === word));
  return at < 0 ? words : [...words.slice(0, at), ...words.slice(at + run.length)];
}

const MAX_TITLE_WORDS = 10;

/**
 * A short title that the model made up: no more than what a body may say, once all that it goes to and is about
 * follows from the user's words. What stands in a text from outside is not made up, and long numbers are not
 * words.
 */
export function isHarmlessTitle(value: string, { said, ledger }: Grounding): boolean {
  const words = wordsOf(value);
  if (words.length > MAX_TITLE_WORDS || value.length > 80 || isDisguised(value)) return false;
  if (words.some((word) => /\d{4}/.test(word) && !said.words.has(word))) return false;
  const phrase = phraseOf(words);
  return words.length < 2 || !ledger.externalPhrases.some((text) => text.includes(phrase));
}

function knownNames({ people, directory, principal }: Grounding): ReadonlySet<string> {
  const names = new Set(wordsOf(principal.name));
  for (const id of people.keys()) for (const word of wordsOf(directory.find(id)?.name ?? "")) names.add(word);
  return names;
}

/** An enumerated value by the words for it, a number by its figure, other text by itself; or a trusted field of the record meant. */
export const groundTyped: GroundValue = (value, spec, grounding, arg) => {
  const { said, targets } = grounding;
  if (spec.part === "duration") return groundTime(value, spec, grounding, arg);
  if (typeof value === "boolean") return groundFlag(value, spec, grounding, arg);
  if (spec.choices) {
    const own = Object.hasOwn(spec.choices, String(value)) ? (spec.choices[String(value)] ?? []) : null;
    if (!own) return null;
    const isSaid = [String(value), ...own].some((word) => hasSaidChoice(word, said));
    if (isSaid) return FROM_USER;
  } else if (hasSaidName(said, String(value))) return FROM_USER;
  else if (Number.isFinite(Number(value)) && said.numbers.some((number) => number.value === Number(value)))
    return FROM_USER;
  for (const target of targets) {
    const isField = target.facts.some(
      (fact) =>
        fact.value === value &&
        fact.kind !== null &&
        fact.kind !== "text" &&
        fact.label.integrity === "system",
    );
    if (isField) return { rule: "G4", text: `in "${target.ref.title}"` };
  }
  return null;
};

/** A choice by its words or a form of its verb; a sign such as "€" as it stands. */
function hasSaidChoice(word: string, said: UserWords): boolean {
  const words = wordsOf(word);
  if (words.length === 0) return word.trim() !== "" && said.text.includes(word.trim());
  return hasSaid(said, words) || findVerb(said.spokenWords, [word]) !== null;
}

/** A switch is grounded when the user wrote of it: a word of its name or label, or one of its choices. */
export const groundFlag: GroundValue = (value, spec, grounding, arg) => {
  const choices = spec.choices?.[String(value)] ?? [];
  if (choices.some((word) => hasSaid(grounding.said, wordsOf(word)))) return FROM_USER;
  const names = [
    ...wordsOf(arg.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " ")),
    ...wordsOf(spec.label),
  ];
  const telling = names.filter((word) => word.length > 3);
  return telling.some((word) => findVerb(grounding.said.spokenWords, [word]) !== null) ? FROM_USER : null;
};

/** Free text that leaves the company (a web search): mostly the user's words, and no figure that is not theirs. */
export const groundEgressText: GroundValue = (value, _spec, grounding) => {
  const words = wordsOf(String(value)).filter((word) => !FILLER.has(word));
  if (words.length === 0) return FROM_USER;
  const foreign = words.filter((word) => !grounding.said.words.has(word));
  const hasFigure = foreign.some((word) => /\d/.test(word) || word.length > 24);
  return !hasFigure && foreign.length * 2 <= words.length
    ? { rule: "G1", text: "mostly your own words" }
    : null;
};
