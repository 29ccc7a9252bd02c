import { canonicalText, phraseOf, wordsOf } from "./canonical-text.ts";
import { type Address, findAddresses } from "./find-addresses.ts";
import { readNumbers, type SaidNumber } from "./said-numbers.ts";
import { readTimes, type SaidTimes } from "./said-times.ts";

/** A message of the acting user. */
export type UserText = {
  readonly text: string;
  readonly at: Date;
  /**
   * Whether it belongs to the request being carried out: this turn's message, and the ones before it that
   * its question-and-answer chain began with. Verbs count only in these.
   */
  readonly isCurrent: boolean;
};

/** What the acting user wrote in a session, read once for all calls of a turn. */
export type UserWords = {
  readonly texts: readonly UserText[];
  /** All words, newest message last, with breaks between messages; for whole-word search by `includes`. */
  readonly phrase: string;
  readonly currentPhrase: string;
  /** The words of the current request without quoted blocks, "|" after each sentence, for finding verbs. */
  readonly spokenWords: readonly string[];
  readonly words: ReadonlySet<string>;
  /** Everything as written, canonical, for exact search of paths and ids. */
  readonly text: string;
  /** What the user put between quotation marks, as words. */
  readonly quoted: ReadonlySet<string>;
  readonly tokens: ReadonlySet<string>;
  readonly numbers: readonly SaidNumber[];
  readonly times: readonly SaidTimes[];
  /** Whether the user wrote the address (canonical) outside of what they pasted. */
  has(kind: Address["kind"], value: string): boolean;
  /** Whether it stands anywhere in the user's messages. */
  hasAnywhere(kind: Address["kind"], value: string): boolean;
};

const BREAK = " | ";
/** Addresses, and texts of several words between quotation marks: what a verb in them says is not asked for. */
const NOT_SPOKEN =
  /\S+@\S+|(?:https?:\/\/|www\.)\S+|"[^"\n]*\s[^"\n]*"|“[^”\n]*\s[^”\n]*”|«[^»\n]*\s[^»\n]*»|(?<![\p{L}\p{N}])['‘][^'‘’\n]*\s[^'‘’\n]*['’](?![\p{L}\p{N}])/gu;
/** A line break ends a sentence where something new begins, not where a line was merely wrapped. */
const SENTENCE_END = /(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*•\d]|\p{Lu}))/u;
const MAX_CHARS = 20_000;
const MAX_TEXTS = 50;
/** Parts that a person pasted rather than said: fenced blocks, quoted lines and forwarded mail. */
const PASTED =
  /```[\s\S]*?(?:```|(?![\s\S]))|^[ \t]*>.*$|^-{2,}[ \t]*(?:original|forwarded) message[\s\S]*(?![\s\S])/gim;

/** Reads the user's messages: the last 50, each up to 20,000 characters. `locale` decides day-month order. */
export function readUserTexts(texts: readonly UserText[], zone: string, locale: string): UserWords {
  const kept = texts
    .slice(-MAX_TEXTS)
    .map((item) => ({ ...item, text: canonicalText(item.text.slice(0, MAX_CHARS)) }));
  const spoken = kept.map((item) => item.text.replace(PASTED, " "));
  const perText = kept.map((item) => wordsOf(item.text));
  const current = kept.flatMap((item, i) => (item.isCurrent ? [i] : []));
  const addresses = new Set(
    spoken.flatMap((text) => findAddresses(text)).map(({ kind, value }) => `${kind} ${value}`),
  );
  const text = kept.map((item) => item.text).join("\n");
  let anywhere: ReadonlySet<string> | null = null;
  let times: readonly SaidTimes[] | null = null;
  return {
    texts: kept,
    phrase: phraseOf(
      perText
        .map((words) => words.join(" "))
        .join(BREAK)
        .split(" "),
    ),
    currentPhrase: phraseOf(
      current
        .map((i) => (perText[i] ?? []).join(" "))
        .join(BREAK)
        .split(" "),
    ),
    spokenWords: current.flatMap((i) =>
      (spoken[i] ?? "")
        .replace(NOT_SPOKEN, " ")
        .replace(/n['’]t\b/gi, " not ")
        .split(SENTENCE_END)
        .flatMap((sentence) => [...wordsOf(sentence), "|"]),
    ),
    words: new Set(perText.flat()),
    text,
    quoted: new Set(
      [...text.matchAll(/["“”„'‘’«]([^"“”„'‘’«»\n]{1,200})["“”'‘’»]/g)].map((match) =>
        wordsOf(match[1] ?? "").join(" "),
      ),
    ),
    tokens: new Set(
      spoken
        .flatMap((part) => part.split(/[\s"'“”‘’`,;()<>[\]{}]+/))
        .map((token) => token.replace(/[.!?:]+$/, "")),
    ),
    numbers: spoken.flatMap((part) => readNumbers(part)),
    get times() {
      times ??= kept.map((item) => readTimes(item.text, item.at, zone, locale));
      return times;
    },
    has: (kind, value) => addresses.has(`${kind} ${value}`),
    hasAnywhere(kind, value) {
      anywhere ??= new Set(
        kept.flatMap((item) => findAddresses(item.text)).map((found) => `${found.kind} ${found.value}`),
      );
      return anywhere.has(`${kind} ${value}`);
    },
  };
}

/** Whether the words stand in the user's messages one after the other, as whole words. */
export function hasSaid(said: UserWords, words: readonly string[]): boolean {
  return words.length > 0 && said.phrase.includes(phraseOf(words));
}

/** Letters, digits and the marks that names have; a dot only where an abbreviation ends. */
const NAME = /^(?:[\p{L}\p{M}\p{N}\s'’&,()+-]|\.(?=\s|$))+$/u;

/**
 * Whether the user wrote a name, whatever its case and punctuation. What has other signs in it ("@", "/",
 * "://") could mean something else to a tool than to the user, and must stand in the message as it is.
 */
export function hasSaidName(said: UserWords, name: string): boolean {
  return NAME.test(name) ? hasSaid(said, wordsOf(name)) : hasSaidExactly(said, name);
}

/** Whether the text stands in the user's messages as a whole, not as part of a longer path or name. */
export function hasSaidExactly(said: UserWords, value: string): boolean {
  if (value.length < 2) return false;
  for (let at = said.text.indexOf(value); at >= 0; at = said.text.indexOf(value, at + 1)) {
    const before = said.text[at - 1] ?? " ";
    const after = said.text.slice(at + value.length, at + value.length + 2);
    if (!/[\p{L}\p{N}/\\._~-]/u.test(before) && !/^(?:[\p{L}\p{N}/\\_-]|\.[\p{L}\p{N}])/u.test(after))
      return true;
  }
  return false;
}
