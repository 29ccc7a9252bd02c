import { findOthersName } from "../../types/others-name.ts";
import type { Directory, Principal } from "../../types/principal.ts";
import { stemOf } from "../words.ts";

/** Words of a text that mean a person: one candidate is sure, several must be asked, none is unknown. */
export type PersonSpan = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly people: readonly Principal[];
  /** An address that is not in the directory, in lower case. */
  readonly address: string | null;
  readonly how: "name" | "title" | "address" | "self" | "manager" | "pronoun";
};

/** First names that are also everyday words: only with a capital letter, and not at the start. */
const WORD_NAMES = new Set(
  "will mark may rose grace hope art bill sue pat rob jack frank grant dean april june august summer joy faith bob max drew chance miles".split(
    " ",
  ),
);
const MONTH_NAMES = new Set(["april", "june", "august"]);

/** Whether a word that is a name and a month stands where a month does ("in June", "30 June"). */
function isMonth(text: string, from: number, to: number): boolean {
  return (
    /(?:\d(?:st|nd|rd|th)?(?: of)?|\b(?:in|by|until|till|since|next|last|this|early|late|mid|before|after|during))[\s-]+$/i.test(
      text.slice(0, from),
    ) || /^\s+\d/.test(text.slice(to))
  );
}

/** Words of a title that mean the same in talk. */
const RANKS: Readonly<Record<string, string>> = {
  lead: "head",
  leader: "head",
  chief: "head",
  director: "head",
  vp: "head",
  boss: "head",
  ceo: "head executive",
  cfo: "head finance",
  accounting: "finance",
  hr: "people",
  personnel: "people",
  ops: "operations",
};
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}/gu;
const LONGEST = 4_000;

const fold = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();

function titleWords(text: string): string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w && w !== "of" && w !== "the" && w !== "and")
    .flatMap((w) => (RANKS[w] ?? w).split(" "))
    .map(stemOf);
}

/** All people a text speaks of, left to right, longest reading first. `self` words are included. */
export function findPeople(text: string, directory: Directory, principal: Principal): readonly PersonSpan[] {
  const part = text.slice(0, LONGEST);
  const found: PersonSpan[] = [];
  const add = (span: PersonSpan) => {
    if (!found.some((f) => f.from < span.to && span.from < f.to)) found.push(span);
  };
  for (const m of part.matchAll(EMAIL)) {
    const address = m[0].toLowerCase();
    const known = directory.find(address);
    add({
      from: m.index,
      to: m.index + m[0].length,
      text: m[0],
      people: known ? [known] : [],
      address: known ? null : address,
      how: "address",
    });
  }
  const tokens = [...part.matchAll(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
    raw: m[0],
    word: fold(m[0]),
  }));
  const names = directory.people.map((person) => ({ person, words: fold(person.name).split(/\s+/) }));
  const firstNames = new Set(names.map(({ words }) => words[0]));
  for (const [i, token] of tokens.entries()) {
    for (let length = Math.min(3, tokens.length - i); length >= 1; length--) {
      const run = tokens.slice(i, i + length);
      const last = run.at(-1) ?? token;
      if (length > 1 && /[.,;:?!\n]/.test(part.slice(token.from, last.to))) continue;
      const words = run.map((t) => t.word);
      const matches = names.filter(({ words: own }) => isNameOf(words, own));
      const others = matches.map(({ words: own }) =>
        length > 1 ? null : findOthersName(part, token.from, last.to, own, (word) => firstNames.has(word)),
      );
      const people = matches.filter((_, at) => others[at] === null).map(({ person }) => person);
      const [other] = people.length === 0 ? others : [];
      if (other) {
        add({ ...other, text: part.slice(other.from, other.to), people: [], address: null, how: "name" });
        break;
      }
      if (people.length === 0) continue;
      const isWordName = length === 1 && WORD_NAMES.has(token.word);
      if (
        isWordName && MONTH_NAMES.has(token.word)
          ? isMonth(part, token.from, last.to)
          : isWordName && (token.raw === token.word || i === 0)
      )
        continue;
      add({
        from: token.from,
        to: last.to,
        text: part.slice(token.from, last.to),
        people,
        address: null,
        how: "name",
      });
      break;
    }
  }
  addTitles(part, tokens, directory, add);
  addSelf(part, directory, principal, add);
  return found.sort((a, b) => a.from - b.from);
}

/** Whether words are a whole name, its first or its last part. */
function isNameOf(words: readonly string[], own: readonly string[]): boolean {
  if (words.length === 1) {
    const word = words[0] ?? "";
    return word.length >= 2 && (own[0] === word || own.at(-1) === word);
  }
  return words.length <= own.length && words[0] === own[0] && words.at(-1) === own.at(-1);
}

const OF_EVENT =
  /^(?:interview|meeting|call|review|talk|sync|training|workshop|session|lunch|dinner|visit|appointment)s?$/;

type Token = { from: number; to: number; raw: string; word: string };

function addTitles(
  text: string,
  tokens: readonly Token[],
  directory: Directory,
  add: (span: PersonSpan) => void,
): void {
  const titled = directory.people.map((person) => ({ person, words: titleWords(person.title) }));
  const known = new Set(titled.flatMap((t) => t.words));
  for (const [i, token] of tokens.entries()) {
    if (!["the", "our", "your", "a", "an", "my"].includes(token.word)) continue;
    for (let length = Math.min(6, tokens.length - i - 1); length >= 1; length--) {
      const run = tokens.slice(i + 1, i + 1 + length);
      const last = run.at(-1);
      if (!last || /[.,;:?!\n]/.test(text.slice(token.from, last.to))) continue;
      if (/^(?:of|the|and)$/.test(last.word)) continue;
      // "The accountant interview" is a meeting, and nobody in the directory.
      const next = tokens[i + 1 + length];
      if (next && /^\s+$/.test(text.slice(last.to, next.from)) && OF_EVENT.test(next.word)) continue;
      const words = titleWords(run.map((t) => t.word).join(" "));
      if (words.length === 0 || !words.every((w) => known.has(w))) continue;
      const all = titled.filter((t) => words.every((w) => t.words.includes(w)));
      // One word says a title only when it is the whole of it ("the accountant"), not a part ("the sales").
      const whole = all.filter((t) => t.words.every((w) => words.includes(w)));
      const people = (whole.length > 0 ? whole : words.length > 1 ? all : []).map((t) => t.person);
      if (people.length === 0) continue;
      add({
        from: token.from,
        to: last.to,
        text: text.slice(token.from, last.to),
        people,
        address: null,
        how: "title",
      });
      break;
    }
  }
}

function addSelf(
  text: string,
  directory: Directory,
  principal: Principal,
  add: (span: PersonSpan) => void,
): void {
  for (const m of text.matchAll(/\bmy (?:line )?(?:manager|boss|supervisor)\b/gi)) {
    const manager = principal.manager ? directory.find(principal.manager) : null;
    add({
      from: m.index,
      to: m.index + m[0].length,
      text: m[0],
      people: manager ? [manager] : [],
      address: null,
      how: "manager",
    });
  }
  for (const m of text.matchAll(/\b(?:myself|me|I|my|mine)\b/g))
    add({
      from: m.index,
      to: m.index + m[0].length,
      text: m[0],
      people: [principal],
      address: null,
      how: "self",
    });
}
