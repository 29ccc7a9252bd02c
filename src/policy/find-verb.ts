import { DETERMINERS, LIGHT_VERBS, NOUN_VERBS, wordsForTool } from "./verb-lexicon.ts";

const IRREGULAR: Readonly<Record<string, readonly string[]>> = {
  send: ["sent"],
  pay: ["paid"],
  make: ["made", "making"],
  put: ["putting"],
  set: ["setting"],
  write: ["wrote", "written"],
  let: ["letting"],
  get: ["got", "getting"],
  bring: ["brought"],
  give: ["gave", "given"],
  take: ["took", "taken"],
  find: ["found"],
  tell: ["told"],
  hold: ["held"],
  meet: ["met"],
  go: ["went"],
  do: ["did", "done"],
  buy: ["bought"],
  win: ["won", "winning"],
  lose: ["lost"],
  drop: ["dropped"],
  throw: ["threw", "thrown"],
  build: ["built"],
  begin: ["began", "begun"],
  forget: ["forgot"],
  leave: ["left"],
  draw: ["drew", "drawn"],
};
const NEGATIONS = new Set([
  "not",
  "dont",
  "never",
  "without",
  "nor",
  "no",
  "neither",
  "avoid",
  "stop",
  "cannot",
  "cant",
]);
/** A negation this many words before a verb is about it: "do not ever send", not "if not, please send". */
const REACH = 2;
const MAX_GAP = 3;

/**
 * Whether one of the verbs (base forms; "set up" is two words with up to three between them) stands among
 * the words and is not negated. Inflections count: books, booked, booking.
 */
export function findVerb(
  words: readonly string[],
  verbs: readonly string[],
  isForOthers = false,
): string | null {
  for (const verb of verbs) {
    const parts = verb
      .toLowerCase()
      .split(/[\s-]+/)
      .filter(Boolean);
    const [first, ...rest] = parts;
    if (!first) continue;
    for (let at = 0; at < words.length; at++) {
      if (!isForm(words[at] ?? "", first) || !follows(words, at, rest)) continue;
      if (isThing(words, at, first) || isReport(words, at, first)) continue;
      if (isForOthers && TO_ASKER.test(words[at + 1] ?? "")) continue;
      if (!isNegated(words, at)) return verb;
    }
  }
  return null;
}

/** "Tell me" asks for an answer, not for a message to somebody. */
const TO_ASKER = /^(?:me|us|myself)$/;
/** Words between a light verb and the deed it makes: "make a quick, friendly payment". */
const NOUN_REACH = 5;

/**
 * Whether the words ask for a tool: by one of its verbs or a verb of the same meaning, or by the name of the
 * deed ("make a payment"), not negated. Returns the word that did.
 */
export function findRequest(
  words: readonly string[],
  tool: { readonly name: string; readonly effect: string; readonly verbs: readonly string[] },
): string | null {
  const { verbs, nouns } = wordsForTool(tool);
  const verb = findVerb(words, tool.verbs) ?? findVerb(words, verbs, tool.effect !== "egress");
  if (verb) return verb;
  for (let at = 0; at < words.length; at++) {
    if (!LIGHT_VERBS.some((light) => isForm(words[at] ?? "", light)) || isNegated(words, at)) continue;
    const after = words.slice(at + 1, at + 1 + NOUN_REACH);
    const end = after.findIndex((word) => word === "|" || NEGATIONS.has(word));
    const found = (end < 0 ? after : after.slice(0, end)).find((word) =>
      nouns.some((noun) => word === noun || word === `${noun}s`),
    );
    if (found) return found;
  }
  return null;
}

/** Before a past form, within so many words, when it is wanted: "please have it sent", "it should be moved". */
const WANTED = /^(?:be|been|being|have|get|want|wants|need|needs|like|is|are|see|it|them|this|that)$/;
const WANTED_REACH = 3;

/** "What Ada wrote": says what somebody did. */
function isReport(words: readonly string[], at: number, verb: string): boolean {
  const word = words[at] ?? "";
  if (word === verb || !isPast(word, verb)) return false;
  const before = words.slice(Math.max(0, at - WANTED_REACH), at);
  const start = before.lastIndexOf("|");
  const near = before.slice(start + 1);
  // A sentence that begins with it is short for "I want it …".
  return near.length > 0 && !near.some((item) => WANTED.test(item));
}

function isPast(word: string, verb: string): boolean {
  return /ed$/.test(word) || (IRREGULAR[verb]?.some((form) => form === word && !/ing$/.test(form)) ?? false);
}

/** "Her email", "the posts": what could be a verb is a thing here. "I plan to change the …" is not. */
function isThing(words: readonly string[], at: number, verb: string): boolean {
  const word = words[at] ?? "";
  if (!NOUN_VERBS.has(verb) || (word !== verb && word !== `${verb}s`)) return false;
  return word !== verb || DETERMINERS.test(words[at - 1] ?? "");
}

function follows(words: readonly string[], from: number, rest: readonly string[]): boolean {
  let at = from;
  for (const part of rest) {
    const next = words
      .slice(at + 1, at + 2 + MAX_GAP)
      .findIndex((word) => word === part || isForm(word, part));
    if (next < 0 || words.slice(at + 1, at + 2 + next).includes("|")) return false;
    at += next + 1;
  }
  return true;
}

function isNegated(words: readonly string[], at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back <= REACH; back--) {
    const word = words[back] ?? "";
    if (word === "|" || word === "please" || word === "then" || word === "just") return false;
    if (NEGATIONS.has(word)) return true;
  }
  return false;
}

function isForm(word: string, verb: string): boolean {
  if (word === verb) return true;
  if (IRREGULAR[verb]?.includes(word)) return true;
  if (verb.length < 2 || word.length > verb.length + 4 || word[0] !== verb[0]) return false;
  const stem = verb.endsWith("e") ? verb.slice(0, -1) : verb;
  const isY = /[^aeiou]y$/.test(verb);
  const last = verb.at(-1) ?? "";
  return (
    word === `${verb}s` ||
    word === `${verb}es` ||
    word === `${stem}ed` ||
    word === `${stem}ing` ||
    word === `${verb}${last}ed` ||
    word === `${verb}${last}ing` ||
    (isY && (word === `${verb.slice(0, -1)}ies` || word === `${verb.slice(0, -1)}ied`))
  );
}
