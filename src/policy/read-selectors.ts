import type { UserWords } from "./user-words.ts";

/** What a superlative compares: words for the field, and what its values are. */
export type Measure = "size" | "price" | "rating" | "time" | "length" | "number";

/** "the largest file", "the second cheapest of them", "the channel with the most messages". */
export type Superlative = {
  readonly direction: "most" | "least";
  readonly measure: Measure;
  /** For "the highest X", "the most X": words of the field or of what is counted. */
  readonly field: readonly string[];
  /** 1 for the largest, 2 for the second largest. */
  readonly rank: number;
  /** The words right after it: what kind is meant, unless it is "one" or "of them". */
  readonly nouns: readonly string[];
  /** What follows the noun and narrows it ("under 200", "that Ben owns"); null when nothing does. */
  readonly condition: readonly string[] | null;
  readonly text: string;
};

/** "all files", "every channel", "each of the invoices that are overdue". */
export type Quantifier = {
  readonly nouns: readonly string[];
  readonly condition: readonly string[] | null;
  /** What a preposition right after the noun says of where or whose: "from Ada", "in general", "on Monday". */
  readonly scope: readonly string[];
  readonly text: string;
};

export type Selectors = {
  readonly superlatives: readonly Superlative[];
  readonly quantifiers: readonly Quantifier[];
};

type Word = readonly [direction: "most" | "least", measure: Measure];
const WORDS: Readonly<Record<string, Word>> = {
  largest: ["most", "size"],
  biggest: ["most", "size"],
  heaviest: ["most", "size"],
  smallest: ["least", "size"],
  tiniest: ["least", "size"],
  lightest: ["least", "size"],
  latest: ["most", "time"],
  newest: ["most", "time"],
  last: ["most", "time"],
  earliest: ["least", "time"],
  oldest: ["least", "time"],
  first: ["least", "time"],
  soonest: ["least", "time"],
  next: ["least", "time"],
  upcoming: ["least", "time"],
  cheapest: ["least", "price"],
  priciest: ["most", "price"],
  dearest: ["most", "price"],
  best: ["most", "rating"],
  worst: ["least", "rating"],
  longest: ["most", "length"],
  shortest: ["least", "length"],
};
/** Of two words; what they compare, or the words of a field that come next. */
const PAIRS: Readonly<Record<string, Word>> = {
  "most recent": ["most", "time"],
  "least recent": ["least", "time"],
  "most expensive": ["most", "price"],
  "most costly": ["most", "price"],
  "least expensive": ["least", "price"],
  "least costly": ["least", "price"],
  "most affordable": ["least", "price"],
  "top rated": ["most", "rating"],
  "best rated": ["most", "rating"],
  "highest rated": ["most", "rating"],
  "lowest rated": ["least", "rating"],
  "worst rated": ["least", "rating"],
  "highest rating": ["most", "rating"],
  "best rating": ["most", "rating"],
  "lowest rating": ["least", "rating"],
  "highest price": ["most", "price"],
  "lowest price": ["least", "price"],
};
const OF_FIELD: Readonly<Record<string, "most" | "least">> = {
  highest: "most",
  greatest: "most",
  maximum: "most",
  most: "most",
  lowest: "least",
  fewest: "least",
  least: "least",
  minimum: "least",
};
const RANKS: Readonly<Record<string, number>> = { second: 2, third: 3, fourth: 4, fifth: 5 };
const QUANTIFIERS = new Set(["all", "every", "each", "both", "everyone", "everybody", "anyone", "anybody"]);
const PEOPLE = new Set(["everyone", "everybody", "anyone", "anybody"]);
const SKIPPED = new Set([
  "of",
  "the",
  "my",
  "our",
  "your",
  "these",
  "those",
  "them",
  "existing",
  "available",
  "present",
  "current",
  "one",
  "ones",
  "item",
  "items",
  "other",
  "single",
  "person",
]);
const STOPS = new Set([
  "|",
  "and",
  "then",
  "to",
  "please",
  "in",
  "from",
  "on",
  "for",
  "at",
  "of",
  "by",
  "a",
  "the",
  "is",
  "are",
  "as",
  "so",
  "into",
  "onto",
  "via",
  "using",
  "saying",
  "because",
  "when",
  "by",
]);
/** Words that begin what narrows a choice. */
const NARROWING = new Set([
  "that",
  "which",
  "who",
  "whose",
  "with",
  "without",
  "under",
  "over",
  "above",
  "below",
  "except",
  "but",
  "not",
  "excluding",
  "other",
  "besides",
  "between",
  "than",
  "where",
  "named",
  "called",
  "containing",
  "shared",
  "owned",
  "created",
  "sent",
  "marked",
  "if",
  "unless",
  "having",
]);

/** "Share all files with Ben": who receives, not which files. */
const TAKES_WITH = /^(?:share|sharing|meet|schedule|book|discuss|talk|speak|replace|merge|combine)$/;

const known = new WeakMap<UserWords, Selectors>();

/** The selectors in the current request; read once. */
export function readSelectors(said: UserWords): Selectors {
  const cached = known.get(said);
  if (cached) return cached;
  const words = said.spokenWords;
  const superlatives: Superlative[] = [];
  const quantifiers: Quantifier[] = [];
  for (let at = 0; at < words.length && superlatives.length + quantifiers.length < 50; at++) {
    const superlative = superlativeAt(words, at);
    if (superlative) superlatives.push(superlative);
    const word = words[at] ?? "";
    if (QUANTIFIERS.has(word)) {
      const nouns = PEOPLE.has(word) ? ["people"] : nounsAfter(words, at + 1);
      const from = PEOPLE.has(word) ? at + 1 : at + 1 + skippedAt(words, at + 1) + nouns.length;
      quantifiers.push({
        nouns,
        condition: conditionAt(words, from),
        scope: scopeAt(words, from),
        text: [word, ...nouns].join(" "),
      });
    }
  }
  const selectors = { superlatives, quantifiers };
  known.set(said, selectors);
  return selectors;
}

function superlativeAt(words: readonly string[], at: number): Superlative | null {
  const word = words[at] ?? "";
  const rank = RANKS[words[at - 1] ?? ""] ?? 1;
  const pair = PAIRS[`${word} ${words[at + 1] ?? ""}`];
  if (pair) return build(words, at, 2, pair[0], pair[1], [], rank);
  if (Object.hasOwn(WORDS, word)) {
    const [direction, measure] = WORDS[word] ?? ["most", "number"];
    return build(words, at, 1, direction, measure, [], rank);
  }
  const direction = Object.hasOwn(OF_FIELD, word) ? OF_FIELD[word] : undefined;
  if (!direction) return null;
  const field = nounsAfter(words, at + 1);
  if (field.length === 0) return null;
  // "The channel with the most users", "the deal with the highest amount": what is meant stands before it.
  const before = words.slice(Math.max(0, at - 5), at);
  const link = Math.max(before.lastIndexOf("with"), before.lastIndexOf("has"), before.lastIndexOf("having"));
  const nouns =
    link > 0 ? before.slice(Math.max(0, link - 2), link).filter((item) => !SKIPPED.has(item)) : field;
  const end = at + 1 + skippedAt(words, at + 1) + field.length;
  return {
    direction,
    measure: "number",
    field,
    rank,
    nouns,
    condition: conditionAt(words, end),
    text: [word, ...field].join(" "),
  };
}

function build(
  words: readonly string[],
  at: number,
  length: number,
  direction: Superlative["direction"],
  measure: Measure,
  field: readonly string[],
  rank: number,
): Superlative {
  const after = nounsAfter(words, at + length);
  const before = words.slice(Math.max(0, at - 4), at);
  const link = before.lastIndexOf("with");
  const nouns =
    link > 0 ? before.slice(Math.max(0, link - 2), link).filter((item) => !SKIPPED.has(item)) : after;
  const end = at + length + skippedAt(words, at + length) + after.length;
  const text = words.slice(at, at + length).join(" ");
  return { direction, measure, field, rank, nouns, condition: conditionAt(words, end), text };
}

function skippedAt(words: readonly string[], from: number): number {
  let count = 0;
  while (SKIPPED.has(words[from + count] ?? "|")) count++;
  return count;
}

/** Up to three words after `from` that can be a noun with its adjectives. */
function nounsAfter(words: readonly string[], from: number): readonly string[] {
  const nouns: string[] = [];
  for (let at = from + skippedAt(words, from); at < words.length && nouns.length < 3; at++) {
    const word = words[at] ?? "|";
    if (STOPS.has(word) || NARROWING.has(word)) break;
    nouns.push(word);
  }
  return nouns;
}

const PREPOSITION =
  /^(?:from|by|about|of|in|on|at|for|regarding|mentioning|older|newer|since|after|before|containing|during|between)$/;

function scopeAt(words: readonly string[], from: number): readonly string[] {
  if (!PREPOSITION.test(words[from] ?? "")) return [];
  const scope: string[] = [];
  for (const word of words.slice(from + 1, from + 9)) {
    if (
      word === "|" ||
      word === "and" ||
      word === "then" ||
      word === "to" ||
      word === "please" ||
      word === "with"
    )
      break;
    scope.push(word);
  }
  return scope;
}

/** What narrows the choice within the next words; a place ("in the drive") does not. */
function conditionAt(words: readonly string[], from: number): readonly string[] | null {
  const rest: string[] = [];
  for (const word of words.slice(from, from + 14)) {
    if (word === "|") break;
    rest.push(word);
  }
  const isTaken = words.slice(Math.max(0, from - 12), from).some((word) => TAKES_WITH.test(word));
  const at = rest.findIndex((word) => NARROWING.has(word) && !(word === "with" && isTaken));
  // A new clause ("… and send it to Ben with a note") is about something else.
  const clause = rest.findIndex((word) => word === "and" || word === "then" || word === "to");
  if (at < 0 || (clause >= 0 && clause < at)) return null;
  return rest.slice(at);
}
