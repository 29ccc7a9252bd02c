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
export function findVerb(words: readonly string[], verbs: readonly string[]): string | null {
  for (const verb of verbs) {
    const parts = verb
      .toLowerCase()
      .split(/[\s-]+/)
      .filter(Boolean);
    const [first, ...rest] = parts;
    if (!first) continue;
    for (let at = 0; at < words.length; at++) {
      if (!isForm(words[at] ?? "", first) || !follows(words, at, rest)) continue;
      if (!isNegated(words, at)) return verb;
    }
  }
  return null;
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
